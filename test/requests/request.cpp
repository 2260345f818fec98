// SPDX-License-Identifier: BSD-2-Clause
#include "request.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "objects.h"

namespace barebpf::test
{
namespace
{

std::string hexadecimal(uint64_t number)
{
    char text[24];
    std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(number));
    return text;
}

std::string hexadecimal_bytes(const char *bytes, size_t count)
{
    std::string all;
    char text[4];
    for (size_t i = 0; i < count; i++) {
        std::snprintf(text, sizeof(text), "%02x", static_cast<unsigned char>(bytes[i]));
        all += text;
    }
    return all;
}

// True if a shell and the command line accept the name as it is.
bool is_a_word(const char (&name)[16])
{
    const char *end = std::find(name, name + sizeof(name), '\0');
    return name[0] && end != name + sizeof(name) &&
           std::all_of(name, end,
                       [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                  (c >= '0' && c <= '9') || c == '_' || c == '.';
                       }) &&
           std::all_of(end, name + sizeof(name), [](char c) { return !c; });
}

struct remark {
    const char *what;
    uint64_t number;
};

// Members that are set and have no word, since descriptors are the test's own.
std::string remarks_on(const request &req)
{
    const map_create_attr &attr = req.attr;
    const remark remarks[] = {
        {"inner_map_fd", attr.inner_map_fd},
        {"numa_node", attr.map_flags & BAREBPF_F_NUMA_NODE ? 0 : attr.numa_node},
        {"map_ifindex", attr.map_ifindex},
        {"btf_fd", attr.btf_fd},
        {"btf_key_type_id", attr.btf_key_type_id},
        {"btf_value_type_id", attr.btf_value_type_id},
        {"btf_vmlinux_value_type_id", attr.btf_vmlinux_value_type_id},
        {"value_type_btf_obj_fd", static_cast<uint32_t>(attr.value_type_btf_obj_fd)},
        {"map_token_fd", static_cast<uint32_t>(attr.map_token_fd)},
        {"excl_prog_hash", attr.excl_prog_hash},
        {"excl_prog_hash_size", attr.excl_prog_hash_size},
    };
    std::string all = req.size == map_create_attr_size ? "" : " size " + std::to_string(req.size);
    for (const remark &one : remarks)
        if (one.number)
            all += std::string(" ") + one.what + " " + std::to_string(one.number);
    if (req.stray >= 0)
        all += " byte " + std::to_string(req.stray) + " is 1";
    if (attr.map_name[0] && !is_a_word(attr.map_name))
        all += " map_name " + hexadecimal_bytes(attr.map_name, sizeof(attr.map_name));
    return all;
}

// A cell of the recordings: descriptors that they have too are written with their names there.
std::string cell_of(const request &req, const attr_field &field)
{
    const unsigned char *at = bytes_of(req) + field.offset;
    if (field.size == sizeof(req.attr.map_name))
        return hexadecimal_bytes(req.attr.map_name, field.size);
    uint32_t half = 0;
    uint64_t whole = 0;
    if (field.size == sizeof(whole))
        std::memcpy(&whole, at, sizeof(whole));
    else
        std::memcpy(&half, at, sizeof(half));
    const std::string name = field.name;
    if (name.find("fd") == std::string::npos || half < array_fd)
        return std::to_string(whole + half);
    switch (half) {
    case array_fd:
        return "ARRAY";
    case hash_fd:
        return "HASH";
    case btf_fd:
        return "BTF";
    default:
        return half == never_open ? "BAD" : std::to_string(half);
    }
}

} // namespace

const unsigned char *bytes_of(const request &req)
{
    static unsigned char bytes[most_bytes];
    std::memset(bytes, 0, 512);
    std::memcpy(bytes, &req.attr, sizeof(req.attr));
    if (req.stray >= 0)
        bytes[req.stray] = 1;
    return bytes;
}

std::string words_of(const request &req)
{
    const map_create_attr &attr = req.attr;
    const char *type = barebpf_map_type_name(attr.map_type);
    std::string words = std::string("barebpf attr type ") + (type ? type : "unspec") + " key " +
                        std::to_string(attr.key_size) + " value " + std::to_string(attr.value_size) +
                        " entries " + std::to_string(attr.max_entries);
    if (attr.map_flags)
        words += " flags " + hexadecimal(attr.map_flags);
    if (attr.map_flags & BAREBPF_F_NUMA_NODE)
        words += " numa " + std::to_string(attr.numa_node);
    if (attr.map_extra)
        words += " extra " + hexadecimal(attr.map_extra);
    if (is_a_word(attr.map_name))
        words += std::string(" name ") + attr.map_name;
    const std::string remarks = (type ? "" : " map_type " + std::to_string(attr.map_type)) + remarks_on(req);
    return remarks.empty() ? words : words + " #" + remarks;
}

std::string row_of(const request &req, unsigned int number)
{
    std::string row = std::to_string(number) + "\t" + std::to_string(req.size);
    for (const attr_field &field : attr_fields)
        row += "\t" + cell_of(req, field);
    return row + "\t" + std::to_string(req.stray);
}

} // namespace barebpf::test
