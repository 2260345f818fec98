// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"
#include "lib/core/errno.h"
#include "lib/core/mem.h"
#include "process.h"

static_assert(__NR_bpf == BPF_NUMBER, "the number of bpf(2)");

// Two maps, the second with a log: the script looks for both in the trace of this program's system calls. The
// exit code is the errno of both, or 0; ENOSYS counts as 38, which it is not on every architecture.
// (LIBBPF_OPTS would call memset, which is not there.)
int run()
{
    bpf_map_create_opts opts;
    barebpf::clear(&opts);
    opts.sz = sizeof(opts);
    opts.map_flags = BPF_F_NO_PREALLOC;
    const int plain = bpf_map_create(BPF_MAP_TYPE_HASH, "bare", 4, 8, 16, &opts);

    char text[64];
    bpf_log_opts log;
    barebpf::clear(&log);
    log.sz = sizeof(log);
    log.buf = text;
    log.size = sizeof(text);
    log.level = 1;
    opts.log_opts = &log;
    const int logged = bpf_map_create(BPF_MAP_TYPE_HASH, "bare", 4, 8, 16, &opts);

    check(plain >= 3 ? logged > plain : logged == plain, "call: a log does not change the outcome");
    if (plain == -ENOSYS)
        return 38;
    return plain >= 3 ? 0 : -plain;
}
