/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_EXPLAIN_H
#define BAREBPF_EXPLAIN_H

/*
 * Why a kernel refuses a map: the member of the request, the rule it breaks, what would be accepted, and what
 * to do. Also how much memory a map takes, and the rules themselves, as a reference for BPF_MAP_CREATE.
 *
 * Every function is freestanding, needs no heap, and may be called from any thread and after fork(2). A
 * function that fails returns -errno, and sets errno too if the program has one.
 */
#include "barebpf.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * BAREBPF_CAUSES(X) lists every cause of a refusal: X(UPPER, lower, value). Names and values never change
 * once released. Each value from 64 on is a rule of the kernel; see barebpf_cause_about().
 *
 * none                the kernel accepts the request
 * unknown             not known; barebpf_explanation.possible lists what it may be
 * refused_member      the kernel refuses one member for a reason that no rule of a mainline release gives
 * seccomp             a seccomp filter refused the call before the kernel saw it
 * security_module     a security module (LSM) refuses bpf(2) or maps
 * lockdown            the kernel is older than 5.4 and locked down by a patch; later lockdown refuses no map
 * user_namespace      capabilities that are held in a user namespace only, and no token
 * token_without_type  a token that does not grant the map type
 * memory_cgroup       the limit of a memory cgroup
 * descriptors         RLIMIT_NOFILE (EMFILE), or the system's limit of open files (ENFILE)
 * no_bpf              the kernel has no bpf(2)
 * name_too_long       a name of more than 15 bytes, which barebpf_map_create() refuses
 * bad_opts            bpf_map_create() refuses its opts or its log_opts by their sz
 */
