// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_MAP_FILE_KEYWORDS_H
#define BAREBPF_LIB_BOOT_MAP_FILE_KEYWORDS_H

#include "barebpf/map_file.h"

// The words of a map file. Each text is stored in place: a table of pointers would need relocations.
namespace barebpf
{

template <typename T, size_t count> constexpr uint32_t count_of(const T (&)[count])
{
    return count;
}

// What a line begins with, besides `map create` and `create`.
struct command_spelling {
    uint32_t kind;
    char name[8];
};
inline constexpr command_spelling line_commands[] = {
    {BAREBPF_LINE_SET, "set"},
    {BAREBPF_LINE_MOUNT, "mount"},
    {BAREBPF_LINE_MKDIR, "mkdir"},
    {BAREBPF_LINE_INCLUDE, "include"},
};

// The keywords of a map line that bpftool lacks.
enum class map_keyword : uint8_t {
    mode,
    owner,
    freeze,
    exists,
    give_up,
    memlock,
    backoff,
    optional,
    since,
};
struct keyword_spelling {
    map_keyword stands_for;
    uint8_t values; // words behind it
    char name[10];
};
inline constexpr keyword_spelling map_keywords[] = {
    {map_keyword::mode, 1, "mode"},       {map_keyword::owner, 1, "owner"},
    {map_keyword::freeze, 0, "freeze"},   {map_keyword::exists, 1, "exists"},
    {map_keyword::give_up, 1, "give_up"}, {map_keyword::memlock, 1, "memlock"},
    {map_keyword::backoff, 1, "backoff"}, {map_keyword::optional, 0, "optional"},
    {map_keyword::since, 1, "since"},
};

// Those that barebpf_map_words_parse() reads.
inline constexpr char description_keywords[][12] = {
    "type",      "key",    "value",       "entries", "name",     "flags",      "extra", "numa",
    "inner_map", "pinned", "offload_dev", "btf",     "key_type", "value_type", "token",
};

// By BAREBPF_EXISTS_* number.
inline constexpr char existing_names[][8] = {"fail", "keep", "replace", "migrate"};

// By the number of the BAREBPF_GIVE_UP_* bit.
inline constexpr char concession_words[][11] = {"flags", "size", "name_chars", "name", "btf", "name_end"};

// By BAREBPF_MEMLOCK_* number.
inline constexpr char memlock_words[][12] = {"never", "when_needed", "scoped"};

// Of a key or value.
inline constexpr char data_words[][8] = {"hex", "nr_cpus", "percpu"};

} // namespace barebpf

#endif
