// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_MEM_H
#define BAREBPF_LIB_CORE_MEM_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf
{

// Compilers turn a plain loop, or a braced initialiser, into a call of memset or memcpy, which a program
// without a C library lacks. A pointer they cannot trace, or volatile, keeps the loop a loop.
template <typename T> T *hidden(T *pointer)
{
    asm("" : "+r"(pointer));
    return pointer;
}

// 1 when compiling for speed: the path of every map creation is then inline, straight-line code; otherwise it
// is small. A test may set it.
#if defined(BAREBPF_FOR_SPEED)
#elif defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define BAREBPF_FOR_SPEED 1
#else
#define BAREBPF_FOR_SPEED 0
#endif

// After the declarator of a large object, for which -ftrivial-auto-var-init would call memset.
#if __has_attribute(uninitialized)
#define BAREBPF_UNINITIALIZED __attribute__((uninitialized))
#else
#define BAREBPF_UNINITIALIZED
#endif

// Before a short loop: unrolls it when compiling for speed. clang decides by itself.
#if BAREBPF_FOR_SPEED && !defined(__clang__)
#define BAREBPF_UNROLL(times) _Pragma(BAREBPF_PRAGMA(GCC unroll times))
#define BAREBPF_PRAGMA(words) #words
#else
#define BAREBPF_UNROLL(times)
#endif

// Sets every byte of an object from byte `from` on, a multiple of the word size, to zero, padding included.
template <size_t from = 0, typename T> void clear(T *object)
{
    // clang ignores the attribute after the type.
    using word __attribute__((may_alias)) = unsigned long;
    constexpr size_t words = sizeof(T) / sizeof(word);
    static_assert(alignof(T) >= alignof(word) && from % sizeof(word) == 0);
    volatile word *at = reinterpret_cast<word *>(object);
    BAREBPF_UNROLL(32)
    for (size_t i = from / sizeof(word); i < words; i++)
        at[i] = 0;
    // Where a word's alignment is less than its size, part of a word may be left.
    volatile char *bytes = reinterpret_cast<char *>(object);
    for (size_t i = words * sizeof(word); i < sizeof(T); i++)
        bytes[i] = 0;
}

// Sets some bytes of an object to zero. For a whole object there is clear().
inline void clear_bytes(void *object, size_t from, size_t to)
{
    char *at = static_cast<char *>(object) + from;
    char *const end = static_cast<char *>(object) + to;
#if BAREBPF_FOR_SPEED
    using word __attribute__((may_alias, aligned(1))) = unsigned long;
    for (; at + sizeof(word) <= end; at = hidden(at + sizeof(word)))
        *reinterpret_cast<word *>(at) = 0;
#endif
    for (; at != end; at = hidden(at + 1))
        *at = '\0';
}

inline void copy(void *to, const void *from, size_t size)
{
    const char *source = static_cast<const char *>(from);
    char *at = static_cast<char *>(to);
#if BAREBPF_FOR_SPEED
    using word __attribute__((may_alias, aligned(1))) = unsigned long;
    for (; size >= sizeof(word); size -= sizeof(word), source += sizeof(word), at = hidden(at + sizeof(word)))
        *reinterpret_cast<word *>(at) = *reinterpret_cast<const word *>(source);
#endif
    for (char *end = at + size; at != end; at = hidden(at + 1))
        *at = *source++;
}

// A word of 4 or 8 bytes, or two of 8, that may alias any type and is aligned as a uint32_t.
template <size_t size> struct word_of_size;
template <> struct word_of_size<4> {
    using type __attribute__((may_alias)) = uint32_t;
};
template <> struct word_of_size<8> {
    using type __attribute__((may_alias, aligned(alignof(uint32_t)))) = uint64_t;
};
template <> struct word_of_size<16> {
    using type __attribute__((may_alias, vector_size(16), aligned(alignof(uint32_t)))) = uint64_t;
};

template <size_t size, size_t alignment = alignof(uint32_t)> inline void move_word(void *to, const void *from)
{
    using word __attribute__((aligned(alignment))) = typename word_of_size<size>::type;
    *static_cast<word *>(to) = *static_cast<const word *>(from);
}

// The same for 8 bytes whose halves change places.
inline void swap_word(void *to, const void *from)
{
    using word = word_of_size<8>::type;
    const word given = *static_cast<const word *>(from);
    *static_cast<word *>(to) = given << 32 | given >> 32;
}

// Sets 4 or 8 bytes to zero, which are aligned as a uint32_t.
template <size_t size> inline void clear_word(void *to)
{
    *static_cast<volatile typename word_of_size<size>::type *>(to) = 0;
}

// True if bytes from..to-1 of an object are zero; nothing is read when from >= to.
inline bool all_zero(const void *object, size_t from, size_t to)
{
    const char *bytes = static_cast<const char *>(object);
    for (size_t i = from; i < to; i++)
        if (bytes[i])
            return false;
    return true;
}

} // namespace barebpf

#endif