/* clang-format off */
#define BAREBPF_CAUSES(X) \
    X(NONE, none, 0) \
    X(UNKNOWN, unknown, 1) \
    X(REFUSED_MEMBER, refused_member, 2) \
    X(SECCOMP, seccomp, 3) \
    X(SECURITY_MODULE, security_module, 4) \
    X(LOCKDOWN, lockdown, 5) \
    X(USER_NAMESPACE, user_namespace, 6) \
    X(TOKEN_WITHOUT_TYPE, token_without_type, 7) \
    X(MEMORY_CGROUP, memory_cgroup, 8) \
    X(DESCRIPTORS, descriptors, 9) \
    X(NO_BPF, no_bpf, 10) \
    X(NAME_TOO_LONG, name_too_long, 11) \
    X(BAD_OPTS, bad_opts, 12) \
    X(EVERY_COMMAND_NEEDS_ROOT, every_command_needs_root, 64) \
    X(UNPRIVILEGED_BPF_DISABLED, unprivileged_bpf_disabled, 65) \
    X(SIZE_BEYOND_PAGE, size_beyond_page, 66) \
    X(TAIL_BEYOND_UNION, tail_beyond_union, 67) \
    X(UNKNOWN_FIELD, unknown_field, 68) \
    X(VMLINUX_ID_ELSEWHERE, vmlinux_id_elsewhere, 69) \
    X(VMLINUX_ID_AND_BTF_IDS, vmlinux_id_and_btf_ids, 70) \
    X(KEY_ID_WITHOUT_VALUE_ID, key_id_without_value_id, 71) \
    X(MAP_EXTRA_UNUSED, map_extra_unused, 72) \
    X(ACCESS_BOTH_WAYS, access_both_ways, 73) \
    X(NUMA_NODE_OFFLINE, numa_node_offline, 74) \
    X(TYPE_UNKNOWN, type_unknown, 75) \
    X(TYPE_UNSPEC, type_unspec, 76) \
    X(TYPE_NEWER, type_newer, 77) \
    X(TYPE_NOT_BUILT, type_not_built, 78) \
    X(TOKEN_FD_CLOSED, token_fd_closed, 79) \
    X(TOKEN_FD_OTHER, token_fd_other, 80) \
    X(UNPRIVILEGED_BPF_DISABLED_LATE, unprivileged_bpf_disabled_late, 81) \
    X(NEEDS_SYS_ADMIN, needs_sys_admin, 82) \
    X(NEEDS_BPF, needs_bpf, 83) \
    X(NEEDS_NET_ADMIN, needs_net_admin, 84) \
    X(NEEDS_BPF_LATE, needs_bpf_late, 85) \
    X(NEEDS_NET_ADMIN_LATE, needs_net_admin_late, 86) \
    X(ZERO_SEED_NEEDS_SYS_ADMIN, zero_seed_needs_sys_admin, 87) \
    X(FLAGS_NOT_ALLOWED, flags_not_allowed, 88) \
    X(FLAGS_REQUIRED, flags_required, 89) \
    X(PROG_ACCESS_BOTH_WAYS, prog_access_both_ways, 90) \
    X(NUMA_NODE_OF_PERCPU, numa_node_of_percpu, 91) \
    X(ARRAY_SIZES, array_sizes, 92) \
    X(FD_ARRAY_VALUE_SIZE, fd_array_value_size, 93) \
    X(ARRAY_VALUE_SIZE_4_9, array_value_size_4_9, 94) \
    X(ARRAY_VALUE_SIZE_5_19, array_value_size_5_19, 95) \
    X(ARRAY_VALUE_SIZE, array_value_size, 96) \
    X(ARRAY_ROUNDED_UP, array_rounded_up, 97) \
    X(PERCPU_VALUE_SIZE_4_13, percpu_value_size_4_13, 98) \
    X(PERCPU_VALUE_SIZE, percpu_value_size, 99) \
    X(PERCPU_VALUE_MEMORY, percpu_value_memory, 100) \
    X(HASH_SIZES, hash_sizes, 101) \
    X(HASH_OF_MAPS_VALUE_SIZE, hash_of_maps_value_size, 102) \
    X(HASH_KEY_SIZE, hash_key_size, 103) \
    X(HASH_VALUE_SIZE, hash_value_size, 104) \
    X(HASH_ELEMENT_SIZE, hash_element_size, 105) \
    X(HASH_ENTRIES, hash_entries, 106) \
    X(LRU_PREALLOCATES, lru_preallocates, 107) \
    X(STACK_TRACE_SIZES, stack_trace_sizes, 108) \
    X(STACK_TRACE_DEPTH, stack_trace_depth, 109) \
    X(STACK_TRACE_ENTRIES, stack_trace_entries, 110) \
    X(TRIE_SIZES, trie_sizes, 111) \
    X(CPUMAP_SIZES, cpumap_sizes, 112) \
    X(CPUMAP_ENTRIES, cpumap_entries, 113) \
    X(DEVMAP_SIZES, devmap_sizes, 114) \
    X(DEVMAP_HASH_ENTRIES, devmap_hash_entries, 115) \
    X(XSKMAP_SIZES, xskmap_sizes, 116) \
    X(SOCKMAP_SIZES, sockmap_sizes, 117) \
    X(SOCKMAP_ENTRIES, sockmap_entries, 118) \
    X(SOCKHASH_SIZES, sockhash_sizes, 119) \
    X(SOCKHASH_KEY_SIZE, sockhash_key_size, 120) \
    X(SOCKHASH_ENTRIES, sockhash_entries, 121) \
    X(CGROUP_STORAGE_SIZES, cgroup_storage_sizes, 122) \
    X(CGROUP_STORAGE_VALUE_PAGE, cgroup_storage_value_page, 123) \
    X(CGROUP_STORAGE_VALUE_SIZE, cgroup_storage_value_size, 124) \
    X(REUSEPORT_VALUE_SIZE, reuseport_value_size, 125) \
    X(QUEUE_SIZES, queue_sizes, 126) \
    X(QUEUE_VALUE_SIZE, queue_value_size, 127) \
    X(QUEUE_BYTES, queue_bytes, 128) \
    X(STORAGE_SIZES, storage_sizes, 129) \
    X(STORAGE_NEEDS_BTF, storage_needs_btf, 130) \
    X(STORAGE_VALUE_SIZE, storage_value_size, 131) \
    X(STORAGE_NEEDS_LSM, storage_needs_lsm, 132) \
    X(STRUCT_OPS_SIZES, struct_ops_sizes, 133) \
    X(STRUCT_OPS_NEEDS_ID, struct_ops_needs_id, 134) \
    X(STRUCT_OPS_BTF_CLOSED, struct_ops_btf_closed, 135) \
    X(STRUCT_OPS_BTF_OTHER, struct_ops_btf_other, 136) \
    X(STRUCT_OPS_UNKNOWN, struct_ops_unknown, 137) \
    X(STRUCT_OPS_VALUE_SIZE, struct_ops_value_size, 138) \
    X(RINGBUF_SIZES, ringbuf_sizes, 139) \
    X(RINGBUF_ENTRIES, ringbuf_entries, 140) \
    X(BLOOM_VALUE_SIZE, bloom_value_size, 141) \
    X(BLOOM_SIZES, bloom_sizes, 142) \
    X(BLOOM_FUNCTIONS, bloom_functions, 143) \
    X(ARENA_NOT_IN_JIT, arena_not_in_jit, 144) \
    X(ARENA_SIZES, arena_sizes, 145) \
    X(ARENA_ADDRESS, arena_address, 146) \
    X(ARENA_ENTRIES, arena_entries, 147) \
    X(ARENA_CROSSES, arena_crosses, 148) \
    X(INSN_ARRAY_SIZES, insn_array_sizes, 149) \
    X(RHASH_HINT_HIGH, rhash_hint_high, 150) \
    X(RHASH_SIZES, rhash_sizes, 151) \
    X(RHASH_HINT_ABOVE_ENTRIES, rhash_hint_above_entries, 152) \
    X(RHASH_HINT, rhash_hint, 153) \
    X(RHASH_KEY_SIZE, rhash_key_size, 154) \
    X(RHASH_ENTRIES, rhash_entries, 155) \
    X(INNER_FD_CLOSED, inner_fd_closed, 156) \
    X(INNER_FD_OTHER, inner_fd_other, 157) \
    X(INNER_IS_NESTED, inner_is_nested, 158) \
    X(INNER_TYPE, inner_type, 159) \
    X(INNER_SPIN_LOCK, inner_spin_lock, 160) \
    X(INNER_EXCLUSIVE, inner_exclusive, 161) \
    X(OFFLOAD_NOT_BUILT, offload_not_built, 162) \
    X(OFFLOAD_NEEDS_SYS_ADMIN, offload_needs_sys_admin, 163) \
    X(OFFLOAD_TYPE, offload_type, 164) \
    X(OFFLOAD_NO_DEVICE, offload_no_device, 165) \
    X(OFFLOAD_UNSUPPORTED, offload_unsupported, 166) \
    X(ARRAY_COST, array_cost, 167) \
    X(HASH_COST_3_19, hash_cost_3_19, 168) \
    X(NET_COST, net_cost, 169) \
    X(DEVMAP_COST, devmap_cost, 170) \
    X(SOCKHASH_COST, sockhash_cost, 171) \
    X(COST, cost, 172) \
    X(MEMLOCK_DEVMAP, memlock_devmap, 173) \
    X(MEMLOCK, memlock, 174) \
    X(MEMORY, memory, 175) \
    X(NAME_UNTERMINATED, name_unterminated, 176) \
    X(NAME_DOT, name_dot, 177) \
    X(NAME_CHARACTER, name_character, 178) \
    X(BTF_NEEDS_BOTH_IDS, btf_needs_both_ids, 179) \
    X(BTF_NEEDS_VALUE_ID, btf_needs_value_id, 180) \
    X(BTF_FD_CLOSED, btf_fd_closed, 181) \
    X(BTF_FD_OTHER, btf_fd_other, 182) \
    X(BTF_OF_KERNEL, btf_of_kernel, 183) \
    X(BTF_KEY_UNKNOWN, btf_key_unknown, 184) \
    X(BTF_KEY_SIZE, btf_key_size, 185) \
    X(BTF_KEY_NEEDED, btf_key_needed, 186) \
    X(BTF_HASH_KEY_NEEDED, btf_hash_key_needed, 187) \
    X(BTF_VALUE_UNKNOWN, btf_value_unknown, 188) \
    X(BTF_VALUE_SIZE, btf_value_size, 189) \
    X(BTF_SPECIAL_NEEDS_BPF, btf_special_needs_bpf, 190) \
    X(BTF_SPECIAL_READ_ONLY, btf_special_read_only, 191) \
    X(BTF_SPIN_LOCK_TYPE, btf_spin_lock_type, 192) \
    X(BTF_SPECIAL_TYPE, btf_special_type, 193) \
    X(BTF_REFUSED, btf_refused, 194) \
    X(BTF_ARRAY_KEY, btf_array_key, 195) \
    X(BTF_ARRAY_KEYLESS, btf_array_keyless, 196) \
    X(BTF_TRIE_KEY, btf_trie_key, 197) \
    X(BTF_CGROUP_KEY, btf_cgroup_key, 198) \
    X(BTF_STORAGE_KEY, btf_storage_key, 199) \
    X(BTF_KEYLESS, btf_keyless, 200) \
    X(BTF_UNUSABLE, btf_unusable, 201) \
    X(EXCLUSIVE_SIZE, exclusive_size, 202) \
    X(EXCLUSIVE_UNREADABLE, exclusive_unreadable, 203) \
    X(EXCLUSIVE_MISSING, exclusive_missing, 204) \
    X(ACCESS_BOTH_WAYS_LAST, access_both_ways_last, 205)
