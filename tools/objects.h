// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_OBJECTS_H
#define BAREBPF_TOOLS_OBJECTS_H

#include "barebpf/barebpf.hpp"
#include "description.h"

namespace barebpf::tool
{

// The objects that a map's description names: each function throws a failure that says why one is not there.

// The inner map, by pin, id or name; no descriptor when there is none.
fd open_inner_map(const barebpf_map_words &read);

// Looks up the types that are given by name: in the BTF they are given with, or, for the value of a
// struct_ops map, in that of the kernel.
void find_types(const barebpf_map_words &read, barebpf_map_spec *spec);

// A BTF object with the types of key and value, by the token of the map if it has one.
fd load_btf(const char *path, const barebpf_map_spec &spec);

// A token of the bpffs with this root directory.
fd make_token(const char *path);

} // namespace barebpf::tool

#endif
