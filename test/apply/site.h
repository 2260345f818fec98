// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_APPLY_SITE_H
#define BAREBPF_TEST_APPLY_SITE_H

#include <string>
#include <vector>

namespace barebpf::test
{

// A program takes about twenty times as long in a virtual machine, where the command is at the root.
bool is_in_virtual_machine();

// What this process lacks for a site; empty if it has all.
std::string missing_for_site();

// What an error that the kernel did not mean may change about a map, since apply takes it at its word.
struct tolerance {
    bool nameless = false;   // EINVAL: as from a kernel without names
    bool incomplete = false; // ENOENT, ENOSPC: the end of the old map, or of the room in the new one
    bool attributes = false; // EPERM: as from a bpffs without rename(2), where a pin gets its attributes last
};

// A directory with a map file, in a mount namespace of this process.
class site
{
public:
    // With `used` a bpffs is mounted, and has two maps that the file describes otherwise, and what a killed
    // run left.
    explicit site(bool used);
    ~site();
    site(const site &) = delete;
    site &operator=(const site &) = delete;

    // Everything but the file as at first.
    void reset();

    std::vector<std::string> command() const; // that applies the file
    static std::vector<std::string> command_for(const std::string &file);
    const std::string &file() const { return path_of_file; }

    // A pin that is neither absent, nor as it was, nor complete; empty without one.
    std::string half_made(const tolerance &allowed) const;
    // What is not as the file says; empty if all is.
    std::string unfinished(const tolerance &allowed) const;
    // Reserved names.
    std::vector<std::string> leftovers() const;

private:
    std::string root, path_of_file, bpffs;
    bool is_used;
};

} // namespace barebpf::test

#endif
