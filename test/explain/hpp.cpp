// SPDX-License-Identifier: BSD-2-Clause
// A source of its own: the C++ half's map_type is another than that of the tables inside.
#include "barebpf/explain.hpp"

#include <cerrno>
#include <string>

#include "hpp.h"

std::string explained_by_hpp()
{
    barebpf::explanation found;
    const barebpf::error failed = barebpf::explain({.type = barebpf::map_type::ringbuf, .max_entries = 5000},
                                                   {EINVAL}, &found, {.calls = 40});
    const bool right = failed.number == 0 && found.why() == barebpf::cause::ringbuf_entries &&
                       found.sure() == barebpf::confidence::proved && found.value == 8192;
    return right ? found.remedy : found.text;
}
