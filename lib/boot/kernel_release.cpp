// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/apply.h"
#include "lib/explain/calls.h"

namespace barebpf
{
namespace
{

// Digits from *at on, at most 255; *at is moved past them and the dot that follows.
uint32_t take_part(const char **at)
{
    uint32_t number = 0;
    for (; **at >= '0' && **at <= '9'; ++*at)
        if (number <= 255)
            number = number * 10 + static_cast<uint32_t>(**at - '0');
    *at += **at == '.';
    return number <= 255 ? number : 255;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" uint32_t barebpf_kernel_release(void)
{
    sys::system_name name BAREBPF_UNINITIALIZED;
    name.release[0] = '\0';
    if (sys::name_of_system(&name) < 0)
        return 0;
    const char *at = name.release;
    const uint32_t major = take_part(&at);
    const uint32_t minor = take_part(&at);
    return major << 16 | minor << 8 | take_part(&at);
}
