// SPDX-License-Identifier: BSD-2-Clause
#include "examples.h"

#include <iterator>
#include <linux/version.h>
#include <unistd.h>

#include "test/catch.h"

namespace barebpf::test
{

const example &example_of(uint32_t type)
{
    using enum map_type;
    const auto page = static_cast<uint32_t>(sysconf(_SC_PAGESIZE));
    const auto no_prealloc = map_flags::no_prealloc;
    // clang-format off
    static const example examples[] = {
        {{hash, 4, 8, 16}, KERNEL_VERSION(3, 19, 0)},
        {{array, 4, 8, 16}, KERNEL_VERSION(3, 19, 0)},
        {{prog_array, 4, 4, 16}, KERNEL_VERSION(4, 2, 0)},
        {{perf_event_array, 4, 4, 16}, KERNEL_VERSION(4, 3, 0), need::nothing, "PERF_EVENTS"},
        {{percpu_hash, 4, 8, 16}, KERNEL_VERSION(4, 6, 0)},
        {{percpu_array, 4, 8, 16}, KERNEL_VERSION(4, 6, 0)},
        {{stack_trace, 4, 80, 16}, KERNEL_VERSION(4, 6, 0), need::nothing, "PERF_EVENTS"},
        {{cgroup_array, 4, 4, 16}, KERNEL_VERSION(4, 8, 0), need::nothing, "CGROUPS"},
        {{lru_hash, 4, 8, 16}, KERNEL_VERSION(4, 10, 0)},
        {{lru_percpu_hash, 4, 8, 16}, KERNEL_VERSION(4, 10, 0)},
        {{.type = lpm_trie, .key_size = 8, .value_size = 8, .max_entries = 16, .flags = no_prealloc}, KERNEL_VERSION(4, 11, 0)},
        {{array_of_maps, 4, 4, 16}, KERNEL_VERSION(4, 12, 0), need::inner_map},
        {{hash_of_maps, 4, 4, 16}, KERNEL_VERSION(4, 12, 0), need::inner_map},
        {{devmap, 4, 4, 16}, KERNEL_VERSION(4, 14, 0), need::nothing, "NET"},
        {{sockmap, 4, 4, 16}, KERNEL_VERSION(4, 14, 0), need::nothing, "BPF_STREAM_PARSER"},
        {{cpumap, 4, 4, 1}, KERNEL_VERSION(4, 15, 0), need::nothing, "NET"},
        {{xskmap, 4, 4, 16}, KERNEL_VERSION(4, 18, 0), need::nothing, "XDP_SOCKETS"},
        {{sockhash, 4, 4, 16}, KERNEL_VERSION(4, 18, 0), need::nothing, "BPF_STREAM_PARSER"},
        {{cgroup_storage, 16, 8, 0}, KERNEL_VERSION(4, 19, 0), need::nothing, "CGROUP_BPF"},
        {{reuseport_sockarray, 4, 8, 16}, KERNEL_VERSION(4, 19, 0), need::nothing, "INET"},
        {{percpu_cgroup_storage, 16, 8, 0}, KERNEL_VERSION(4, 20, 0), need::nothing, "CGROUP_BPF"},
        {{queue, 0, 8, 16}, KERNEL_VERSION(4, 20, 0)},
        {{stack, 0, 8, 16}, KERNEL_VERSION(4, 20, 0)},
        {{.type = sk_storage, .key_size = 4, .value_size = 4, .flags = no_prealloc}, KERNEL_VERSION(5, 2, 0), need::int_btf, "NET"},
        {{devmap_hash, 4, 4, 16}, KERNEL_VERSION(5, 4, 0), need::nothing, "NET"},
        {{struct_ops, 4, 0, 1}, KERNEL_VERSION(5, 6, 0), need::struct_ops, "DEBUG_INFO_BTF"},
        {{ringbuf, 0, 0, page}, KERNEL_VERSION(5, 8, 0)},
        {{.type = inode_storage, .key_size = 4, .value_size = 4, .flags = no_prealloc}, KERNEL_VERSION(5, 10, 0), need::int_btf, "BPF_LSM"},
        {{.type = task_storage, .key_size = 4, .value_size = 4, .flags = no_prealloc}, KERNEL_VERSION(5, 11, 0), need::int_btf},
        {{.type = bloom_filter, .value_size = 8, .max_entries = 16, .map_extra = 3}, KERNEL_VERSION(5, 16, 0)},
        {{user_ringbuf, 0, 0, page}, KERNEL_VERSION(6, 1, 0)},
        {{.type = cgrp_storage, .key_size = 4, .value_size = 4, .flags = no_prealloc}, KERNEL_VERSION(6, 2, 0), need::int_btf, "CGROUPS"},
        {{.type = arena, .max_entries = 1, .flags = map_flags::mmapable}, KERNEL_VERSION(6, 9, 0), need::nothing, "64BIT"},
        {{insn_array, 4, 16, 16}, KERNEL_VERSION(6, 19, 0)},
        {{.type = rhash, .key_size = 4, .value_size = 8, .max_entries = 16, .flags = no_prealloc}, KERNEL_VERSION(7, 2, 0)},
    };
    // clang-format on
#define BAREBPF_COUNTED(upper, lower, value) +1
    static_assert(
        std::size(examples) == -1 BAREBPF_MAP_TYPES(BAREBPF_COUNTED),
        "each map type needs its example, in the order of their numbers: docs/kernels.md, A new map type");
#undef BAREBPF_COUNTED
    return examples[type - 1];
}

std::string excuse(const example &wanted)
{
    if (running_kernel() < wanted.since)
        return "this kernel is older than the map type";
    if (wanted.option && configured(wanted.option) == false)
        return std::string("this kernel was built without CONFIG_") + wanted.option;
    return "";
}

prepared_example prepare(const example &wanted)
{
    prepared_example made = {wanted.spec, create_map(small_array), int_btf()};
    made.spec.name = "live_test";
    if (wanted.needs == need::inner_map)
        made.spec.inner_map_fd = static_cast<uint32_t>(made.inner->get());
    if (wanted.needs == need::int_btf || wanted.needs == need::struct_ops) {
        REQUIRE(made.btf);
        made.spec.btf_fd = static_cast<uint32_t>(made.btf.get());
    }
    if (wanted.needs == need::int_btf)
        made.spec.btf_key_type_id = made.spec.btf_value_type_id = 1;
    if (wanted.needs == need::struct_ops) {
        const auto ops = find_struct("bpf_struct_ops_tcp_congestion_ops");
        REQUIRE(ops);
        made.spec.value_size = ops->size;
        made.spec.btf_vmlinux_value_type_id = ops->id;
    }
    return made;
}

} // namespace barebpf::test