/* clang-format on */

/* BAREBPF_CAUSE_*: the causes. */
enum {
#define BAREBPF_ENUMERATOR(upper, lower, value) BAREBPF_CAUSE_##upper = value,
    BAREBPF_CAUSES(BAREBPF_ENUMERATOR)
#undef BAREBPF_ENUMERATOR
};

/*
 * BAREBPF_SURE_*: how certain a cause is.
 *
 * CANNOT_TELL  it is not known: the cause is BAREBPF_CAUSE_UNKNOWN
 * PREDICTED    the rules of this release give this errno for this reason; no request to the kernel was
 *              allowed, or none could decide it
 * PROVED       the kernel accepted the request with this one thing changed, and refused it with only this
 *              thing as given; or it was found in the request or the process itself
 * SAID         the kernel's own message says so (Linux 7.2)
 */
enum {
    BAREBPF_SURE_CANNOT_TELL,
    BAREBPF_SURE_PREDICTED,
    BAREBPF_SURE_PROVED,
    BAREBPF_SURE_SAID
};

/*
 * BAREBPF_ACCEPTS_*: what would be accepted in place of the member's value, in terms of the explanation's low
 * and high.
 *
 * NOTHING       no value of a member would help
 * NUMBER        low alone
 * EITHER        low or high
 * RANGE         low to high
 * MULTIPLE      multiples of low up to high
 * POWER_OF_TWO  powers of two from low to high
 * FLAGS         map_flags of which all bits are in low
 * FLAGS_NEEDED  map_flags with all bits of low
 * ABSENT        0: the member must be left out
 * NAME          a name; value is the number of its bytes that can stay
 * OBJECT        a descriptor of the right kind
 * ID            the id of a BTF type of the right kind
 * RELEASE       any value, from the release in low on (as by KERNEL_VERSION())
 * CAPABILITY    the same request, from a caller with the capability low (CAP_BPF is 39, ...)
 */
