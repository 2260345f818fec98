// SPDX-License-Identifier: BSD-2-Clause
#include "kernel_btf.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <linux/btf.h>

namespace barebpf::test
{
namespace
{

// How many bytes of its own follow a type's header.
size_t trailer_of(const btf_type &type)
{
    const size_t members = BTF_INFO_VLEN(type.info);
    switch (BTF_INFO_KIND(type.info)) {
    case BTF_KIND_INT:
    case BTF_KIND_VAR:
    case 17: // BTF_KIND_DECL_TAG, Linux 5.16
        return 4;
    case BTF_KIND_ARRAY:
        return sizeof(btf_array);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        return members * sizeof(btf_member);
    case BTF_KIND_ENUM:
    case BTF_KIND_FUNC_PROTO:
        return members * 8;
    case BTF_KIND_DATASEC:
    case 19: // BTF_KIND_ENUM64, Linux 6.0
        return members * 12;
    default:
        return 0;
    }
}

// Calls visit(id, type, name) for each type in the kernel's own BTF.
template <typename visitor> void for_each_type(const visitor &visit)
{
    std::ifstream file("/sys/kernel/btf/vmlinux", std::ios::binary);
    const std::string btf{std::istreambuf_iterator<char>(file), {}};
    btf_header header;
    if (btf.size() < sizeof(header))
        return;
    std::memcpy(&header, btf.data(), sizeof(header));
    const char *at = btf.data() + header.hdr_len + header.type_off;
    const char *end = at + header.type_len;
    const char *strings = btf.data() + header.hdr_len + header.str_off;
    for (uint32_t id = 1; at < end; id++) {
        btf_type type;
        std::memcpy(&type, at, sizeof(type));
        visit(id, type, strings + type.name_off);
        at += sizeof(type) + trailer_of(type);
    }
}

} // namespace

std::map<std::string, kernel_struct> kernel_structs()
{
    std::map<std::string, kernel_struct> found;
    for_each_type([&](uint32_t id, const btf_type &type, const char *name) {
        if (BTF_INFO_KIND(type.info) == BTF_KIND_STRUCT)
            found.emplace(name, kernel_struct{id, type.size});
    });
    return found;
}

uint32_t kernel_function(const std::string &wanted)
{
    uint32_t found = 0;
    for_each_type([&](uint32_t id, const btf_type &type, const char *name) {
        if (BTF_INFO_KIND(type.info) == BTF_KIND_FUNC && wanted == name)
            found = id;
    });
    return found;
}

} // namespace barebpf::test
