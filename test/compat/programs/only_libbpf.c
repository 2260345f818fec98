// SPDX-License-Identifier: BSD-2-Clause
// Includes <bpf/libbpf.h> alone.
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

static libbpf_print_fn_t silent;

int main(void)
{
    char text[128];
    libbpf_set_print(silent);
    for (__u32 type = 0; type < 30; type++)
        printf("%s %d\n", libbpf_bpf_map_type_str(type), libbpf_probe_bpf_map_type(type, NULL));
    printf("%d cpus\n", libbpf_num_possible_cpus());
    for (int error = 0; error < 140; error++) {
        int result = libbpf_strerror(-error, text, sizeof(text));
        printf("%d: %d %s\n", error, result, text);
    }
    printf("%d %s\n", libbpf_strerror(2, text, 5), text);
    errno = ENOENT;
    printf("%ld %ld\n", libbpf_get_error(NULL), libbpf_get_error((void *)-22L));
    return 0;
}