enum {
    BAREBPF_ACCEPTS_NOTHING,
    BAREBPF_ACCEPTS_NUMBER,
    BAREBPF_ACCEPTS_EITHER,
    BAREBPF_ACCEPTS_RANGE,
    BAREBPF_ACCEPTS_MULTIPLE,
    BAREBPF_ACCEPTS_POWER_OF_TWO,
    BAREBPF_ACCEPTS_FLAGS,
    BAREBPF_ACCEPTS_FLAGS_NEEDED,
    BAREBPF_ACCEPTS_ABSENT,
    BAREBPF_ACCEPTS_NAME,
    BAREBPF_ACCEPTS_OBJECT,
    BAREBPF_ACCEPTS_ID,
    BAREBPF_ACCEPTS_RELEASE,
    BAREBPF_ACCEPTS_CAPABILITY
};

/* In place of a member's index: no member. */
#define BAREBPF_NO_MEMBER 0xffffffffu

/* BAREBPF_KNOWN_*: which members of barebpf_surroundings are set. */
enum {
    BAREBPF_KNOWN_RELEASE = 1 << 0,
    BAREBPF_KNOWN_PAGE_SIZE = 1 << 1,
    BAREBPF_KNOWN_POSSIBLE_CPUS = 1 << 2,
    BAREBPF_KNOWN_BUILT_FOR_CPUS = 1 << 3,
    BAREBPF_KNOWN_NUMA_NODES = 1 << 4,
    BAREBPF_KNOWN_CAPABILITIES = 1 << 5,
    BAREBPF_KNOWN_UNPRIVILEGED = 1 << 6,
    BAREBPF_KNOWN_CONFIG = 1 << 7,
    BAREBPF_KNOWN_MEMLOCK = 1 << 8,
    BAREBPF_KNOWN_MEMORY = 1 << 9
};

/* BAREBPF_CAN_*: capabilities that matter to BPF_MAP_CREATE. */
enum {
    BAREBPF_CAN_SYS_ADMIN = 1 << 0,
    BAREBPF_CAN_BPF = 1 << 1,
    BAREBPF_CAN_NET_ADMIN = 1 << 2,
    BAREBPF_CAN_PERFMON = 1 << 3
};

/*
 * barebpf_surroundings: what a kernel's result depends on besides the request, for what the caller knows
 * better than this machine shows. Zero the whole struct, then set sz to sizeof(struct barebpf_surroundings),
 * and known to the BAREBPF_KNOWN_* bits of the members you set.
 */
