// SPDX-License-Identifier: BSD-2-Clause
#include "btf.h"

#include "files.h"
#include "lib/core/errno.h"
#include "lib/core/mem.h"

namespace barebpf
{
namespace
{

// BTF_KIND_*, defined here because the installed header may lack some.
enum kind : uint32_t {
    integer = 1,
    pointer_to,
    array_of,
    structure,
    union_of,
    enumeration,
    forward,
    alias,
    is_volatile,
    is_const,
    is_restrict,
    function,
    prototype,
    variable,
    section,
    floating,
    declaration_tag,
    type_tag,
    enumeration64,
};

constexpr uint32_t header_size = 24, record_size = 12, most_depth = 32;

// The bytes after a record.
uint32_t bytes_behind(uint32_t which, uint32_t count)
{
    switch (which) {
    case integer:
    case variable:
    case declaration_tag:
        return 4;
    case array_of:
        return 12;
    case structure:
    case union_of:
    case section:
    case enumeration64:
        return 12 * count;
    case enumeration:
    case prototype:
        return 8 * count;
    default:
        return 0;
    }
}

bool refers(uint32_t which)
{
    return which == alias || which == is_volatile || which == is_const || which == is_restrict ||
           which == type_tag || which == variable;
}

// True for kinds that a key or value may have by name.
bool is_value(uint32_t which)
{
    return which == integer || which == structure || which == union_of || which == enumeration ||
           which == enumeration64 || which == alias || which == floating;
}

struct special_type {
    uint16_t bit;
    char name[20];
};

constexpr special_type special_structs[] = {
    {special_spin_lock, "bpf_spin_lock"},
    {special_timer, "bpf_timer"},
    {special_list_head, "bpf_list_head"},
    {special_rb_root, "bpf_rb_root"},
    {special_workqueue, "bpf_wq"},
    {special_task_work, "bpf_task_work"},
    {special_res_spin_lock, "bpf_res_spin_lock"},
};

constexpr special_type special_tags[] = {
    {special_kptr, "kptr"},
    {special_kptr, "kptr_untrusted"},
    {special_kptr, "percpu_kptr"},
    {special_uptr, "uptr"},
};

} // namespace

bool btf_object::open(const void *bytes, size_t size, uint32_t pointer_size)
{
    uint16_t magic = 0;
    uint32_t about[6];
    if (size < header_size || size > INT32_MAX)
        return false;
    copy(&magic, bytes, sizeof(magic));
    copy(about, bytes, sizeof(about));
    const uint32_t header = about[1];
    const auto *begin = static_cast<const unsigned char *>(bytes);
    const uint64_t types_at = uint64_t{header} + about[2], strings_at = uint64_t{header} + about[4];
    if (magic != 0xeb9f || types_at + about[3] > size || strings_at + about[5] > size)
        return false;
    types = begin + static_cast<uint32_t>(types_at);
    types_size = about[3];
    strings = reinterpret_cast<const char *>(begin) + static_cast<uint32_t>(strings_at);
    strings_size = about[5];
    pointer = pointer_size;
    return strings_size && !strings[strings_size - 1];
}

uint32_t btf_object::word(uint32_t at) const
{
    uint32_t number = 0;
    if (at <= types_size && types_size - at >= sizeof(number))
        copy(&number, types + at, sizeof(number));
    return number;
}

void btf_object::fill_record(uint32_t at, record *found) const
{
    const uint32_t info = word(at + 4);
    found->name = word(at);
    found->kind = info >> 24 & 31;
    found->count = info & 0xffff;
    found->size_or_type = word(at + 8);
    found->at = at + record_size;
}

// False for a record that is not there as a whole, or of an unknown kind.
bool btf_object::read_record(uint32_t at, record *found) const
{
    fill_record(at, found);
    return found->kind && found->kind <= enumeration64 && found->at <= types_size &&
           bytes_behind(found->kind, found->count) <= types_size - found->at;
}

bool btf_object::find(uint32_t id, record *found) const
{
    uint32_t at = 0;
    for (uint32_t next = 1; id && at < types_size; next++) {
        fill_record(at, found);
        if (next == id)
            return true;
        at = found->at + bytes_behind(found->kind, found->count);
    }
    return false;
}

int btf_object::find_named(const char *name, uint32_t after) const
{
    record found;
    uint32_t at = 0;
    for (uint32_t id = 1; at < types_size; id++) {
        if (!read_record(at, &found))
            return -EINVAL;
        if (id > after && is_value(found.kind) && is_named(found.name, name))
            return static_cast<int>(id);
        at = found.at + bytes_behind(found.kind, found.count);
    }
    return -ENOENT;
}

// The type behind typedefs, qualifiers and tags.
bool btf_object::resolve(uint32_t id, record *found) const
{
    for (uint32_t depth = 0; depth < most_depth; depth++) {
        if (!find(id, found))
            return false;
        if (!refers(found->kind))
            return true;
        id = found->size_or_type;
    }
    return false;
}

uint32_t btf_object::size_of(uint32_t id, uint32_t depth) const
{
    record found;
    if (depth == 0 || !resolve(id, &found))
        return 0;
    if (found.kind == pointer_to)
        return pointer;
    if (found.kind == array_of)
        return word(found.at + 8) * size_of(word(found.at), depth - 1);
    return found.kind == forward || found.kind == function || found.kind == prototype ? 0
                                                                                      : found.size_or_type;
}

bool btf_object::is_named(uint32_t name, const char *text) const
{
    if (name >= strings_size)
        return false;
    const char *at = strings + name;
    return starts_with(at, text) && starts_with(text, at);
}

uint16_t btf_object::special_of_member(uint32_t type) const
{
    record found, tag;
    if (!resolve(type, &found))
        return 0;
    if (found.kind == structure)
        for (const special_type &one : special_structs)
            if (is_named(found.name, one.name))
                return one.bit;
    if (found.kind == pointer_to && find(found.size_or_type, &tag) && tag.kind == type_tag)
        for (const special_type &one : special_tags)
            if (is_named(tag.name, one.name))
                return one.bit;
    return 0;
}

uint16_t btf_object::specials_of(const record &whole) const
{
    unsigned int bits = 0;
    for (uint32_t i = 0; i < whole.count; i++)
        bits |= special_of_member(word(whole.at + 12 * i + 4));
    return static_cast<uint16_t>(bits);
}

bool btf_object::is_int_at(const record &whole, uint32_t member, uint32_t size, uint32_t bits) const
{
    record found;
    const uint32_t at = whole.at + 12 * member;
    return resolve(word(at + 4), &found) && found.kind == integer && found.size_or_type == size &&
           (word(at + 8) & 0xffffff) == bits;
}

void btf_object::describe(uint32_t id, btf_type *found) const
{
    record whole;
    found->id = id;
    found->size = size_of(id, most_depth);
    found->kind = btf_kind::sizeless;
    found->cgroup_key = false;
    found->specials = 0;
    if (!resolve(id, &whole))
        return;
    switch (whole.kind) {
    case integer: {
        const uint32_t encoding = word(whole.at);
        const bool regular = (encoding & 0xff) == 8 * whole.size_or_type && !(encoding >> 16 & 0xff);
        found->kind = regular ? btf_kind::integer : btf_kind::odd_int;
        return;
    }
    case structure:
        found->kind = btf_kind::structure;
        found->specials = specials_of(whole);
        found->cgroup_key = whole.count == 2 && is_int_at(whole, 0, 8, 0) && is_int_at(whole, 1, 4, 64);
        return;
    case section:
        found->kind = btf_kind::datasec;
        return;
    case forward:
    case function:
    case prototype:
    case declaration_tag:
        return;
    default:
        found->kind = btf_kind::other;
    }
}

} // namespace barebpf
