// SPDX-License-Identifier: BSD-2-Clause
#include "writer.h"

#include "barebpf/barebpf.h"
#include "lib/core/decimal.h"

namespace barebpf
{
namespace
{

using namespace map_type;

// Including names that are spelled out letter by letter in speech.
constexpr type_set with_an = types_of(array, array_of_maps, lru_hash, lru_percpu_hash, lpm_trie, xskmap,
                                      sk_storage, inode_storage, arena, insn_array, rhash);

} // namespace

void writer::put_visible(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\')
        put(c);
    if (byte >= ' ' && byte < 0x7f)
        return put(c);
    put("\\x");
    put("0123456789abcdef"[byte >> 4]);
    put("0123456789abcdef"[byte & 15]);
}

void writer::put_decimal(uint64_t number)
{
    for_each_digit(number, [this](char digit) { put(digit); });
}

// Without a 64-bit shift by a variable, which calls libgcc on 32-bit machines: each digit in turn is shifted
// to the top.
void writer::put_hexadecimal(uint64_t number)
{
    unsigned int left = 16;
    for (; left > 1 && !(number >> 60); left--)
        number <<= 4;
    put("0x");
    for (; left; left--, number <<= 4)
        put("0123456789abcdef"[number >> 60]);
}

void writer::put_release(release kernel)
{
    put_decimal(major_of(kernel));
    put('.');
    put_decimal(minor_of(kernel));
    if (!patch_of(kernel))
        return;
    put('.');
    put_decimal(patch_of(kernel));
}

void writer::put_type(uint32_t map_type)
{
    if (const char *name = barebpf_map_type_name(map_type))
        return put(name);
    put("map type ");
    put_decimal(map_type);
}

void writer::put_type_with_article(uint32_t map_type)
{
    if (barebpf_map_type_name(map_type))
        put(has(with_an, map_type) ? "an " : "a ");
    put_type(map_type);
}

void writer::put_flags(uint32_t flags)
{
    bool started = false;
    uint32_t nameless = 0;
    for (uint32_t bit = 0; bit < 32; bit++) {
        const uint32_t flag = uint32_t{1} << bit;
        const char *name = barebpf_map_flag_name(bit);
        if (!(flags & flag))
            continue;
        if (!name) {
            nameless |= flag;
            continue;
        }
        if (started)
            put(", ");
        put(name);
        started = true;
    }
    if (nameless && started)
        put(", ");
    if (nameless)
        put_hexadecimal(nameless);
    if (!flags)
        put("none");
}

} // namespace barebpf
