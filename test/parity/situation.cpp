// SPDX-License-Identifier: BSD-2-Clause
#include "situation.h"

#include <cerrno>
#include <cstring>

#include "test/model/kernel.h"

namespace barebpf::parity
{
namespace
{

constexpr const char *caller_names[] = {"root", "CAP_BPF", "root without BPF_PROG_LOAD", "nobody"};
constexpr caller callers[] = {caller::root, caller::cap_bpf, caller::no_programs, caller::nobody};

constexpr memlock_setting memlock_settings[] = {
    no_limit,
    {"64K/64K, may raise", {low_memlock, low_memlock}, true},
    {"64K/64K", {low_memlock, low_memlock}, false},
    low_soft_limit,
};
constexpr map_kind map_kinds[] = {small_array, large_array, small_hash};
constexpr const char *map_names[] = {nullptr, "plain", "fifteen_letters", "a.b", "a-b"};

constexpr const char *options_names[] = {"no options", "BTF ids", "flags"};
constexpr options all_options[] = {options::none, options::btf_ids, options::flags};

// An int for the keys and eight bytes for the values.
constexpr btf_type btf_types[] = {
    {1, 4, btf_kind::integer, false, 0},
    {2, 8, btf_kind::structure, false, 0},
};
constexpr object btf = {10, object_kind::btf, false, 0, 0, btf_types, 2, 0, {}};

// Whether a program calls the helper of 5.11 by which libbpf learns that maps are no more charged against
// RLIMIT_MEMLOCK.
bool calls_coarse_clock(const bpf_attr &program)
{
    constexpr int ktime_get_coarse_ns = 160;
    const auto *instructions = reinterpret_cast<const bpf_insn *>(program.insns);
    for (uint32_t i = 0; i < program.insn_cnt; i++)
        if (instructions[i].code == (BPF_JMP | BPF_CALL) && instructions[i].imm == ktime_get_coarse_ns)
            return true;
    return false;
}

// Those of one release and caller.
void add_situations(std::vector<situation> *all, release version, caller by)
{
    for (const memlock_setting &memlock : memlock_settings)
        for (const map_kind &kind : map_kinds)
            for (const char *name : map_names)
                for (const options given : all_options)
                    all->push_back({version, by, memlock, kind, name, given});
}

} // namespace

std::vector<situation> situations()
{
    std::vector<situation> all;
    for (const release version : test::all_releases())
        for (const caller by : callers)
            if (by != caller::cap_bpf || version >= release_of(5, 8))
                add_situations(&all, version, by);
    return all;
}

std::string words(const situation &at)
{
    return "Linux " + std::to_string(major_of(at.version)) + "." + std::to_string(minor_of(at.version)) +
           ", " + caller_names[static_cast<int>(at.by)] + ", " + at.memlock.words + ", " + at.kind.words +
           ", " + (at.name ? at.name : "no name") + ", " + options_names[static_cast<int>(at.given)];
}

call call_of(const situation &at, const bpf_map_create_opts *opts)
{
    return {at.kind.type, at.name, 4, 8, at.kind.entries, at.given == options::none ? nullptr : opts};
}

bpf_map_create_opts opts_of(const situation &at)
{
    bpf_map_create_opts opts{};
    opts.sz = sizeof(opts);
    if (at.given == options::btf_ids) {
        opts.btf_fd = static_cast<uint32_t>(btf.fd);
        opts.btf_key_type_id = 1;
        opts.btf_value_type_id = 2;
    } else if (at.given == options::flags) {
        opts.map_flags = BAREBPF_F_RDONLY_PROG;
    }
    return opts;
}

environment surroundings(const situation &at)
{
    environment surroundings;
    surroundings.objects = &btf;
    surroundings.object_count = 1;
    surroundings.unprivileged_bpf_disabled = 1;
    if (at.by == caller::cap_bpf || at.by == caller::nobody)
        surroundings.caller = {false, at.by == caller::cap_bpf, false, false};
    return surroundings;
}

int answer_program(const situation &at, const bpf_attr &program)
{
    if (at.by == caller::no_programs || at.by == caller::nobody)
        return EPERM;
    if (program.prog_name[0] && !has_names(at))
        return E2BIG;
    return calls_coarse_clock(program) && at.version < release_of(5, 11) ? EINVAL : 0;
}

bool charges_memlock(const situation &at)
{
    return at.version >= release_of(4, 4) && at.version < release_of(5, 11);
}

bool has_names(const situation &at)
{
    return at.version >= release_of(4, 15);
}

bool refuses_name(const situation &at)
{
    if (!at.name || !has_names(at))
        return false;
    return std::strchr(at.name, '-') || (std::strchr(at.name, '.') && at.version < release_of(5, 2));
}

} // namespace barebpf::parity
