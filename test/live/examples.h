// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_LIVE_EXAMPLES_H
#define BAREBPF_TEST_LIVE_EXAMPLES_H

#include "kernel.h"

// A map of each type that the running kernel must make.
namespace barebpf::test
{

enum class need {
    nothing,
    inner_map,  // a template for its inner maps
    int_btf,    // BTF ids of key and value
    struct_ops, // a struct of the kernel's own BTF, beside any BTF object
};

// A map that every kernel with its type, and the options it depends on, must create.
struct example {
    map_spec spec;
    uint32_t since;
    need needs = need::nothing;
    const char *option = nullptr;
};

// The example of a type.
const example &example_of(uint32_t type);

// Why this kernel need not create the example; empty if it must.
std::string excuse(const example &wanted);

// An example's spec with the descriptors it needs, which it owns.
struct prepared_example {
    map_spec spec;
    fd_result inner;
    fd btf;
};

prepared_example prepare(const example &wanted);

} // namespace barebpf::test

#endif