struct barebpf_surroundings {
    size_t sz;
    uint32_t known;
    uint32_t release;                   /* of the kernel, as by KERNEL_VERSION() */
    uint32_t page_size;                 /* bytes */
    uint32_t possible_cpus;             /* one more than the highest CPU number */
    uint32_t built_for_cpus;            /* NR_CPUS */
    uint32_t numa_nodes;                /* one more than the highest number of an online node */
    uint32_t capabilities;              /* BAREBPF_CAN_* bits of the caller, in the initial user namespace */
    uint32_t unprivileged_bpf_disabled; /* sysctl kernel.unprivileged_bpf_disabled */
    uint32_t config;  /* what the kernel was built with, bits as of barebpf_map_type_config() */
    uint32_t offline; /* 1: nothing is read from this machine; members that are not set count as those of a
                         common one: x86-64 with 4 KiB pages, one CPU and node, and all capabilities */
    size_t padding;
    uint64_t memlock; /* bytes left of RLIMIT_MEMLOCK; UINT64_MAX: no limit */
    uint64_t memory;  /* bytes available for maps; UINT64_MAX: no limit */
};
#define barebpf_surroundings__releases(X) X(memory) /* 0.1.0 */

/*
 * barebpf_explain_opts: how to explain. Zero the whole struct, then set sz to sizeof(struct
 * barebpf_explain_opts). With zeroed opts bpf(2) is not called.
 */
struct barebpf_explain_opts {
    size_t sz;
    const struct barebpf_surroundings *surroundings; /* NULL: those of this machine */
    const char *log;     /* the kernel's message about the request, with its NUL; NULL: none */
    void *scratch;       /* room for the BTF object behind btf_fd; NULL: it is not read */
    size_t scratch_size; /* bytes of it */
    uint32_t calls;      /* limit on calls of bpf(2), at most 40; every map they make is closed at once */
    uint32_t
        words; /* 1: members go by the words of the command line (key, entries) rather than their names */
};
#define barebpf_explain_opts__releases(X) X(words) /* 0.1.0 */

/*
 * barebpf_explanation: what barebpf_explain() found. Zero the whole struct, then set sz to sizeof(struct
 * barebpf_explanation), and text and remedy for sentences. Both buffers stay the caller's; a sentence that
 * does not fit is cut, and always ends with a NUL.
 */
struct barebpf_explanation {
    size_t sz;
    char *text;   /* in: buffer for a sentence with the reason */
    char *remedy; /* in: buffer for one with the remedy; empty when none is known */
    size_t padding;
    uint32_t text_size;        /* in: bytes of text */
    uint32_t remedy_size;      /* in: bytes of remedy */
    uint32_t text_true_size;   /* bytes the whole sentence needs with its NUL */
    uint32_t remedy_true_size; /* likewise */
    uint32_t cause;            /* BAREBPF_CAUSE_* */
    uint32_t confidence;       /* BAREBPF_SURE_* */
    uint32_t member;           /* index as for barebpf_map_field_name(), or BAREBPF_NO_MEMBER */
    uint32_t accepts;          /* BAREBPF_ACCEPTS_* */
    uint64_t given; /* the member's value in the request; for a name the offset of the wrong byte */
    uint64_t low;   /* as accepts says */
    uint64_t high;
    uint64_t value;          /* for the member, so that the request is accepted as far as this cause goes */
    uint64_t needed;         /* E2BIG, ENOMEM, EPERM for memory: bytes that the map takes; else 0 */
    uint64_t left;           /* bytes of them there are; UINT64_MAX: not known */
    int32_t error;           /* the errno explained: as passed, or of the kernel's refusal when retried */
    uint32_t release;        /* of the kernel, as by KERNEL_VERSION() */
    uint32_t calls;          /* calls of bpf(2) that were made */
    uint32_t possible_count; /* cause unknown: the number of entries in possible */
    uint32_t possible[8];    /* BAREBPF_CAUSE_* it may be, the likeliest first */
};
#define barebpf_explanation__releases(X) X(possible) /* 0.1.0 */

