// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_RULES_RULES_H
#define BAREBPF_LIB_RULES_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "lib/core/attr.h"
#include "lib/facts/rule_list.h"
#include "lib/facts/types.h"

// A model of the kernel's side of BPF_MAP_CREATE, as a pure function: from a release, its surroundings and
// the bytes of a request it computes the errno that kernel returns and the rule behind it.
namespace barebpf
{

const char *name_of(rule which);
const char *source_of(rule which);

// The sentence in rule_list.h, with its placeholders.
const char *sentence_of(rule which);
int error_of(rule which);

// A rule holds in mainline releases from `since` up to, but not including, `until`.
release since_of(rule which);
release until_of(rule which);

// True if a rule holds in a release, including stable releases it was backported to.
bool in_force(rule which, release kernel);

// The stable releases a rule was backported to, index counting from 0; `never` after the last.
release carried_back_to(rule which, size_t index);

struct privileges {
    bool sys_admin;
    bool bpf;
    bool net_admin;
    bool perfmon;
};

// A type in a BTF object as BPF_MAP_CREATE sees it: typedefs and qualifiers resolved, an array as large as
// all its elements.
enum class btf_kind : uint8_t {
    other,   // only its size matters: pointer, union, array, enum, float
    integer, // an int without an offset; size says how many bits
    structure,
    datasec,
    odd_int,  // an int with an offset, or with fewer bits than its bytes have
    sizeless, // forward, function
};

// Members of a value that the kernel itself manages.
enum special : uint16_t {
    special_spin_lock = 1 << 0,
    special_timer = 1 << 1,
    special_kptr = 1 << 2,
    special_list_head = 1 << 3,
    special_rb_root = 1 << 4,
    special_workqueue = 1 << 5,
    special_uptr = 1 << 6,
    special_task_work = 1 << 7,
    special_res_spin_lock = 1 << 8,
};

struct btf_type {
    uint32_t id;
    uint32_t size;
    btf_kind kind;
    bool cgroup_key; // laid out as struct bpf_cgroup_storage_key
    uint16_t specials;
};

// The object behind a descriptor.
enum class object_kind : uint8_t {
    other, // open, but none of these
    map,
    btf,
    kernel_btf,
    module_btf,
    token,
};

struct object {
    int32_t fd;
    object_kind kind;
    bool exclusive;        // map: made with excl_prog_hash
    uint16_t specials;     // map: the special members of its values
    uint32_t map_type;     // map
    const btf_type *types; // btf
    uint32_t type_count;   // btf
    type_set granted;      // token: the map types it allows
    privileges held;       // token: capabilities in its user namespace
};

struct network_device {
    uint32_t ifindex;
    bool holds_maps;
};

// A struct_ops type of the kernel: its id in the kernel's own BTF, or in that of the module behind module_fd,
// and the bytes of its value.
struct struct_ops_type {
    uint32_t id;
    uint32_t size;
    int32_t module_fd; // -1: the kernel itself
};

inline constexpr uint64_t unlimited = UINT64_MAX;

// Everything else the kernel's result depends on. Descriptors and devices not listed do not exist; the attr
// itself is readable.
struct environment {
    uint32_t page_size = 4096;
    uint32_t kmalloc_max = 4 << 20; // KMALLOC_MAX_SIZE
    uint32_t built_for_cpus = 8192; // NR_CPUS
    uint32_t possible_cpus = 1;
    uint32_t numa_nodes = 1;
    uint32_t pointer_size = 8;
    uint32_t cgroup_key_size = 16;       // of the kernel's struct bpf_cgroup_storage_key; 12 on i386
    uint32_t local_storage_header = 128; // what local storage maps take off U16_MAX
    uint32_t max_stack = 127;            // sysctl kernel.perf_event_max_stack
    uint32_t config = config_everything;
    uint32_t unprivileged_bpf_disabled = 0;
    bool lsm_active = true;
    bool arena_in_jit = true;
    bool shift_count_wraps = false; // i386: a 32-bit number shifted by 32 is shifted by 0
    privileges caller = {true, true, true, true};
    uint64_t memlock = unlimited; // bytes left of RLIMIT_MEMLOCK, before 5.11
    uint64_t memory = unlimited;  // bytes the machine can give
    const object *objects = nullptr;
    size_t object_count = 0;
    const network_device *devices = nullptr;
    size_t device_count = 0;
    const struct_ops_type *struct_ops = nullptr;
    size_t struct_ops_count = 0;
};

struct verdict {
    int error; // 0: a map is made
    rule why;
    uint32_t map_type;
    release kernel;
    uint64_t numbers[2]; // for the placeholders of the rule's sentence
};

// The verdict of `kernel` on BPF_MAP_CREATE with `size` bytes at `attr`.
verdict decide(release kernel, const environment &surroundings, const void *attr, uint32_t size);

// Writes the reason into text, at most size bytes with the final NUL; returns its uncut length.
size_t explain(const verdict &given, char *text, size_t size);

} // namespace barebpf

#endif
