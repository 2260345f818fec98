// SPDX-License-Identifier: BSD-2-Clause
#include "memlock_rlim.h"

#include "barebpf/bpf.h"

namespace barebpf
{
namespace
{

size_t limit = SIZE_MAX;

} // namespace

uint64_t memlock_rlim()
{
    const size_t bytes = __atomic_load_n(&limit, __ATOMIC_RELAXED);
    return bytes == SIZE_MAX ? UINT64_MAX : bytes;
}

} // namespace barebpf

using namespace barebpf;

extern "C" int libbpf_set_memlock_rlim(size_t memlock_bytes)
{
    __atomic_store_n(&limit, memlock_bytes, __ATOMIC_RELAXED);
    return 0;
}