/*
 * barebpf_explain() finds out why the kernel refuses the map that spec describes. error is the errno of the
 * refusal; 0 if the request was never made: then the result is what the kernel would do. opts may be NULL.
 *
 * It uses, in this order, the kernel's own message; the rules of the kernel's release, with the surroundings
 * read from the machine; and, as far as opts->calls allows, requests for the map with one thing changed at a
 * time. Maps made that way are closed at once, and nothing else is changed. These requests are for small
 * maps, however large the one of the request, except that the request itself is made again.
 *
 * Besides bpf(2) it calls uname, capget, prctl, prlimit64, fcntl, msync and sched_getaffinity, and reads
 * files of /proc and /sys, each of which may be missing. With surroundings->offline it does none of this.
 *
 * Returns 0 and fills *explanation. EINVAL with nothing written: spec or explanation is NULL, or the sz of
 * spec, opts, surroundings or *explanation is below the size of the struct in its first release or above
 * 4096, or covers a set byte beyond the members known here.
 */
BAREBPF_API int barebpf_explain(const struct barebpf_map_spec *spec, int error,
                                const struct barebpf_explain_opts *opts,
                                struct barebpf_explanation *explanation);

/*
 * barebpf_explain_create() does the same for the arguments of bpf_map_create(); map_opts may be NULL.
 * barebpf_explain_attr() does the same for the attr of a BPF_MAP_CREATE, size bytes at attr, as passed to
 * bpf(2); EINVAL too when size is above 1 MiB or attr is NULL.
 */
struct bpf_map_create_opts;
BAREBPF_API int barebpf_explain_create(uint32_t map_type, const char *map_name, uint32_t key_size,
                                       uint32_t value_size, uint32_t max_entries,
                                       const struct bpf_map_create_opts *map_opts, int error,
                                       const struct barebpf_explain_opts *opts,
                                       struct barebpf_explanation *explanation);
BAREBPF_API int barebpf_explain_attr(const void *attr, uint32_t size, int error,
                                     const struct barebpf_explain_opts *opts,
                                     struct barebpf_explanation *explanation);

/*
 * barebpf_map_memory() calculates the bytes the kernel allocates for a map when it is made: the memlock of
 * the map's fdinfo on Linux 6.1 and newer, within 10 percent on 64-bit kernels. It counts the values of every
 * possible CPU, and elements only if the type preallocates them, except that kernels from 5.11 to 6.3 count
 * keys and values of all entries, in whole pages, and nothing else. surroundings may be NULL: this machine.
 * Makes no bpf(2) call. Returns 0 and sets *bytes; errors as barebpf_explain().
 */
BAREBPF_API int barebpf_map_memory(const struct barebpf_map_spec *spec,
                                   const struct barebpf_surroundings *surroundings, uint64_t *bytes);

/*
 * barebpf_cause: what is known of a cause, whatever the request. Zero the whole struct, then set sz to
 * sizeof(struct barebpf_cause). For a cause that is no rule of the kernel only name, text and member are set.
 */
struct barebpf_cause {
    size_t sz;
    const char *name;      /* as in BAREBPF_CAUSES */
    const char *source;    /* kernel file with the rule, NULL for none */
    const char *text;      /* the rule in a sentence; text in braces depends on the request */
    int32_t error;         /* errno of the refusal */
    uint32_t since;        /* first mainline release that has it, 0: every one */
    uint32_t until;        /* first without it again, 0: none; releases as by KERNEL_VERSION() */
    uint32_t member;       /* index as for barebpf_map_field_name(); BAREBPF_NO_MEMBER: none, or several */
    uint32_t backports[8]; /* stable releases it was backported to, and their successors of the same series; 0
                              after the last */
};
#define barebpf_cause__releases(X) X(backports) /* 0.1.0 */

/*
 * barebpf_cause_about() fills *about for a BAREBPF_CAUSE_*. Returns 0; ENOENT for no cause, EINVAL for a
 * broken sz. barebpf_cause_name() is a cause's name, NULL for no cause, barebpf_cause_by_name() the reverse,
 * -ENOENT for an unknown name. barebpf_cause_at() lists the rules in the order in which the kernel checks
 * them: the cause at an index from 0 on, -ENOENT after the last. barebpf_confidence_name() is the name of a
 * BAREBPF_SURE_*, NULL for none. None of these makes a syscall.
 */
BAREBPF_API int barebpf_cause_about(uint32_t cause, struct barebpf_cause *about);
BAREBPF_API const char *barebpf_cause_name(uint32_t cause);
BAREBPF_API int barebpf_cause_by_name(const char *name);
BAREBPF_API int barebpf_cause_at(uint32_t index);
BAREBPF_API const char *barebpf_confidence_name(uint32_t confidence);

#ifdef __cplusplus
}
#endif

#endif
