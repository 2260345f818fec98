// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"
#include "lib/core/errno.h"
#include "rules.h"

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

// All texts one after the other, found by counting: a table of pointers would need relocating at start.
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

// A stable release that took a rule from mainline; its successors in the same series have it too. The last
// patch levels of 6.1, 6.12, 6.18 and 7.1 are those seen to have it: it may have come somewhat earlier.
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

constexpr uint64_t powers_of_ten[] = {
    10000000000000000000u,
    1000000000000000000,
    100000000000000000,
    10000000000000000,
    1000000000000000,
    100000000000000,
    10000000000000,
    1000000000000,
    100000000000,
    10000000000,
    1000000000,
    100000000,
    10000000,
    1000000,
    100000,
    10000,
    1000,
    100,
    10,
    1,
};

// Text into a buffer that may be too small.
struct writer {
    char *text;
    size_t room;
    size_t length;

    void put(char c)
    {
        if (length + 1 < room)
            text[length] = c;
        length++;
    }

    void put(const char *more)
    {
        while (more && *more)
            put(*more++);
    }

    // Without a division: 32-bit machines would call their compiler's library for it.
    void put_decimal(uint64_t number)
    {
        bool started = false;
        for (uint64_t power : powers_of_ten) {
            char digit = '0';
            for (; number >= power; number -= power)
                digit++;
            started = started || digit != '0' || power == 1;
            if (started)
                put(digit);
        }
    }

    // Without a shift by a variable, for the same reason: each digit in turn is brought to the front.
    void put_hexadecimal(uint64_t number)
    {
        unsigned int left = 16;
        for (; left > 1 && !(number >> 60); left--)
            number <<= 4;
        put("0x");
        for (; left; left--, number <<= 4)
            put("0123456789abcdef"[number >> 60]);
    }

    void put_release(release kernel)
    {
        put_decimal(major_of(kernel));
        put('.');
        put_decimal(minor_of(kernel));
        if (!patch_of(kernel))
            return;
        put('.');
        put_decimal(patch_of(kernel));
    }

    size_t end()
    {
        if (room)
            text[length < room ? length : room - 1] = '\0';
        return length;
    }
};

// What stands between braces; every placeholder differs from the others in its first two characters.
void put_placeholder(writer &out, const char *placeholder, const verdict &given)
{
    switch (*placeholder) {
    case 't':
        return out.put(barebpf_map_type_name(given.map_type));
    case 'k':
        return out.put_release(given.kernel);
    case 'x':
        return out.put_hexadecimal(given.numbers[placeholder[1] - '0']);
    default:
        return out.put_decimal(given.numbers[*placeholder - '0']);
    }
}

} // namespace

const char *name_of(rule which)
{
    return nth(names, which);
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
