// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_OPTS_H
#define BAREBPF_LIB_CORE_OPTS_H

#include <stddef.h>
#include <stdint.h>

#include "mem.h"

namespace barebpf
{

// The sz contract of a struct that only ever grows at its end, and the readers of libbpf's options. The
// readers of barebpf's own structs are in own_structs.h.

#define BAREBPF_END_OF(type, member) (offsetof(type, member) + sizeof(static_cast<type *>(nullptr)->member))

// True if a caller's struct of sz bytes, older or newer than ours, is accepted. known_end is where the last
// member known here ends; every byte beyond it must be zero, since a set one requests something unknown here.
// libbpf reads as many bytes as sz says; we refuse more than a page, which no such struct fills and an
// uninitialised sz nearly always exceeds.
inline bool valid_sz(const void *given, size_t sz, size_t smallest, size_t known_end)
{
    constexpr size_t largest = 4096;
    if (sz < smallest || sz > largest)
        return false;
#if BAREBPF_FOR_SPEED
    using word = word_of_size<4>::type;
    if (sz <= known_end)
        return true;
    if (sz == known_end + sizeof(word)) // the padding after a last member of 4 bytes
        return *reinterpret_cast<const word *>(static_cast<const char *>(given) + known_end) == 0;
#endif
    return all_zero(given, known_end, sz);
}

// A member of a caller's struct: its size, its offset there, and its offset in the kernel's struct. A table
// lists members in the order of the caller's struct. In its last row size is 0, and `from` is where the last
// known member ends.
struct place {
    uint8_t size;
    uint8_t from;
    uint8_t to;
};

// clang-format off: its releases differ
#define BAREBPF_PLACE(type, member, target, field) \
    { \
        sizeof(static_cast<type *>(nullptr)->member), offsetof(type, member), offsetof(target, field) \
    }
// A 32-bit pointer is the low half of the kernel's 64-bit one.
#define BAREBPF_POINTER_PLACE(type, member, target, field) \
    { \
        sizeof(type::member), offsetof(type, member), \
            offsetof(target, field) + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 8 - sizeof(void *) : 0) \
    }
