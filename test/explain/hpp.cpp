// SPDX-License-Identifier: BSD-2-Clause
// A source of its own: the C++ half's map_type is another than that of the tables inside.
#include "barebpf/explain.hpp"

#include <cerrno>
#include <string>

#include "hpp.h"

std::string explained_by_hpp()
{
    barebpf::explanation told;
    const barebpf::error failed = barebpf::explain({.type = barebpf::map_type::ringbuf, .max_entries = 5000},
                                                   {EINVAL}, &told, {.calls = 40});
    const bool right = failed.number == 0 && told.why() == barebpf::cause::ringbuf_entries &&
                       told.sure() == barebpf::confidence::proved && told.value == 8192;
    return right ? told.remedy : told.text;
}
