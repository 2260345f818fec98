// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/libbpf.h"

#include "lib/core/libbpf_name.h"

namespace barebpf
{
namespace
{

// What was set last. A number, since the address of a function would need relocating at start; `first` stands
// for the one there is before any is set.
constexpr uintptr_t first = 1;
uintptr_t printer = first;

int silent(enum libbpf_print_level, const char *, __builtin_va_list)
{
    return 0;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" BAREBPF_WEAK libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn)
{
    const uintptr_t former = __atomic_load_n(&printer, __ATOMIC_RELAXED);
    __atomic_store_n(&printer, reinterpret_cast<uintptr_t>(fn), __ATOMIC_RELAXED);
    return former == first ? silent : reinterpret_cast<libbpf_print_fn_t>(former);
}