#define BAREBPF_PLACES_END(type) \
    { \
        0, BAREBPF_END_OF(type, type##__last_field), 0 \
    }
// clang-format on

// An aggregate has as many members as it takes initialisers.
struct anything {
    template <typename T> operator T() const;
};
template <typename T, typename... Initialisers> constexpr size_t count_members()
{
    if constexpr (requires { T{Initialisers{}..., anything{}}; })
        return count_members<T, Initialisers..., anything>();
    else
        return sizeof...(Initialisers);
}

constexpr bool overlap(const place &one, const place &other)
{
    return one.to < other.to + other.size && other.to < one.to + one.size;
}

// True if a table reads all of Opts, so that no value of a caller's is dropped: each member, except sz and
// `others` that are read elsewhere, has its place, in order, with a target of its own. A member added without
// a place makes this false, even one that fits into padding.
template <typename Opts, typename Target, size_t rows>
constexpr bool reads_all(const place (&places)[rows], size_t others = 0)
{
    if (count_members<Opts>() != 1 + others + rows - 1)
        return false;
    size_t end = sizeof(size_t);
    for (size_t i = 0; i < rows - 1; end = size_t{places[i].from} + places[i].size, i++) {
        if (places[i].from < end || places[i].size % 4 != 0 || places[i].to + places[i].size > sizeof(Target))
            return false;
        for (size_t j = 0; j < i; j++)
            if (overlap(places[i], places[j]))
                return false;
    }
    return end <= places[rows - 1].from;
}

// A table by words of 4 bytes, of which every member consists. For each word of the caller's struct, from
// after sz to the last member with a place, it has the index of the kernel's word; negative for the first
// half of a member of two words.
template <size_t count> struct word_table {
    static constexpr size_t first = sizeof(size_t) / 4;

    int8_t known_end; // in words of the caller's struct
    int8_t words = count;
    int8_t to[count] = {};

    // Padding goes to a word that is not passed to the kernel. If there is none, *nowhere does not compile.
    template <size_t rows>
    constexpr word_table(const place (&places)[rows], const int8_t *nowhere)
        : known_end(static_cast<int8_t>(places[rows - 1].from / 4))
    {
        bool filled[count] = {};
        for (const place &one : places)
            for (size_t i = 0; i < one.size / 4u; i++) {
                const size_t word = one.from / 4 - first + i;
                to[word] = static_cast<int8_t>((one.to / 4 + i) | (i + 1 < one.size / 4u ? 0x80u : 0));
                filled[word] = true;
            }
        for (size_t word = 0; word < count; word++)
            if (!filled[word])
                to[word] = *nowhere;
    }
};

// Copies each member that the caller's sz, with which the struct begins, covers whole. False when the sz
// contract is broken. The table is a word_table, which begins with known_end.
bool read_words(void *to, const void *given, const int8_t *table);

// Moves a table's members by straight-line code: a load and a store for each, or for several that are
// adjacent.
template <const auto &places> struct mover {
    static constexpr size_t count = sizeof(places) / sizeof(places[0]) - 1;
    static constexpr size_t known_end = places[count].from;

    static constexpr size_t end_of(size_t i) { return size_t{places[i].from} + places[i].size; }

    // How many members from `first` on, before `last`, are `size` bytes in both structs; 0 if none are.
    static constexpr size_t members_of(size_t size, size_t first, size_t last)
    {
        size_t members = 0, bytes = 0;
        while (first + members < last && bytes < size) {
            const place &next = places[first + members];
            if (next.from != places[first].from + bytes || next.to != places[first].to + bytes)
                return 0;
            bytes += next.size;
            members++;
        }
        return sizeof(size_t) == 8 && bytes == size ? members : 0;
    }

    // True if members i and i + 1 are one word whose halves change places.
    static constexpr bool is_swapped(size_t i)
    {
        const place &one = places[i], &next = places[i + 1];
        return sizeof(size_t) == 8 && one.size == 4 && next.size == 4 && next.from == one.from + 4 &&
               one.to == next.to + 4;
    }

    template <size_t first, size_t last> [[gnu::always_inline]] static void move(void *to, const void *given)
    {
        if constexpr (first < last) {
            constexpr place one = places[first];
            constexpr size_t in_two = members_of(16, first, last), in_one = members_of(8, first, last);
            char *at = static_cast<char *>(to) + one.to;
            const char *from = static_cast<const char *>(given) + one.from;
            if constexpr (first + 1 < last && is_swapped(first)) {
                swap_word(at - 4, from);
                move<first + 2, last>(to, given);
            } else {
                constexpr bool aligned = alignof(uint64_t) == 8 && one.from % 8 == 0 && one.to % 8 == 0;
                move_word<in_two ? 16 : in_one ? 8 : one.size, aligned ? 8 : alignof(uint32_t)>(at, from);
                move<first + (in_two ? in_two : in_one ? in_one : 1), last>(to, given);
            }
        }
    }

    // Halves the range until it knows which members sz covers.
    template <size_t first, size_t last>
    [[gnu::always_inline]] static void move_covered(void *to, const void *given, size_t sz)
    {
        constexpr size_t middle = first + (last - first + 1) / 2;
        if (sz < end_of(middle - 1)) {
            if constexpr (first + 1 < middle)
                move_covered<first, middle - 1>(to, given, sz);
            return;
        }
        move<first, middle>(to, given);
        if constexpr (middle < last)
            move_covered<middle, last>(to, given, sz);
    }

    static constexpr bool fills(size_t byte)
    {
        for (size_t i = 0; i < count; i++)
            if (byte >= places[i].to && byte < size_t{places[i].to} + places[i].size)
                return true;
        return false;
    }

    // Zeroes those of bytes at..end-1 of *to that no member fills.
    template <size_t at, size_t end> [[gnu::always_inline]] static void clear_rest(void *to)
    {
        constexpr bool both = !fills(at) && at + 4 < end && !fills(at + 4);
        constexpr size_t size = both ? 8 : 4;
        if constexpr (!fills(at))
            clear_word<size>(static_cast<char *>(to) + at);
        if constexpr (at + size < end)
            clear_rest<at + size, end>(to);
    }
};

// For options of exactly the sz known here, as nearly every caller has them: fills *to as read_members()
// does. False for any other, and when the padding at their end is not zero.
template <const auto &places, size_t from, size_t end, typename Target>
[[gnu::always_inline]] inline bool read_known_members(Target *to, const void *given)
{
    using mover = barebpf::mover<places>;
    constexpr size_t known_end = mover::known_end, padding = -known_end % sizeof(size_t);
    if (*static_cast<const size_t *>(given) != known_end + padding)
        return false;
    if constexpr (padding != 0)
        if (*reinterpret_cast<const typename word_of_size<padding>::type *>(static_cast<const char *>(given) +
                                                                            known_end))
            return false;
    mover::template clear_rest<from, end>(to);
    mover::template move<0, mover::count>(to, given);
    return true;
}

// read_members() for options of any sz, which are not nullptr, when compiling for speed.
template <const auto &places, size_t from, typename Target>
[[gnu::always_inline]] inline bool read_covered_members(Target *to, const void *given)
{
    using mover = barebpf::mover<places>;
    const size_t sz = *static_cast<const size_t *>(given);
    if (!valid_sz(given, sz, sizeof(sz), mover::known_end))
        return false;
    clear<from>(to);
    mover::template move_covered<0, mover::count>(to, given, sz);
    return true;
}

// The same as a function of its own, for those to whom such options are rare.
template <const auto &places, size_t from, typename Target>
[[gnu::noinline]] bool read_unusual_members(Target *to, const void *given)
{
    return read_covered_members<places, from>(to, given);
}

// Fills *to from a caller's options: each member that their sz covers whole goes to its place, and every
// other byte from `from` up to `end` becomes zero; with nullptr every byte does. Bytes from `end` on are
// padding that is not passed to the kernel. False when the sz contract is broken.
template <const auto &places, size_t from, size_t end, typename Target>
[[gnu::always_inline]] inline bool read_members(Target *to, const void *given)
{
    static_assert(end <= sizeof(Target) && end % 4 == 0);
#if BAREBPF_FOR_SPEED
    if (!given) {
        clear<from>(to);
        return true;
    }
    return read_known_members<places, from, end>(to, given) || read_unusual_members<places, from>(to, given);
#else
    constexpr size_t members = sizeof(places) / sizeof(places[0]) - 1;
    constexpr size_t last_end = size_t{places[members - 1].from} + places[members - 1].size;
    static constexpr int8_t nowhere = end / 4;
    static constexpr word_table<(last_end - sizeof(size_t)) / 4> table(
        places, end < sizeof(Target) ? &nowhere : nullptr);
    clear<from>(to);
    return !given || read_words(to, given, &table.known_end);
#endif
}

} // namespace barebpf

#endif
