// SPDX-License-Identifier: BSD-2-Clause
#include "sentence.h"
#include "barebpf/probe.h"
#include "files.h"
#include "lib/core/errno.h"
#include "lib/rules/writer.h"

namespace barebpf
{
namespace
{

// The command line's words for members; members without one are called by their names.
struct word {
    field member;
    char text[12];
};

constexpr word command_line[] = {
    {field::map_type, "type"},
    {field::key_size, "key"},
    {field::value_size, "value"},
    {field::max_entries, "entries"},
    {field::map_flags, "flags"},
    {field::inner_map_fd, "inner_map"},
    {field::numa_node, "numa"},
    {field::map_name, "name"},
    {field::map_ifindex, "offload_dev"},
    {field::map_extra, "extra"},
    {field::map_token_fd, "token"},
    {field::btf_fd, "btf"},
    {field::btf_key_type_id, "key_type"},
    {field::btf_value_type_id, "value_type"},
    {field::btf_vmlinux_value_type_id, "value_type"},
};

struct page : writer {
    const inquiry &of;
    bool words;

    page(const inquiry &about, bool in_words, char *to, size_t size) : of(about), words(in_words)
    {
        text = to;
        room = size;
        length = 0;
    }

    void put_member(field member) { put(name_of(member, words)); }

    void put_setting(field member, uint64_t number)
    {
        put_member(member);
        put(words ? " " : " = ");
        put_decimal(number);
    }

