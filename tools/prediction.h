// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_PREDICTION_H
#define BAREBPF_TOOLS_PREDICTION_H

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "barebpf/map_file.h"
#include "reason.h"

namespace barebpf::tool
{

// What the rules say about maps on this kernel, without asking it.
class prediction
{
public:
    prediction();

    // Why the kernel would refuse the map of a line; nullptr if it would not, or is too old for the line. The
    // result lasts until the next call.
    const reason *refusal_of(const barebpf_map_line &line);

private:
    // What the answer depends on: type, sizes, entries, flags, extra, NUMA node, types of BTF, an inner map,
    // and a name that not every kernel takes.
    using request = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t, uint32_t,
                               uint32_t, uint32_t, bool, std::string>;

    const reason &reason_of(const barebpf_map_line &line);

    barebpf_surroundings elsewhere; // for what cannot be looked at before it is made
    std::map<request, reason> known;
};

} // namespace barebpf::tool

#endif
