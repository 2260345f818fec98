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

// A C caller may pass any number, including one that the installed header's enumeration lacks, so it is read
// as a number, and passed on as one.
[[gnu::always_inline]] inline uint32_t type_number(const enum bpf_map_type &map_type)
{
    using number __attribute__((may_alias)) = uint32_t;
    static_assert(sizeof(map_type) == sizeof(number));
    return *reinterpret_cast<const number *>(&map_type);
}

// Fills the members that come neither from the options nor from the name.
[[gnu::always_inline]] inline void encode_numbers(map_create_attr *attr, uint32_t map_type, __u32 key_size,
                                                  __u32 value_size, __u32 max_entries)
{
    volatile map_create_attr *numbers = attr; // volatile, or GCC gathers the four in one vector register
    numbers->map_type = map_type;
    numbers->key_size = key_size;
    numbers->value_size = value_size;
    numbers->max_entries = max_entries;
}

#if BAREBPF_FOR_SPEED

// The pointer, by a way that GCC does not trace to the one before a syscall: it would copy that to a register
// that the syscall keeps, at the cost of every call.
[[gnu::always_inline]] inline map_create_attr *found_again(map_create_attr *attr)
{
    asm volatile("" : "+m"(*attr));
    return hidden(attr);
}

#endif

// bpf_map_create() for any request, whatever is known of the kernel.
#if BAREBPF_FOR_SPEED
[[gnu::noinline]]
#endif
int create(uint32_t map_type, const char *map_name, __u32 key_size, __u32 value_size, __u32 max_entries,
           const struct bpf_map_create_opts *opts)
{
    map_create_attr attr;
    bpf_log_opts *log = nullptr;
    // Before read_opts(), which may be a call: registers would have to keep the four across it.
    encode_numbers(&attr, map_type, key_size, value_size, max_entries);
    if (!read_opts(&attr, &log, opts))
        return set_errno(-EINVAL);
    if (learned.names.recall() != known::no) // a kernel without names is not sent another
        encode_name(attr.map_name, map_name);
    attempt first = {0, 1};
    if (log)
        first = ask_with_log(&attr, log);
    else
        first.answer = ask(&attr);
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
    // The case of nearly every call, once the kernel is known to have names.
    map_create_attr attr;
    if (read_usual_opts(&attr, opts) && (!map_name || learned.names.recall() == known::yes)) {
        encode_numbers(&attr, type_number(map_type), key_size, value_size, max_entries);
        encode_name(attr.map_name, map_name);
        const int fd = ask(&attr);
        return fd > 2 ? fd : with_errno(fall_back(found_again(&attr), fd));
    }
#endif
    return create(type_number(map_type), map_name, key_size, value_size, max_entries, opts);
}