    void put_public_release(uint64_t version)
    {
        put("Linux ");
        put_release(release_from(static_cast<uint32_t>(version)));
    }
};

bool mentions(const char *sentence, const char *placeholder)
{
    for (; *sentence; sentence++)
        if (starts_with(sentence, placeholder))
            return true;
    return false;
}

bool is_number(field member)
{
    return member == field::key_size || member == field::value_size || member == field::max_entries ||
           member == field::map_extra || member == field::excl_prog_hash_size ||
           member == field::btf_key_type_id || member == field::btf_vmlinux_value_type_id;
}

// Sentences about sizes leave out the value given.
void put_given(page &out, const char *sentence)
{
    const remedy &how = out.of.found.how;
    const bool in_bytes = facts_of(out.of.found.ruling.why).member == field::max_entries;
    if (!is_number(how.member) || how.accepts == BAREBPF_ACCEPTS_ID ||
        (mentions(sentence, "{0}") && !in_bytes))
        return;
    out.put("; ");
    out.put_member(how.member);
    out.put(" is ");
    if (how.member == field::map_extra)
        out.put_hexadecimal(how.given);
    else
        out.put_decimal(how.given);
}

// Descriptor 0 means that none was given.
bool lacks_inner_map(const inquiry &of)
{
    return of.found.how.member == field::inner_map_fd && !of.given.inner_map_fd;
}

// Such a kernel is not the release it claims, or was built without the feature.
bool should_know_member(const inquiry &of)
{
    const rule why = of.found.ruling.why;
    return (why == rule::unknown_field || why == rule::tail_beyond_union) &&
           of.found.how.member != field::none &&
           attr_fields[static_cast<size_t>(of.found.how.member)].since <= of.seen.kernel;
}

void put_rule(page &out)
{
    if (should_know_member(out.of)) {
        out.put("this kernel does not know ");
        out.put(attr_fields[static_cast<size_t>(out.of.found.how.member)].name);
        out.put(", though it calls itself Linux ");
        return out.put_release(out.of.seen.kernel);
    }
    if (lacks_inner_map(out.of)) {
        out.put_type_with_article(out.of.given.map_type);
        out.put(" needs an inner map, the template of those it will hold, and none was given");
        return;
    }
    char text[256];
    const verdict &ruling = out.of.found.ruling;
    explain(ruling, text, sizeof(text));
    out.put(text);
    put_given(out, sentence_of(ruling.why));
}

void put_refused_member(page &out)
{
    const remedy &how = out.of.found.how;
    out.put("this kernel refuses ");
    if (how.member == field::map_flags) {
        out.put("flag ");
        out.put_flags(static_cast<uint32_t>(how.given & ~how.value));
    } else if (how.member == field::map_name) {
        out.put("this ");
        out.put_member(how.member);
    } else {
        out.put_member(how.member);
        out.put(" ");
        out.put_decimal(how.given);
    }
    out.put(" here, for a reason that no rule of a mainline release gives");
}

// The sentence of a cause up to its first comma, which is enough when there are several causes.
void put_possible(page &out)
{
    const finding &found = out.of.found;
    out.put("cannot tell");
    if (found.possible_count)
        out.put(found.possible_count > 1 ? ": one of " : "; perhaps ");
    for (uint32_t i = 0; i < found.possible_count; i++) {
        out.put(i ? ", " : "");
        out.put(name_of(found.possible[i]));
    }
}

void put_memory_cgroup(page &out)
{
    out.put("the map takes ");
    out.put_decimal(out.of.found.needed);
    out.put(" bytes, and the memory cgroup of this process has a limit of ");
    out.put_decimal(out.of.found.left);
}

void put_limits(page &out)
{
    out.put(out.of.error == EMFILE ? "this process has no descriptor left (EMFILE, RLIMIT_NOFILE)"
                                   : "the system has no open file left (ENFILE, sysctl fs.file-max)");
}

void put_filter(page &out)
{
    out.put("a seccomp filter is in force, and it answered bpf(2) in the kernel's place with ");
    const char *name = barebpf_errno_name(out.of.error);
    out.put(name ? name : "an errno of its own");
}

void put_namespace(page &out)
{
    out.put("this process has its capabilities in a user namespace, where they do not count: ");
    put_rule(out);
}

void put_token(page &out)
{
    out.put("the BPF token does not let its holder make ");
    out.put_type(out.of.given.map_type);
    out.put(" maps: ");
    put_rule(out);
}

void put_accepted_values(page &out)
{
    const remedy &how = out.of.found.how;
    switch (how.accepts) {
    case BAREBPF_ACCEPTS_EITHER:
        out.put_setting(how.member, how.low);
        out.put(" or ");
        return out.put_decimal(how.high);
    case BAREBPF_ACCEPTS_RANGE:
        out.put_setting(how.member, how.value);
        if (how.low != how.high)
            out.put(how.given < how.low ? " or more" : how.value ? " or less" : "");
        return;
    case BAREBPF_ACCEPTS_MULTIPLE:
        out.put_setting(how.member, how.value);
        out.put(", or another multiple of ");
        return out.put_decimal(how.low);
    default:
        return out.put_setting(how.member, how.value);
    }
}

void put_rounded(page &out)
{
    put_accepted_values(out);
    out.put(out.words ? ", or --give-up=size" : ", or BAREBPF_GIVE_UP_SIZE");
}

void put_flags_kept(page &out)
{
    const remedy &how = out.of.found.how;
    const auto gone = static_cast<uint32_t>(how.given & ~how.value);
    out.put("leave flag ");
    out.put_flags(gone);
    out.put(" out");
    if (facts_of(out.of.found.ruling.why).how != mending::allowed)
        return;
    out.put("; it takes ");
    if (how.low)
        out.put_flags(static_cast<uint32_t>(how.low));
    else
        out.put("no flags");
    for (uint32_t bit = 0; bit < 32; bit++) {
        const uint32_t since = gone >> bit & 1 ? barebpf_map_flag_since(out.of.given.map_type, bit) : 0;
        if (!since || release_from(since) <= out.of.seen.kernel)
            continue;
        out.put(", and ");
        out.put_flags(uint32_t{1} << bit);
        out.put(" from ");
        out.put_public_release(since);
        out.put(" on");
    }
}

void put_absent(page &out)
{
    const remedy &how = out.of.found.how;
    out.put("leave ");
    if (how.member == field::none)
        out.put("what is set behind the attr");
    else
        out.put_member(how.member);
    out.put(" out");
    const rule why = out.of.found.ruling.why;
    if (how.member == field::none || (why != rule::unknown_field && why != rule::tail_beyond_union))
        return;
    const release since = attr_fields[static_cast<size_t>(how.member)].since;
    if (since <= out.of.seen.kernel)
        return;
    out.put(", or use Linux ");
    out.put_release(since);
    out.put(" or newer");
}

// Mends the next byte that the kernel refuses in a name; false if there is none.
bool mend_next_byte(const page &out, map_create_attr *attr)
{
    remedy ignored;
    const verdict ruling = decide_on(out.of.seen, out.of.seen.kernel, *attr);
    return facts_of(ruling.why).member == field::map_name && mend(attr, &ignored, out.of.seen, ruling);
}

void put_name(page &out)
{
    map_create_attr plain;
    copy(&plain, &out.of.given, sizeof(plain));
    while (mend_next_byte(out, &plain))
        continue;
    out.put_member(field::map_name);
    out.put(out.words ? " " : " = ");
    out.put(plain.map_name);
    out.put(out.words ? ", or --give-up=name_chars" : ", or BAREBPF_GIVE_UP_NAME_CHARS");
}

void put_capability(page &out, uint64_t number)
{
    out.put("run it with ");
    out.put(number == cap_net_admin ? "CAP_NET_ADMIN" : number == cap_bpf ? "CAP_BPF" : "CAP_SYS_ADMIN");
    if (number == cap_bpf && out.of.seen.kernel < release_of(5, 8))
        out.put(" (which Linux 5.8 brought: before, CAP_SYS_ADMIN)");
}

void put_id(page &out)
{
    const bool of_kernel = out.of.found.ruling.why != rule::storage_needs_btf;
    if (out.words)
        return out.put(of_kernel ? "btf FILE value_type bpf_struct_ops_NAME"
                                 : "btf FILE key_type int value_type NAME");
    if (!of_kernel)
        return out.put("load BTF (BPF_BTF_LOAD) and give the ids of the types of key and value");
    out.put("give the id of a type bpf_struct_ops_NAME in the kernel's own BTF");
}

void put_object(page &out)
{
    out.put("give the descriptor of a map, such as a hash or an array, as ");
    out.put_member(field::inner_map_fd);
}

void put_by_accepts(page &out)
{
    const remedy &how = out.of.found.how;
    switch (how.accepts) {
    case BAREBPF_ACCEPTS_NUMBER:
    case BAREBPF_ACCEPTS_EITHER:
    case BAREBPF_ACCEPTS_RANGE:
    case BAREBPF_ACCEPTS_MULTIPLE:
        return put_accepted_values(out);
    case BAREBPF_ACCEPTS_POWER_OF_TWO:
        return put_rounded(out);
    case BAREBPF_ACCEPTS_FLAGS:
        return put_flags_kept(out);
    case BAREBPF_ACCEPTS_FLAGS_NEEDED:
        out.put(out.words ? "flags " : "add flag ");
        return out.put_flags(static_cast<uint32_t>(how.low));
    case BAREBPF_ACCEPTS_ABSENT:
        return put_absent(out);
    case BAREBPF_ACCEPTS_NAME:
        return put_name(out);
    case BAREBPF_ACCEPTS_OBJECT:
        return put_object(out);
    case BAREBPF_ACCEPTS_ID:
        return put_id(out);
    case BAREBPF_ACCEPTS_RELEASE:
        out.put("use ");
        out.put_public_release(how.low);
        return out.put(" or newer");
    case BAREBPF_ACCEPTS_CAPABILITY:
        return put_capability(out, how.low);
    default:
        return;
    }
}

void put_config(page &out)
{
    bool started = false;
    const uint32_t needs = needed_config(out.of.given.map_type, out.of.seen.kernel);
    for (uint32_t bit = 0; bit < 32; bit++) {
        if (!(needs >> bit & 1))
            continue;
        out.put(started ? " and CONFIG_" : "use a kernel built with CONFIG_");
        out.put(barebpf_config_name(bit));
        started = true;
    }
}

void put_key_type(page &out)
{
    out.put("give ");
    out.put_member(field::btf_key_type_id);
    out.put(" too, or leave ");
    out.put_member(field::btf_fd);
    out.put(" out");
}

void put_rule_remedy(page &out)
{
    switch (out.of.found.ruling.why) {
    case rule::memlock:
    case rule::memlock_devmap:
        out.put("raise RLIMIT_MEMLOCK (ulimit -l)");
        if (out.of.found.how.accepts == BAREBPF_ACCEPTS_NOTHING)
            return;
        out.put(", or ");
        return put_accepted_values(out);
    case rule::memory:
        return out.put("ask for fewer entries or smaller values");
    case rule::unprivileged_bpf_disabled:
    case rule::unprivileged_bpf_disabled_late:
        put_by_accepts(out);
        return out.put(", or sysctl kernel.unprivileged_bpf_disabled=0 if it is not 1");
    case rule::type_not_built:
        return put_config(out);
    case rule::storage_needs_lsm:
        return out.put("boot with bpf among the names of lsm=");
    case rule::btf_key_needed:
    case rule::btf_hash_key_needed:
        return put_key_type(out);
    case rule::token_fd_closed:
    case rule::token_fd_other:
        return out.put("give the descriptor that BPF_TOKEN_CREATE returned, or leave flag token_fd out");
    default:
        return put_by_accepts(out);
    }
}

void put_other_remedy(page &out)
{
    switch (out.of.found.why) {
    case cause::seccomp:
        return out.put("let the filter pass bpf(2)");
    case cause::security_module:
        return out.put("look for its denial in the kernel's log or the audit log; "
                       "/sys/kernel/security/lsm lists the modules");
    case cause::user_namespace:
        return out.put("use a BPF token (Linux 6.9), or make the map outside of the user namespace");
    case cause::token_without_type:
        out.put("mount the token's bpffs with delegate_cmds=map_create and delegate_maps=");
        return out.put_type(out.of.given.map_type);
    case cause::memory_cgroup:
        return out.put("raise the cgroup's limit (memory.max, or memory.limit_in_bytes of version 1), or ask "
                       "for fewer entries");
    case cause::descriptors:
        return out.put(out.of.error == EMFILE ? "raise RLIMIT_NOFILE (ulimit -n), or close descriptors"
                                              : "raise sysctl fs.file-max");
    case cause::no_bpf:
        return out.put("use a kernel built with CONFIG_BPF_SYSCALL");
    case cause::name_too_long:
        return out.put(out.words ? "a shorter name, or --give-up=name_end"
                                 : "a shorter name, or BAREBPF_GIVE_UP_NAME_END");
    case cause::bad_opts:
        return out.put("zero the whole struct and set sz to its sizeof");
    case cause::refused_member:
        return put_by_accepts(out);
    default:
        return;
    }
}

} // namespace

const char *name_of(field member, bool words)
{
    for (const word &one : command_line)
        if (words && one.member == member)
            return one.text;
    return member == field::none ? nullptr : attr_fields[static_cast<size_t>(member)].name;
}

size_t write_cause(const inquiry &of, bool words, char *text, size_t size)
{
    page out(of, words, text, size);
    switch (of.found.why) {
    case cause::unknown:
        put_possible(out);
        break;
    case cause::refused_member:
        put_refused_member(out);
        break;
    case cause::seccomp:
        put_filter(out);
        break;
    case cause::user_namespace:
        put_namespace(out);
        break;
    case cause::token_without_type:
        put_token(out);
        break;
    case cause::memory_cgroup:
        put_memory_cgroup(out);
        break;
    case cause::descriptors:
        put_limits(out);
        break;
    default:
        if (rule_of(of.found.why) == rule::none)
            out.put(sentence_of(of.found.why));
        else
            put_rule(out);
    }
    return out.end();
}

size_t write_remedy(const inquiry &of, bool words, char *text, size_t size)
{
    page out(of, words, text, size);
    if (rule_of(of.found.why) == rule::none)
        put_other_remedy(out);
    else
        put_rule_remedy(out);
    return out.end();
}

} // namespace barebpf
