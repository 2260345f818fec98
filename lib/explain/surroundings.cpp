// SPDX-License-Identifier: BSD-2-Clause
#include "surroundings.h"

#include <asm/resource.h>

#include "btf.h"
#include "calls.h"
#include "causes.h"
#include "files.h"
#include "lib/core/machine.h"
#include "lib/rules/writer.h"

namespace barebpf
{
namespace
{

using namespace map_type;

// The kernel's struct bpf_btf_info.
struct btf_info {
    alignas(8) uint64_t btf;
    uint32_t btf_size;
    uint32_t id;
    uint64_t name;
    uint32_t name_size;
    uint32_t kernel_btf;
};

void add_object(surroundings *seen, const object &one)
{
    copy(&seen->objects[seen->machine.object_count], &one, sizeof(one));
    seen->machine.object_count++;
}

void clear_object(object *one, uint32_t fd, object_kind kind)
{
    clear(one);
    one->fd = static_cast<int32_t>(fd);
    one->kind = kind;
}

bool has_types(const map_create_attr &attr)
{
    return attr.btf_key_type_id || attr.btf_value_type_id || attr.btf_vmlinux_value_type_id;
}

// The kind of a descriptor by its fdinfo: "map_type:" is a map's, and so on.
void identify(surroundings *seen, object *one)
{
    text_file info;
    if (!info.read_fdinfo(one->fd)) {
        seen->objects_assumed = true;
        return;
    }
    uint64_t number = 0;
    const object_kind wanted = one->kind;
    one->kind = object_kind::other;
    if (info.find_number("map_type:", &number)) {
        one->kind = object_kind::map;
        one->map_type = static_cast<uint32_t>(number);
    } else if (info.find_number("btf_id:", &number)) {
        one->kind = wanted == object_kind::module_btf ? wanted : object_kind::btf;
    } else if (info.find_number("allowed_maps:", &number) || info.has("allowed_maps:")) {
        one->kind = object_kind::token;
        one->granted = info.has("allowed_maps:\tany") ? ~type_set{0} : number;
        if (info.find_number("allowed_cmds:", &number) && !(number & 1)) // BPF_MAP_CREATE
            one->granted = 0;
    }
}

// Adds a descriptor of the request as the kind it should be; nothing if it is not open.
void add_descriptor(surroundings *seen, uint32_t fd, object_kind kind, uint32_t map_type, bool look)
{
    object one;
    clear_object(&one, fd, kind);
    one.map_type = map_type;
    if (kind == object_kind::token) {
        one.granted = ~type_set{0};
        one.held.bpf = one.held.net_admin = one.held.perfmon = true;
    }
    if (look && !sys::is_open(one.fd))
        return;
    if (look)
        identify(seen, &one);
    add_object(seen, one);
}

void add_descriptors(surroundings *seen, const map_create_attr &attr, bool look)
{
    if (has(nested, attr.map_type))
        add_descriptor(seen, attr.inner_map_fd, object_kind::map, array, look);
    if (has_types(attr))
        add_descriptor(seen, attr.btf_fd, object_kind::btf, unspec, look);
    if (attr.map_flags & BAREBPF_F_TOKEN_FD)
        add_descriptor(seen, static_cast<uint32_t>(attr.map_token_fd), object_kind::token, unspec, look);
    if (attr.map_flags & BAREBPF_F_VTYPE_BTF_OBJ_FD)
        add_descriptor(seen, static_cast<uint32_t>(attr.value_type_btf_obj_fd), object_kind::module_btf,
                       unspec, look);
    assume_types(seen, attr);
    seen->ops.id = attr.btf_vmlinux_value_type_id;
    seen->ops.size = attr.value_size;
    seen->ops.module_fd = attr.map_flags & BAREBPF_F_VTYPE_BTF_OBJ_FD ? attr.value_type_btf_obj_fd : -1;
    seen->machine.struct_ops = &seen->ops;
    seen->machine.struct_ops_count = seen->ops.id ? 1 : 0;
}

// Debian has the stable release in the version; the release field has its ABI number.
release running_release()
{
    sys::system_name name;
    name.version[0] = name.release[0] = '\0';
    if (sys::name_of_system(&name) < 0)
        return 0;
    for (const char *at = name.version; *at; at++)
        if (starts_with(at, "Debian "))
            if (const release found = release_of_text(at + 7))
                return found;
    return release_of_text(name.release);
}

uint32_t last_number_of(const char *path, uint32_t otherwise)
{
    text_file file;
    uint64_t number = 0;
    return file.read(path) && file.last_number(&number) ? static_cast<uint32_t>(number) : otherwise;
}

// /proc/buddyinfo has a column for each size of the page allocator, the largest of which is kmalloc's limit.
uint32_t kmalloc_max(uint32_t page_size)
{
    text_file file;
    constexpr uint32_t common = 4 << 20, before = 4; // "Node 0, zone DMA"
    if (!file.read("/proc/buddyinfo"))
        return common;
    const uint32_t words = file.words_of_first_line();
    if (words <= before || words > before + 20)
        return common;
    uint32_t most = page_size;
    for (uint32_t order = words - before - 1; order; order--)
        most *= 2;
    return most;
}

void read_caller(surroundings *seen)
{
    uint32_t words[2];
    privileges &caller = seen->machine.caller;
    if (sys::get_capabilities(words) == 0) {
        caller.sys_admin = words[0] >> cap_sys_admin & 1;
        caller.net_admin = words[0] >> cap_net_admin & 1;
        caller.bpf = words[1] >> (cap_bpf - 32) & 1;
        caller.perfmon = words[1] >> (cap_bpf - 1 - 32) & 1;
    }
    const int mode = sys::seccomp_mode();
    seen->filtered = mode != 0;
    seen->surely_filtered = mode == 2;
    char link[32];
    const long size = sys::read_link("/proc/self/ns/user", link, sizeof(link) - 1);
    if (size > 0) {
        link[size] = '\0';
        seen->inner_namespace = !starts_with(link, "user:[4026531837]");
    }
    // Capabilities of a user namespace's root do not count for maps.
    if (!seen->inner_namespace)
        return;
    copy(&seen->lent, &caller, sizeof(caller));
    caller.sys_admin = caller.net_admin = caller.bpf = caller.perfmon = false;
}

void read_limits(surroundings *seen)
{
    sys::rlimit limit;
    clear(&limit);
    if (seen->kernel < release_of(5, 11) && sys::get_rlimit(RLIMIT_MEMLOCK, &limit) == 0)
        seen->machine.memlock = limit.soft;
    const uint32_t disabled = last_number_of("/proc/sys/kernel/unprivileged_bpf_disabled", UINT32_MAX);
    seen->has_bpf = disabled != UINT32_MAX;
    seen->machine.unprivileged_bpf_disabled = seen->has_bpf ? disabled : 0;
    text_file file;
    if (seen->has_bpf && !file.read("/proc/net/dev"))
        seen->machine.config &= ~static_cast<uint32_t>(config_net);
    if (file.read("/sys/kernel/security/lsm"))
        seen->machine.lsm_active = file.has("bpf");
}

void read_sizes(surroundings *seen)
{
    environment &machine = seen->machine;
    machine.kmalloc_max = kmalloc_max(machine.page_size);
    machine.built_for_cpus = last_number_of("/sys/devices/system/cpu/kernel_max", 8191) + 1;
    machine.numa_nodes = last_number_of("/sys/devices/system/node/online", 0) + 1;
    machine.max_stack = last_number_of("/proc/sys/kernel/perf_event_max_stack", 127);
}

// The lowest limit of a cgroup and of all above it. Its path ends with the line.
uint64_t least_limit(const char *mounted_at, const char *path, const char *name)
{
    char where[512];
    uint64_t least = unlimited, limit = 0;
    uint32_t length = 0;
    while (path[length] && path[length] != '\n')
        length++;
    for (;;) {
        writer file = {where, sizeof(where), 0};
        file.put(mounted_at);
        for (uint32_t i = 0; i < length; i++)
            file.put(path[i]);
        file.put(name);
        text_file text;
        const bool fits = file.end() < sizeof(where);
        if (fits && text.read(where) && number_of_text(text.begin(), &limit) && limit < least)
            least = limit;
        if (length == 0)
            return least;
        do
            length--;
        while (length && path[length] != '/');
    }
}

} // namespace

void assume_common_machine(surroundings *seen, const map_create_attr &attr)
{
    clear(seen);
    environment &machine = seen->machine;
    machine.page_size = 4096;
    machine.kmalloc_max = 4 << 20;
    machine.built_for_cpus = 8192;
    machine.possible_cpus = 1;
    machine.numa_nodes = 1;
    machine.pointer_size = sizeof(void *);
    machine.cgroup_key_size = sizeof(void *) == 4 && alignof(uint64_t) == 4 ? 12 : 16;
    machine.local_storage_header = 128;
    machine.max_stack = 127;
    machine.config = config_everything;
    machine.lsm_active = true;
    machine.arena_in_jit = true;
    machine.caller.sys_admin = machine.caller.bpf = true;
    machine.caller.net_admin = machine.caller.perfmon = true;
    machine.memlock = machine.memory = unlimited;
    machine.objects = seen->objects;
    seen->kernel = release_of(7, 3);
    seen->objects_assumed = true;
    add_descriptors(seen, attr, false);
}

void read_for_memory(surroundings *seen, const map_create_attr &attr)
{
    bool guessed = false;
    assume_common_machine(seen, attr);
    if (const release running = running_release())
        seen->kernel = running;
    seen->machine.page_size = page_size();
    seen->machine.possible_cpus = possible_cpus(&guessed);
}

void read_machine(surroundings *seen, const map_create_attr &attr)
{
    read_for_memory(seen, attr);
    seen->machine_read = true;
    seen->objects_assumed = false;
    seen->machine.object_count = 0;
    add_descriptors(seen, attr, true);
    read_sizes(seen);
    read_caller(seen);
    read_limits(seen);
}

void take_known(surroundings *seen, const barebpf_surroundings &known)
{
    environment &machine = seen->machine;
    const auto given = [&](uint32_t bit) { return (known.known & bit) != 0; };
    if (given(BAREBPF_KNOWN_RELEASE))
        seen->kernel = release_from(known.release);
    if (given(BAREBPF_KNOWN_PAGE_SIZE))
        machine.page_size = known.page_size;
    if (given(BAREBPF_KNOWN_POSSIBLE_CPUS))
        machine.possible_cpus = known.possible_cpus;
    if (given(BAREBPF_KNOWN_BUILT_FOR_CPUS))
        machine.built_for_cpus = known.built_for_cpus;
    if (given(BAREBPF_KNOWN_NUMA_NODES))
        machine.numa_nodes = known.numa_nodes;
    if (given(BAREBPF_KNOWN_UNPRIVILEGED))
        machine.unprivileged_bpf_disabled = known.unprivileged_bpf_disabled;
    if (given(BAREBPF_KNOWN_CONFIG))
        machine.config = known.config;
    if (given(BAREBPF_KNOWN_MEMLOCK))
        machine.memlock = known.memlock;
    if (given(BAREBPF_KNOWN_MEMORY))
        machine.memory = known.memory;
    if (!given(BAREBPF_KNOWN_CAPABILITIES))
        return;
    seen->inner_namespace = false;
    machine.caller.sys_admin = known.capabilities & BAREBPF_CAN_SYS_ADMIN;
    machine.caller.bpf = known.capabilities & BAREBPF_CAN_BPF;
    machine.caller.net_admin = known.capabilities & BAREBPF_CAN_NET_ADMIN;
    machine.caller.perfmon = known.capabilities & BAREBPF_CAN_PERFMON;
}

void assume_types(surroundings *seen, const map_create_attr &attr)
{
    btf_type *types = seen->types; // all members are set here
    types[0].specials = types[1].specials = 0;
    types[1].cgroup_key = false;
    types[0].id = attr.btf_key_type_id;
    types[0].size = attr.key_size;
    types[0].kind = attr.map_type == lpm_trie ? btf_kind::structure : btf_kind::integer;
    types[0].cgroup_key = true;
    types[1].id = attr.btf_value_type_id;
    types[1].size = attr.value_size;
    types[1].kind = btf_kind::datasec;
    seen->types_assumed = true;
    seen->types_held = 2;
    for (size_t i = 0; i < seen->machine.object_count; i++)
        if (seen->objects[i].kind == object_kind::btf) {
            seen->objects[i].types = types;
            seen->objects[i].type_count = seen->types_held;
        }
}

uint64_t least_memory_cgroup()
{
    text_file groups;
    if (!groups.read("/proc/self/cgroup"))
        return unlimited;
    const char *old = groups.find(":memory:"), *unified = groups.find("0::");
    if (old)
        return least_limit("/sys/fs/cgroup/memory", old, "/memory.limit_in_bytes");
    return unified ? least_limit("/sys/fs/cgroup", unified, "/memory.max") : unlimited;
}

uint32_t read_types(surroundings *seen, const map_create_attr &attr, void *scratch, size_t size)
{
    btf_info about;
    btf_object btf;
    for (size_t i = 0; i < seen->machine.object_count; i++) {
        object *one = &seen->objects[i];
        uint32_t about_size = sizeof(about);
        if (one->kind != object_kind::btf)
            continue;
        clear(&about);
        about.btf = reinterpret_cast<uintptr_t>(scratch);
        about.btf_size = size < UINT32_MAX ? static_cast<uint32_t>(size) : UINT32_MAX;
        if (barebpf_obj_get_info_by_fd(one->fd, &about, &about_size) < 0)
            return 1;
        if (about.kernel_btf)
            one->kind = object_kind::kernel_btf;
        if (about.btf_size > size || !btf.open(scratch, about.btf_size, seen->machine.pointer_size))
            return 1;
        btf.describe(attr.btf_key_type_id, &seen->types[0]);
        btf.describe(attr.btf_value_type_id, &seen->types[1]);
        seen->types_assumed = false;
        return 1;
    }
    return 0;
}

uint32_t public_release(release kernel)
{
    const uint32_t patch = patch_of(kernel) < 255 ? patch_of(kernel) : 255;
    return major_of(kernel) << 16 | minor_of(kernel) << 8 | patch;
}

release release_from(uint32_t version)
{
    return release_of(version >> 16, version >> 8 & 255, version & 255);
}

release release_of_text(const char *text)
{
    uint32_t parts[3];
    parts[0] = parts[1] = parts[2] = 0;
    for (size_t i = 0; i < 3; i++) {
        if (*text < '0' || *text > '9')
            return i < 2 ? 0 : release_of(parts[0], parts[1]);
        for (; *text >= '0' && *text <= '9'; text++)
            parts[i] = parts[i] * 10 + static_cast<uint32_t>(*text - '0');
        if (i < 2 && *text == '.')
            text++;
        else if (i == 0)
            return 0;
        else
            return release_of(parts[0], parts[1], parts[2]);
    }
    return release_of(parts[0], parts[1], parts[2]);
}

} // namespace barebpf
