// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_OBJECTS_H
#define BAREBPF_TOOLS_OBJECTS_H

#include "barebpf/barebpf.hpp"
#include "barebpf/map_file.h"

namespace barebpf::tool
{

// The objects that a map's description names; nullptr or 0 for those it does not.
struct object_names {
    const char *inner_map = nullptr;
    const char *inner_map_name = nullptr;
    uint32_t inner_map_id = 0;
    const char *offload_dev = nullptr;
    const char *btf = nullptr;
    const char *key_type = nullptr;
    const char *value_type = nullptr;
    const char *token = nullptr;
};
object_names objects_of(const barebpf_map_words &read);
object_names objects_of(const barebpf_map_line &line);

// Looks up the types that are given by name: in the BTF they are given with, or, for the value of a
// struct_ops map, in that of the kernel. Throws a failure when there is no such file or type.
void find_types(const object_names &names, barebpf_map_spec *spec);

// The objects, opened and put into the spec. Throws a failure that says why one of them is not there.
struct opened_objects {
    opened_objects(const object_names &names, barebpf_map_spec *spec);

    fd inner, token, btf;
};

// Stands in for objects that are not opened, so that rules can be checked: the types of key and value, and
// a token.
void assume_objects(const object_names &names, barebpf_map_spec *spec);

} // namespace barebpf::tool

#endif
