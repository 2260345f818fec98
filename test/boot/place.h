// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_BOOT_PLACE_H
#define BAREBPF_TEST_BOOT_PLACE_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Where the boot tests work: a bpffs of their own, which no other process sees.
namespace barebpf::test
{

// What this process lacks for a place; empty if it has all.
std::string missing_for_place();

// A directory with an empty bpffs in a mount namespace of this process; removed at the end.
class place
{
public:
    place();
    ~place();
    place(const place &) = delete;
    place &operator=(const place &) = delete;

    std::string path(const std::string &name) const { return directory + "/" + name; }

    // Every file and directory below, sorted.
    std::vector<std::string> names() const;

private:
    std::string directory;
};

// A pin's attributes.
struct pin_attributes {
    uint32_t mode, uid, gid;
    bool operator==(const pin_attributes &) const = default;
};
std::optional<pin_attributes> attributes_of(const std::string &path);

// The id of the map pinned at a path, 0 if there is none; found by system calls of this test's own.
uint32_t id_of_pin(const std::string &path);
uint32_t id_of_map(int fd);

// The open descriptors of this process.
std::vector<int> open_descriptors();

} // namespace barebpf::test

#endif
