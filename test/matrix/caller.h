// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MATRIX_CALLER_H
#define BAREBPF_TEST_MATRIX_CALLER_H

#include <array>
#include <vector>

#include "layouts.h"
#include "lib/rules/rules.h"
#include "test/numbers.h"

namespace barebpf::test
{

// What a caller can give beyond type, sizes and entries: each member of the options, and a name.
inline constexpr size_t field_count = std::size(members) + 1;
inline constexpr size_t name_field = std::size(members);
const char *name_of_field(size_t field);

// A program that was compiled with one of the released options structs, and sets some of its fields. Those
// its struct does not have are set too, beyond its end, where nobody may read.
class caller
{
public:
    caller(size_t layout, const std::vector<size_t> &fields);

    // Has bpf_map_create() make a hash map of one entry, keys and values of 4 bytes.
    int create(const char *name = "name") const;

    // The bytes that must be passed to the kernel for that.
    std::array<unsigned char, attr_size> attr(const char *name = "name") const;

private:
    bool reaches(size_t field) const;
    bool sets(size_t field) const;

    size_t layout;
    std::vector<size_t> fields;
    alignas(8) unsigned char opts[layouts[here][3]] = {};
};

// The machine of these callers, where the objects exist that their values refer to.
const environment &machine();

} // namespace barebpf::test

#endif
