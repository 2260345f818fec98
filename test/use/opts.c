// SPDX-License-Identifier: BSD-2-Clause
#include <barebpf/bpf.h>

#include <string.h>

// LIBBPF_OPTS as C and as C++: any order, no member, values with a comma, every byte else zero.
static int all_zero_but(const void *opts, size_t size, size_t from, size_t to)
{
    const char *bytes = (const char *)opts;
    for (size_t i = sizeof(size_t); i < size; i++)
        if (bytes[i] && (i < from || i >= to))
            return 0;
    return 1;
}

static int add(int a, int b)
{
    return a + b;
}

// As many bytes of the stack as the next call uses become nonzero.
__attribute__((noinline)) static void dirty_stack(void)
{
    volatile unsigned char bytes[4096];
    for (unsigned int i = 0; i < sizeof(bytes); i++)
        bytes[i] = 0xa5;
}

// The padding after the only member.
__attribute__((noinline)) static int pads(void)
{
    static volatile __u32 two = 2;
    LIBBPF_OPTS(bpf_token_create_opts, opts, .flags = two);
    const size_t flags = offsetof(struct bpf_token_create_opts, flags);
    return opts.flags == 2 && all_zero_but(&opts, sizeof(opts), flags, flags + sizeof(opts.flags));
}

int main(void)
{
    dirty_stack();
    if (!pads())
        return 6;

    LIBBPF_OPTS(bpf_map_create_opts, none);
    if (none.sz != sizeof(none) || !all_zero_but(&none, sizeof(none), 0, 0))
        return 1;

    LIBBPF_OPTS(bpf_log_opts, log, .true_size = 3, .level = 1, .buf = (char *)&none, .size = sizeof(none));
    if (log.sz != sizeof(log) || log.true_size != 3 || log.level != 1 || log.size != sizeof(none) || !log.buf)
        return 2;

    DECLARE_LIBBPF_OPTS(bpf_map_create_opts, any_order, .log_opts = &log, .map_extra = 5,
                        .btf_fd = (__u32)add(3, 4), .excl_prog_hash_size = 32,
                        .map_flags = BPF_F_NO_PREALLOC | BPF_F_NUMA_NODE, );
    if (any_order.log_opts != &log || any_order.map_extra != 5 || any_order.btf_fd != 7 || any_order.token_fd)
        return 3;

    for (int i = 0; i < 2; i++) {
        LIBBPF_OPTS_RESET(any_order, .token_fd = 9);
        const size_t token = offsetof(struct bpf_map_create_opts, token_fd);
        if (any_order.token_fd != 9 || !all_zero_but(&any_order, sizeof(any_order), token, token + 4))
            return 4;
    }
    LIBBPF_OPTS_RESET(any_order);
    return all_zero_but(&any_order, sizeof(any_order), 0, 0) && any_order.sz == sizeof(any_order) ? 0 : 5;
}
