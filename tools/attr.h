// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_ATTR_H
#define BAREBPF_TOOLS_ATTR_H

#include <cstdint>
#include <string>
#include <vector>

#include "description.h"
#include "output.h"

namespace barebpf::tool
{

// One member of the kernel's struct for BPF_MAP_CREATE.
struct member {
    size_t offset;
    size_t size;
    std::string name;
    uint64_t value;         // 0 for map_name
    std::string text;       // map_name
    std::string unresolved; // the word that only the kernel can turn into a value
};

// The bytes that would be passed to bpf(2), and what they mean.
std::vector<unsigned char> attr_bytes(const description &wanted);
std::vector<member> attr_members(const std::vector<unsigned char> &bytes, const description &wanted);

// For people: the bytes by offset, with dots for zeros, and a line for each member.
std::string attr_text(const std::vector<unsigned char> &bytes, const std::vector<member> &members);
json attr_json(const std::vector<unsigned char> &bytes, const std::vector<member> &members);

// A note on standard error where a name is longer than the kernel has room for.
void warn_of_cut(const char *name);

// What create would do, without doing it: the same and the memory the map would take.
void dry_run(const description &wanted, format form);

// barebpf attr: shows what create would pass to bpf(2), without calling it.
void attr(const std::vector<const char *> &words, format form);

} // namespace barebpf::tool

#endif
