// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/libbpf.h"

#include "lib/core/libbpf_name.h"

namespace barebpf
{
namespace
{

// The function set last, if any. Two variables, since initialising one with the address of `silent` would
// need a relocation at program start.
libbpf_print_fn_t printer;
bool is_printer_set;

int silent(enum libbpf_print_level, const char *, __builtin_va_list)
{
    return 0;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" BAREBPF_WEAK libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn)
{
    const libbpf_print_fn_t former = __atomic_load_n(&is_printer_set, __ATOMIC_RELAXED)
                                         ? __atomic_load_n(&printer, __ATOMIC_RELAXED)
                                         : silent;
    __atomic_store_n(&printer, fn, __ATOMIC_RELAXED);
    __atomic_store_n(&is_printer_set, true, __ATOMIC_RELAXED);
    return former;
}
