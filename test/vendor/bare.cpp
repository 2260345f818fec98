// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf.h"
#include "test/bare/process.h"

// A program without a C library and with a copy of barebpf. The exit code is 77 when bpf(2) is not permitted.
int run()
{
    static bpf_map_create_opts opts; // static, so that it is zero without a call of memset
    check(bpf_map_create(BPF_MAP_TYPE_HASH, nullptr, 4, 4, 1, &opts) == -22,
          "bare: an sz of zero is refused");
    const int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "bare", 4, 8, 16, nullptr);
    if (fd == -1)
        return 77;
    check(fd >= 3, "bare: a map is made");
    check(barebpf_close(fd) == 0, "bare: and closed");
    return 0;
}
