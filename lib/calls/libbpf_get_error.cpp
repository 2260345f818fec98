// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/libbpf.h"

#include "lib/core/errno.h"
#include "lib/core/errno_location.h"
#include "lib/core/libbpf_name.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK long libbpf_get_error(const void *ptr)
{
    constexpr uintptr_t most_errors = 4095;
    const uintptr_t address = reinterpret_cast<uintptr_t>(ptr);
    if (address >= UINTPTR_MAX - most_errors + 1)
        return set_errno(static_cast<int>(address));
    if (ptr)
        return 0;
    if (glibc_errno_location)
        return -*glibc_errno_location();
    return bionic_errno_location ? -*bionic_errno_location() : -EINVAL;
}
