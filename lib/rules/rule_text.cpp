// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"
#include "lib/core/errno.h"
#include "rules.h"
#include "writer.h"

namespace barebpf
{
namespace
{

struct rule_facts {
    release since;
    release until;
    int error;
};

constexpr rule_facts rule_table[rule_count] = {{always, never, 0},
#define BAREBPF_FACTS(identity, error, since, until, source, text) {since, until, error},
                                               BAREBPF_RULES(BAREBPF_FACTS)
#undef BAREBPF_FACTS
};

// All texts one after the other, found by counting: a table of pointers would need relocations at program
// start.
constexpr char names[] = "none\0"
#define BAREBPF_NAMES(identity, error, since, until, source, text) #identity "\0"
    BAREBPF_RULES(BAREBPF_NAMES);
#undef BAREBPF_NAMES

constexpr char sources[] = "kernel/bpf/syscall.c\0"
#define BAREBPF_SOURCES(identity, error, since, until, source, text) source "\0"
    BAREBPF_RULES(BAREBPF_SOURCES);
#undef BAREBPF_SOURCES

constexpr char texts[] = "{kernel} makes the map\0"
#define BAREBPF_TEXTS(identity, error, since, until, source, text) text "\0"
    BAREBPF_RULES(BAREBPF_TEXTS);
#undef BAREBPF_TEXTS

const char *nth(const char *text, rule which)
{
    for (auto left = static_cast<unsigned int>(which); left; text++)
        left -= !*text;
    return text;
}

// The first stable release of a series with a backported rule; its successors in the series have it too. The
// rows of 6.1.176, 6.1.192, 6.12, 6.18 and 7.1 name the earliest patch level seen to have it: it may have
// come somewhat earlier.
struct backport {
    release since;
    rule which;
};

constexpr backport backports[] = {
    {v(4, 4, 112), rule::array_rounded_up},     {v(4, 9, 77), rule::array_rounded_up},
    {v(4, 14, 14), rule::array_rounded_up},     {v(5, 4, 285), rule::percpu_value_size},
    {v(5, 10, 227), rule::percpu_value_size},   {v(5, 15, 168), rule::percpu_value_size},
    {v(6, 1, 113), rule::percpu_value_size},    {v(6, 6, 55), rule::percpu_value_size},
    {v(6, 1, 176), rule::bloom_value_size},     {v(6, 1, 192), rule::sockmap_entries},
    {v(6, 12, 117), rule::sockmap_entries},     {v(6, 12, 117), rule::queue_bytes},
    {v(6, 1, 192), rule::storage_needs_lsm},    {v(6, 12, 107), rule::storage_needs_lsm},
    {v(7, 1, 5), rule::storage_needs_lsm},      {v(6, 18, 44), rule::inner_exclusive},
    {v(6, 12, 117), rule::btf_hash_key_needed},
};

bool same_series(release a, release b)
{
    return a >> 16 == b >> 16;
}

// Writes which release added the member that a byte of the attr belongs to.
void put_member_since(writer &out, uint32_t offset)
{
    const attr_field *field = field_at(offset);
    if (!field)
        return out.put("after Linux 7.3");
    out.put("with Linux ");
    out.put_release(field->since);
}

void put_member(writer &out, uint32_t offset)
{
    if (const attr_field *field = field_at(offset))
        return out.put(field->name);
    out.put("byte ");
    out.put_decimal(offset);
    out.put(" of the attr");
}

void put_character(writer &out, uint64_t number)
{
    if (number > 0x20 && number < 0x7f) {
        out.put('\'');
        out.put(static_cast<char>(number));
        return out.put('\'');
    }
    out.put(number == 0x20 ? "a space" : "byte ");
    if (number != 0x20)
        out.put_hexadecimal(number);
}

struct special_name {
    uint16_t bit;
    char name[18];
};

constexpr special_name special_names[] = {
    {special_spin_lock, "bpf_spin_lock"},
    {special_timer, "bpf_timer"},
    {special_kptr, "kptr"},
    {special_list_head, "bpf_list_head"},
    {special_rb_root, "bpf_rb_root"},
    {special_workqueue, "bpf_wq"},
    {special_uptr, "uptr"},
    {special_task_work, "bpf_task_work"},
    {special_res_spin_lock, "bpf_res_spin_lock"},
};

void put_specials(writer &out, uint64_t bits)
{
    bool started = false;
    for (const special_name &one : special_names) {
        if (!(bits & one.bit))
            continue;
        out.put(started ? " and " : "a ");
        out.put(one.name);
        started = true;
    }
}

// Writes what a placeholder stands for. The first character tells placeholders apart, or the second after an
// 's'.
void put_placeholder(writer &out, const char *placeholder, const verdict &given)
{
    const auto first = static_cast<uint32_t>(given.numbers[0]);
    switch (*placeholder) {
    case 'a':
        return out.put_type_with_article(given.map_type);
    case 't':
        return out.put_type(given.map_type);
    case 'k':
        return out.put_release(given.kernel);
    case 'x':
        return out.put_hexadecimal(given.numbers[0]);
    case 'f':
        return out.put_flags(first);
    case 'm':
        return put_member(out, first);
    case 'c':
        return put_character(out, given.numbers[1]);
    case 's':
        if (placeholder[1] == 't')
            return out.put_flags(first & ~static_cast<uint32_t>(given.numbers[1]));
        return placeholder[1] == 'p' ? put_specials(out, first) : put_member_since(out, first);
    default:
        return out.put_decimal(given.numbers[*placeholder - '0']);
    }
}

} // namespace

const char *name_of(rule which)
{
    return nth(names, which);
}
const char *sentence_of(rule which)
{
    return nth(texts, which);
}
const char *source_of(rule which)
{
    return nth(sources, which);
}
int error_of(rule which)
{
    return rule_table[static_cast<size_t>(which)].error;
}
release since_of(rule which)
{
    return rule_table[static_cast<size_t>(which)].since;
}
release until_of(rule which)
{
    return rule_table[static_cast<size_t>(which)].until;
}

bool in_force(rule which, release kernel)
{
    if (kernel >= since_of(which) && kernel < until_of(which))
        return true;
    for (const backport &row : backports)
        if (row.which == which && same_series(row.since, kernel) && kernel >= row.since)
            return true;
    return false;
}

release carried_back_to(rule which, size_t index)
{
    for (const backport &row : backports)
        if (row.which == which && index-- == 0)
            return row.since;
    return never;
}

size_t explain(const verdict &given, char *text, size_t size)
{
    writer out{text, size, 0};
    for (const char *at = nth(texts, given.why); *at; at++) {
        if (*at != '{') {
            out.put(*at);
            continue;
        }
        put_placeholder(out, at + 1, given);
        while (*at != '}')
            at++;
    }
    return out.end();
}

} // namespace barebpf
