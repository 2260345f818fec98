// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/version.h>

#include "barebpf/bpf.h"
#include "barebpf/probe.h"
#include "examples.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

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

} // namespace

TEST_CASE(
    "live: a map of each type is made through every door, reads back as asked, and is what a probe finds")
{
    const uint32_t type = GENERATE(range(1u, first_unknown_type));
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const example &wanted = example_of(type);
    REQUIRE(wanted.spec.type == static_cast<map_type>(type));
    if (!excuse(wanted).empty()) {
        CHECK_FALSE(create_map(wanted.spec));
        CHECK(barebpf_probe_map_type(type, nullptr) == 0);
        return;
    }
    const prepared_example prepared = prepare(wanted);
    const map_spec &spec = prepared.spec;
    check_made(through_libbpf_name(spec), spec);
    check_made(through_c(spec), spec);
    check_made(create_map(spec), spec);
    CHECK(barebpf_probe_map_type(type, nullptr) == 1);
}
