// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"
#include "create_opts.h"
#include "errno.h"
#include "known.h"
#include "libbpf_name.h"

namespace barebpf
{
namespace
{

// Fills the members that the options do not.
[[gnu::always_inline]] inline void encode_arguments(map_create_attr *attr, const enum bpf_map_type &map_type,
                                                    const char *map_name, __u32 key_size, __u32 value_size,
                                                    __u32 max_entries)
{
    // From C any number may come, also one that is no value of the installed header's enumeration; as a
    // number it is fine.
    using number __attribute__((may_alias)) = uint32_t;
    static_assert(sizeof(map_type) == sizeof(number));
    volatile map_create_attr *arguments = attr; // or GCC gathers the four in one vector register
    arguments->map_type = *reinterpret_cast<const number *>(&map_type);
    arguments->key_size = key_size;
    arguments->value_size = value_size;
    arguments->max_entries = max_entries;
    if (learned.names.recall() != known::no) // a kernel without names is not asked for one again
        encode_name(attr->map_name, map_name);
}

// With options of any sz, and a log if they say so: bpf_map_create() itself but where a shorter way is worth
// its bytes.
#if BAREBPF_FOR_SPEED
[[gnu::noinline]]
#endif
int create(enum bpf_map_type map_type, const char *map_name, __u32 key_size, __u32 value_size,
           __u32 max_entries, const struct bpf_map_create_opts *opts)
{
    map_create_attr attr;
    bpf_log_opts *log;
    if (!read_opts(&attr, &log, opts))
        return set_errno(-EINVAL);
    encode_arguments(&attr, map_type, map_name, key_size, value_size, max_entries);
    if (!log)
        return with_errno(finish(&attr, ask(&attr)));
    const attempt first = ask_with_log(&attr, log);
    return first.calls ? with_errno(finish(&attr, first.answer)) : set_errno(-EINVAL);
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_create(enum bpf_map_type map_type, const char *map_name, __u32 key_size,
                                           __u32 value_size, __u32 max_entries,
                                           const struct bpf_map_create_opts *opts)
{
#if BAREBPF_FOR_SPEED
    map_create_attr attr;
    if (read_usual_opts(&attr, opts)) {
        encode_arguments(&attr, map_type, map_name, key_size, value_size, max_entries);
        return with_errno(finish(&attr, ask(hidden(&attr))));
    }
#endif
    return create(map_type, map_name, key_size, value_size, max_entries, opts);
}
