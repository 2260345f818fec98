// SPDX-License-Identifier: BSD-2-Clause
#include "caller.h"

#include <algorithm>
#include <cstring>

namespace barebpf::test
{
namespace
{

constexpr uint32_t array_fd = 10;
constexpr uint32_t btf_fd = 11;
constexpr uint32_t ifindex = 7;
constexpr unsigned char hash[32] = {1};

constexpr btf_type int_type = {
    .id = 1, .size = 4, .kind = btf_kind::integer, .cgroup_key = false, .specials = 0};

const object *objects()
{
    static object both[2] = {};
    both[0].fd = array_fd;
    both[0].kind = object_kind::map;
    both[0].map_type = BAREBPF_MAP_TYPE_ARRAY;
    both[1].fd = btf_fd;
    both[1].kind = object_kind::btf;
    both[1].types = &int_type;
    both[1].type_count = 1;
    return both;
}

// The value to which a caller sets each member, in the order of members[].
uint64_t value_of(size_t field)
{
    const uint64_t values[] = {
        btf_fd,      int_type.id, int_type.id, 1,      array_fd, BAREBPF_F_NO_PREALLOC,
        1,           1,           ifindex,     btf_fd, array_fd, reinterpret_cast<uintptr_t>(&hash),
        sizeof(hash)};
    static_assert(std::size(values) == std::size(members));
    return values[field];
}

// Stores a number of 4 or 8 bytes.
void store(unsigned char *at, uint64_t value, size_t size)
{
    const auto half = static_cast<uint32_t>(value);
    if (size == sizeof(half))
        std::memcpy(at, &half, size);
    else
        std::memcpy(at, &value, size);
}

} // namespace

const char *name_of_field(size_t field)
{
    return field == name_field ? "map_name" : members[field].name;
}

caller::caller(size_t given_layout, const std::vector<size_t> &given_fields)
    : layout(given_layout), fields(given_fields)
{
    store(opts, layout, sizeof(size_t));
    for (const size_t field : fields)
        if (field != name_field)
            store(opts + members[field].offset[here], value_of(field), members[field].size);
}

bool caller::sets(size_t field) const
{
    return std::find(fields.begin(), fields.end(), field) != fields.end();
}

bool caller::reaches(size_t field) const
{
    return sets(field) && members[field].offset[here] + members[field].size <= layout;
}

int caller::create(const char *name) const
{
    return bpf_map_create(BPF_MAP_TYPE_HASH, sets(name_field) ? name : nullptr, 4, 4, 1,
                          reinterpret_cast<const bpf_map_create_opts *>(opts));
}

std::array<unsigned char, attr_size> caller::attr(const char *name) const
{
    constexpr size_t name_offset = 28;
    constexpr size_t hash_offset = 80;
    std::array<unsigned char, attr_size> bytes{};
    const uint32_t arguments[] = {BAREBPF_MAP_TYPE_HASH, 4, 4, 1};
    std::memcpy(bytes.data(), arguments, sizeof(arguments));
    for (size_t field = 0; field < std::size(members); field++) {
        const size_t at = members[field].attr;
        if (reaches(field))
            store(&bytes[at], value_of(field), at == hash_offset ? 8 : members[field].size);
    }
    if (sets(name_field))
        std::memcpy(&bytes[name_offset], name, std::strlen(name));
    return bytes;
}

const environment &machine()
{
    static const network_device device = {.ifindex = ifindex, .holds_maps = true};
    static environment surroundings;
    surroundings.objects = objects();
    surroundings.object_count = 2;
    surroundings.devices = &device;
    surroundings.device_count = 1;
    return surroundings;
}

} // namespace barebpf::test
