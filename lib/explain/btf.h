// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_BTF_H
#define BAREBPF_LIB_EXPLAIN_BTF_H

#include "lib/rules/rules.h"

namespace barebpf
{

// A BTF object, as the kernel returns it. None of it is trusted: nothing outside of it is read.
class btf_object
{
public:
    // False when it is not valid BTF.
    bool open(const void *bytes, size_t size, uint32_t pointer_size);

    // The first id above `after` of a type with this name that a key or value may have; -ENOENT without one,
    // -EINVAL if the types cannot be told apart that far.
    int find_named(const char *name, uint32_t after) const;

    // Fills a type as BPF_MAP_CREATE sees it; a missing one has no size.
    void describe(uint32_t id, btf_type *found) const;

private:
    struct record {
        uint32_t name;
        uint32_t kind;
        uint32_t count; // of members
        uint32_t size_or_type;
        uint32_t at; // where the members begin
    };

    uint32_t word(uint32_t at) const;
    void fill_record(uint32_t at, record *found) const;
    bool read_record(uint32_t at, record *found) const;
    bool find(uint32_t id, record *found) const;
    bool resolve(uint32_t id, record *found) const;
    uint32_t size_of(uint32_t id, uint32_t depth) const;
    bool is_named(uint32_t name, const char *text) const;
    uint16_t special_of_member(uint32_t type) const;
    uint16_t specials_of(const record &structure) const;
    bool is_int_at(const record &structure, uint32_t member, uint32_t size, uint32_t bits) const;

    const unsigned char *types;
    uint32_t types_size;
    const char *strings;
    uint32_t strings_size;
    uint32_t pointer;
};

} // namespace barebpf

#endif
