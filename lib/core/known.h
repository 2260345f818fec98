// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_KNOWN_H
#define BAREBPF_LIB_CORE_KNOWN_H

#include <stdint.h>

namespace barebpf
{

// What the process has learned about the running kernel. A fact goes from unknown to yes or no and never
// back, so threads that learn it at the same time write the same value. An error that could have another
// reason (EPERM, ENOMEM, EMFILE) teaches nothing.
enum class known : uint8_t {
    unknown,
    no,
    yes,
};

class fact
{
public:
    known recall() const { return static_cast<known>(__atomic_load_n(&value, __ATOMIC_RELAXED)); }
    void learn(known answer) { __atomic_store_n(&value, static_cast<uint8_t>(answer), __ATOMIC_RELAXED); }

private:
    uint8_t value;
};

struct learned_facts {
    fact names;        // map_name, Linux 4.15
    fact common_attrs; // BPF_COMMON_ATTRS, Linux 7.2
};

// Hidden here too, or compilers look for it in the global offset table.
extern learned_facts learned __attribute__((visibility("hidden")));

} // namespace barebpf

#endif
