// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_PARITY_SITUATION_H
#define BAREBPF_TEST_PARITY_SITUATION_H

#include <string>
#include <vector>

#include "barebpf/bpf.h"
#include "call.h"
#include "lib/rules/rules.h"
#include "lib/core/sys.h"

namespace barebpf::parity
{

enum class caller {
    root,
    cap_bpf,     // from 5.8, and nothing else
    no_programs, // root, behind a filter that answers EPERM to BPF_PROG_LOAD
    nobody,
};

struct memlock_setting {
    const char *words;
    sys::rlimit limit;
    bool may_raise; // the hard one
};

inline constexpr uint64_t low_memlock = 64 << 10;
inline constexpr memlock_setting no_limit = {"no limit", {unlimited, unlimited}, true};
inline constexpr memlock_setting low_soft_limit = {"64K/8M", {low_memlock, 8 << 20}, false};

struct map_kind {
    const char *words;
    uint32_t type, entries;
};

inline constexpr map_kind small_array = {"array", BAREBPF_MAP_TYPE_ARRAY, 16};
inline constexpr map_kind large_array = {"array of 256 KiB", BAREBPF_MAP_TYPE_ARRAY, 32768};
inline constexpr map_kind small_hash = {"hash", BAREBPF_MAP_TYPE_HASH, 16};

enum class options {
    none,
    btf_ids,
    flags, // one that 5.2 is the first to know
};

// A call of bpf_map_create(), the kernel it is made to, and whom by.
struct situation {
    release version;
    caller by;
    memlock_setting memlock;
    map_kind kind;
    const char *name;
    options given;
};

// Every release with every caller, limit, map, name and options that it can have.
std::vector<situation> situations();

std::string words(const situation &at);

// The call; its opts are those of opts_of().
call call_of(const situation &at, const bpf_map_create_opts *opts);
bpf_map_create_opts opts_of(const situation &at);

// The kernel's.
environment surroundings(const situation &at);

// What the kernel says to libbpf's probe programs: 0 or an errno.
int answer_program(const situation &at, const bpf_attr &program);

// Whether the kernel charges maps against RLIMIT_MEMLOCK; whether it has names; and if so, whether it refuses
// this one for a character.
bool charges_memlock(const situation &at);
bool has_names(const situation &at);
bool refuses_name(const situation &at);

} // namespace barebpf::parity

#endif
