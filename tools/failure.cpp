// SPDX-License-Identifier: BSD-2-Clause
#include "failure.h"

#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "barebpf/barebpf.h"

namespace barebpf::tool
{

std::string errno_text(int error)
{
    const int number = std::abs(error);
    // The kernel's own ENOTSUPP, which no C library has words for.
    const char *words = number == 524 ? "not supported for this kind of map" : std::strerror(number);
    const char *name = barebpf_errno_name(number);
    return fmt::format("{} ({}): {}", name ? name : "errno", number, words);
}

} // namespace barebpf::tool
