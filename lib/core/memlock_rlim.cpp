// SPDX-License-Identifier: BSD-2-Clause
#include "memlock_rlim.h"

#include "barebpf/bpf.h"
#include "libbpf_name.h"

namespace barebpf
{

size_t memlock_rlim = SIZE_MAX;

} // namespace barebpf

using namespace barebpf;

extern "C" BAREBPF_WEAK int libbpf_set_memlock_rlim(size_t memlock_bytes)
{
    __atomic_store_n(&memlock_rlim, memlock_bytes, __ATOMIC_RELAXED);
    return 0;
}
