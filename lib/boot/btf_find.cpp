// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/map_file.h"
#include "lib/core/errno.h"
#include "lib/explain/btf.h"

using namespace barebpf;

extern "C" int barebpf_btf_find(const void *btf, size_t size, const char *name, uint32_t after)
{
    btf_object types;
    if (!btf || !name || !types.open(btf, size, sizeof(void *)))
        return with_errno(-EINVAL);
    const int found = *name ? types.find_named(name, after) : -ENOENT;
    return found < 0 ? with_errno(found) : found;
}
