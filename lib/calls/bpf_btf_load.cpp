// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "btf_log.h"
#include "lib/core/above_stdio.h"
#include "lib/core/errno.h"
#include "lib/core/libbpf_name.h"
#include "lib/core/sys.h"
#include "opts.h"

namespace barebpf
{
namespace
{

[[gnu::always_inline]] inline void encode_btf(btf_load_attr *attr, const void *data, size_t size)
{
    attr->btf = reinterpret_cast<uintptr_t>(data);
    attr->btf_size = static_cast<uint32_t>(size);
}

#if BAREBPF_FOR_SPEED

// Reads the options of nearly every caller: of exactly the sz known here, with a log and its
// level.
[[gnu::always_inline]] inline bool read_usual_btf(btf_load_attr *attr, const bpf_btf_load_opts *opts)
{
    return read_known_members<btf_places, 0, offsetof(btf_load_attr, padding)>(attr, opts) &&
           attr->btf_log_buf && attr->btf_log_level;
}

[[gnu::always_inline]] inline int finish_btf(int fd)
{
    return fd > 2 ? fd : with_errno(above_stdio(fd));
}

#endif

// bpf_btf_load() for any request.
#if BAREBPF_FOR_SPEED
[[gnu::noinline]]
#endif
int load_btf(const void *data, size_t size, bpf_btf_load_opts *opts)
{
    btf_load_attr attr;
    if (!take_opts<btf_places>(&attr, opts))
        return with_errno(-EINVAL);
    encode_btf(&attr, data, size);
    if (opts)
        return with_errno(load_btf_with_opts(&attr, opts, size));
    if (size > UINT32_MAX)
        return with_errno(-E2BIG);
    return with_errno(above_stdio(sys::bpf<sys::command::btf_load>(&attr)));
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_btf_load(const void *btf_data, size_t btf_size,
                                         struct bpf_btf_load_opts *opts)
{
#if BAREBPF_FOR_SPEED
    btf_load_attr attr;
    if (btf_size <= UINT32_MAX) {
        if (!opts) {
            clear(&attr);
            encode_btf(&attr, btf_data, btf_size);
            return finish_btf(sys::bpf<sys::command::btf_load>(&attr));
        }
        if (read_usual_btf(&attr, opts)) {
            encode_btf(&attr, btf_data, btf_size);
            const int fd = sys::bpf<sys::command::btf_load>(&attr);
            opts->log_true_size = attr.btf_log_true_size;
            return finish_btf(fd);
        }
    }
#endif
    return load_btf(btf_data, btf_size, opts);
}
