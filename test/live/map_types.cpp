// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <linux/bpf.h>
#include <linux/version.h>
#include <unistd.h>

#include "barebpf/bpf.h"
#include "barebpf/probe.h"
#include "kernel.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

enum class need {
    nothing,
    inner_map,  // a template for its inner maps
    int_btf,    // BTF ids of key and value
    struct_ops, // a struct of the kernel's own BTF, beside any BTF object
};

// A map that every kernel with its type, and the options it depends on, must create.
struct example {
    map_spec spec;
    uint32_t since;
    need needs = need::nothing;
    const char *option = nullptr;
};

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

// The three functions that create the same map.
fd_result through_libbpf_name(const map_spec &spec)
{
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = static_cast<uint32_t>(spec.flags),
                .map_extra = spec.map_extra, .inner_map_fd = spec.inner_map_fd, .btf_fd = spec.btf_fd,
                .btf_key_type_id = spec.btf_key_type_id, .btf_value_type_id = spec.btf_value_type_id,
                .btf_vmlinux_value_type_id = spec.btf_vmlinux_value_type_id);
    return fd_result(bpf_map_create(static_cast<enum bpf_map_type>(spec.type), spec.name, spec.key_size,
                                    spec.value_size, spec.max_entries, &opts));
}

fd_result through_c(const map_spec &spec)
{
    barebpf_map_spec c{};
    c.sz = sizeof(c);
    c.name = spec.name;
    c.map_type = static_cast<uint32_t>(spec.type);
    c.key_size = spec.key_size;
    c.value_size = spec.value_size;
    c.max_entries = spec.max_entries;
    c.map_flags = static_cast<uint32_t>(spec.flags);
    c.map_extra = spec.map_extra;
    c.inner_map_fd = spec.inner_map_fd;
    c.btf_fd = spec.btf_fd;
    c.btf_key_type_id = spec.btf_key_type_id;
    c.btf_value_type_id = spec.btf_value_type_id;
    c.btf_vmlinux_value_type_id = spec.btf_vmlinux_value_type_id;
    return fd_result(barebpf_map_create(&c, nullptr, nullptr));
}

bpf_map_info info_of(const fd &map)
{
    bpf_map_info info;
    std::memset(&info, 0, sizeof(info));
    uint32_t size = sizeof(info);
    REQUIRE(barebpf_obj_get_info_by_fd(map.get(), &info, &size) == 0);
    return info;
}

// From 5.3 a device map, and an instruction array, report a flag that was not requested.
uint32_t added_flags(map_type type)
{
    const bool adds =
        type == map_type::devmap || type == map_type::devmap_hash || type == map_type::insn_array;
    return adds && running_kernel() >= KERNEL_VERSION(5, 3, 0) ? BAREBPF_F_RDONLY_PROG : 0;
}

void check_made(const fd_result &made, const map_spec &spec)
{
    INFO("type " << barebpf_map_type_name(static_cast<uint32_t>(spec.type)) << ", errno "
                 << (made ? 0 : made.error().number));
    REQUIRE(made);
    const fd &map = *made;
    CHECK(map.get() >= 3);
    CHECK((fcntl(map.get(), F_GETFD) & FD_CLOEXEC) != 0);
    const bpf_map_info info = info_of(map);
    CHECK(info.type == static_cast<uint32_t>(spec.type));
    CHECK(info.key_size == spec.key_size);
    CHECK(info.value_size == spec.value_size);
    CHECK(info.max_entries == spec.max_entries);
    CHECK(info.map_flags == (static_cast<uint32_t>(spec.flags) | added_flags(spec.type)));
    CHECK(std::string(info.name) == spec.name);
    CHECK(info.btf_key_type_id == spec.btf_key_type_id);
    CHECK(info.btf_value_type_id == spec.btf_value_type_id);
    CHECK(info.btf_vmlinux_value_type_id == spec.btf_vmlinux_value_type_id);
    if (running_kernel() >= KERNEL_VERSION(5, 16, 0))
        CHECK(info.map_extra == spec.map_extra);
}

// Why this kernel need not create the example; empty if it must.
std::string excuse(const example &wanted)
{
    if (running_kernel() < wanted.since)
        return "this kernel is older than the map type";
    if (wanted.option && configured(wanted.option) == false)
        return std::string("this kernel was built without CONFIG_") + wanted.option;
    return "";
}

} // namespace

TEST_CASE(
    "live: a map of each type is made through every door, reads back as asked, and is what a probe finds")
{
    const uint32_t type = GENERATE(range(1u, first_unknown_type));
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const example &wanted = example_of(type);
    map_spec spec = wanted.spec;
    REQUIRE(spec.type == static_cast<map_type>(type));
    spec.name = "live_test";
    const fd_result inner = create_map(small_array);
    const fd btf = int_btf();
    if (!excuse(wanted).empty()) {
        CHECK_FALSE(create_map(spec));
        CHECK(barebpf_probe_map_type(type, nullptr) == 0);
        return;
    }
    if (wanted.needs == need::inner_map)
        spec.inner_map_fd = static_cast<uint32_t>(inner->get());
    if (wanted.needs == need::int_btf || wanted.needs == need::struct_ops) {
        REQUIRE(btf);
        spec.btf_fd = static_cast<uint32_t>(btf.get());
    }
    if (wanted.needs == need::int_btf)
        spec.btf_key_type_id = spec.btf_value_type_id = 1;
    if (wanted.needs == need::struct_ops) {
        const auto ops = find_struct("bpf_struct_ops_tcp_congestion_ops");
        REQUIRE(ops);
        spec.value_size = ops->size;
        spec.btf_vmlinux_value_type_id = ops->id;
    }
    check_made(through_libbpf_name(spec), spec);
    check_made(through_c(spec), spec);
    check_made(create_map(spec), spec);
    CHECK(barebpf_probe_map_type(type, nullptr) == 1);
}
