// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_OWN_STRUCTS_H
#define BAREBPF_LIB_CORE_OWN_STRUCTS_H

#include "barebpf/barebpf.h"
#include "opts.h"

namespace barebpf
{

// Where a public struct of barebpf ended in each release that added members to it, the oldest first.
template <typename T> struct ends_of;

// The bytes after the last member that wait for later members; they are there where an ABI would pad the
// struct.
template <typename T> constexpr size_t reserved_size()
{
    if constexpr (requires(T given) { given.reserved; })
        return sizeof(T::reserved);
    return 0;
}

#define BAREBPF_END(member) BAREBPF_END_OF(type, member),
// Expands NAME__releases, which follows the struct in the public header.
#define BAREBPF_GROWS(name) \
    template <> struct ends_of<name> { \
        using type = name; \
        static constexpr size_t list[] = {name##__releases(BAREBPF_END)}; \
        static constexpr size_t count = sizeof(list) / sizeof(list[0]); \
        static constexpr size_t known = list[count - 1]; \
        static_assert(known + reserved_size<type>() == sizeof(type), \
                      "the struct has a member after the last that NAME__releases lists"); \
        static_assert(__has_unique_object_representations(type), \
                      "an initialiser in braces would leave the struct's padding unset: give it a member"); \
    };

BAREBPF_GROWS(barebpf_map_spec)
BAREBPF_GROWS(barebpf_policy)
BAREBPF_GROWS(barebpf_report)
BAREBPF_GROWS(barebpf_map_words)

// Where the members end that a struct of sz bytes covers, counting whole releases; 0 if it is smaller than
// the oldest.
template <typename T> constexpr size_t covered_end(size_t sz)
{
    size_t covered = 0;
    for (const size_t end : ends_of<T>::list)
        if (end <= sz)
            covered = end;
    return covered;
}

// True if a caller's struct is accepted: it is no smaller than the oldest, no larger than a page, and has no
// set byte beyond the members it covers, where a newer caller requests something unknown here. Members of
// 0.1.0 may then be read and written in place; those of later releases only if covered_end() reaches them.
template <typename T> bool is_served(const T &given)
{
    const size_t end = covered_end<T>(given.sz);
    return end && valid_sz(&given, given.sz, end, end);
}

// Copies the members that a caller's struct covers; the others become zero. False if the struct is not
// accepted.
template <typename T> bool read_struct(T *to, const T *given)
{
    if (!is_served(*given))
        return false;
    if constexpr (ends_of<T>::count > 1)
        clear(to);
    copy(to, given, covered_end<T>(given->sz));
    return true;
}

// Writes back, for a struct that read_struct() has accepted, the members that the caller's struct covers.
template <typename T> void write_struct(T *to, const T &from)
{
    copy(to, &from, covered_end<T>(from.sz));
}

} // namespace barebpf

#endif
