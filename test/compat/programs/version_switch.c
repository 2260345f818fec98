// SPDX-License-Identifier: BSD-2-Clause
// An older program that calls what its libbpf has.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpf/libbpf_version.h>
#include <stdio.h>

#if defined(LIBBPF_MAJOR_VERSION) && LIBBPF_MAJOR_VERSION >= 1
static inline int bpf_create_map(enum bpf_map_type type, int key_size, int value_size, int entries,
                                 __u32 flags)
{
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = flags);
    return bpf_map_create(type, NULL, key_size, value_size, entries, &opts);
}
#endif

#if LIBBPF_MAJOR_VERSION == 1 && LIBBPF_MINOR_VERSION >= 5
#define WHICH "new"
#endif

static int print(enum libbpf_print_level level, const char *format, va_list arguments)
{
    return level == LIBBPF_WARN ? 0 : vfprintf(stderr, format, arguments);
}

int main(void)
{
    libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
    libbpf_set_print(print);
    printf("set twice: %d\n", libbpf_set_print(NULL) == print);
    int fd = bpf_create_map(BPF_MAP_TYPE_HASH, 4, 4, 16, BPF_F_NO_PREALLOC);
    printf("%d\n", fd >= 0);
    printf("%ld\n", libbpf_get_error(&fd));
    printf("%d\n",
           libbpf_major_version() == LIBBPF_MAJOR_VERSION && libbpf_minor_version() == LIBBPF_MINOR_VERSION);
    return 0;
}
