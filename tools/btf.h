// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_BTF_H
#define BAREBPF_TOOLS_BTF_H

#include <cstdint>
#include <string>
#include <vector>

namespace barebpf::tool
{

// A type of BTF that a key or value may have.
struct btf_entry {
    uint32_t id;
    std::string kind; // "struct", "int", ...
    std::string name;
};

// Raw BTF from a file.
class btf_file
{
public:
    // Throws a failure when there is no such file or it is not raw BTF. `keyword` is what the path was given
    // for.
    btf_file(const char *keyword, const std::string &path);

    // The id of the type with this name; throws a failure when there is none, or several.
    uint32_t id_of(const char *keyword, const std::string &name) const;

    const std::vector<char> &bytes() const { return bytes_; }

private:
    std::string path_;
    std::vector<char> bytes_;
    std::vector<btf_entry> entries_;
};

} // namespace barebpf::tool

#endif
