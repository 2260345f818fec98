/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_COMPAT_BPF_ABSENT_BPF_H
#define BAREBPF_COMPAT_BPF_ABSENT_BPF_H

/* What libbpf's <bpf/bpf.h> declares, 1.0 to 1.8, and barebpf does not have. */
#include "absent.h"

BAREBPF_ABSENT(bpf_btf_get_next_id);
BAREBPF_ABSENT(bpf_enable_stats);
BAREBPF_ABSENT(bpf_iter_create);
BAREBPF_ABSENT(bpf_link_create);
BAREBPF_ABSENT(bpf_link_detach);
BAREBPF_ABSENT(bpf_link_get_fd_by_id);
BAREBPF_ABSENT(bpf_link_get_fd_by_id_opts);
BAREBPF_ABSENT(bpf_link_get_info_by_fd);
BAREBPF_ABSENT(bpf_link_get_next_id);
BAREBPF_ABSENT(bpf_link_update);
BAREBPF_ABSENT(bpf_prog_assoc_struct_ops);
BAREBPF_ABSENT(bpf_prog_attach);
BAREBPF_ABSENT(bpf_prog_attach_opts);
BAREBPF_ABSENT(bpf_prog_bind_map);
BAREBPF_ABSENT(bpf_prog_detach);
BAREBPF_ABSENT(bpf_prog_detach2);
BAREBPF_ABSENT(bpf_prog_detach_opts);
BAREBPF_ABSENT(bpf_prog_get_fd_by_id);
BAREBPF_ABSENT(bpf_prog_get_fd_by_id_opts);
BAREBPF_ABSENT(bpf_prog_get_info_by_fd);
BAREBPF_ABSENT(bpf_prog_get_next_id);
BAREBPF_ABSENT(bpf_prog_load);
BAREBPF_ABSENT(bpf_prog_query);
BAREBPF_ABSENT(bpf_prog_query_opts);
BAREBPF_ABSENT(bpf_prog_stream_read);
BAREBPF_ABSENT(bpf_prog_test_run_opts);
BAREBPF_ABSENT(bpf_raw_tracepoint_open);
BAREBPF_ABSENT(bpf_raw_tracepoint_open_opts);
BAREBPF_ABSENT(bpf_task_fd_query);

#endif
