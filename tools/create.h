// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_CREATE_H
#define BAREBPF_TOOLS_CREATE_H

#include <string>

#include "barebpf/barebpf.hpp"
#include "command_line.h"
#include "description.h"
#include "objects.h"

namespace barebpf::tool
{

// A map as it is put to the kernel: with the inner map, BTF and token opened and the device looked up. Throws
// a failure where one of them is not there.
struct request {
    explicit request(const description &wanted);

    // The spec with a name as long as the kernel has room for.
    barebpf_map_spec cut_spec() const;

    barebpf_map_spec spec;
    std::string cut;
    opened_objects objects;
};

// barebpf create: makes the map, pins it, shows what the kernel reports about it, and becomes the command to
// run.
void create(const command_line &line, format form);

} // namespace barebpf::tool

#endif
