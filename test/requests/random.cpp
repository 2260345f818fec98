// SPDX-License-Identifier: BSD-2-Clause
#include "random.h"

#include <cstring>
#include <string_view>

#include "examples.h"

namespace barebpf::test
{
namespace
{

using namespace std::string_view_literals;

constexpr uint32_t most = UINT32_MAX;
constexpr uint32_t known_flag_bits = 20;

// With letters of Latin-1, which the kernel accepts, and others, which it does not.
constexpr std::string_view names[] = {
    "a",
    "rec_map",
    "with.dot",
    "sp ace",
    "UPPER_9",
    "fifteen_chars_x",
    "sixteen_chars_xy",
    "with-dash",
    "0",
    "9z_.",
    "\x80",
    "\xbf",
    "\xc0",
    "\xd7",
    "\xf7",
    "\xff",
    "\xc3\xa9",
    "a\x7f",
    "a\0b"sv,
    "/",
    "@",
    "[",
    "`",
    "{",
    ":",
    "..",
    "\x01",
};

// A readable hash, an unmapped address, and one in the kernel's half of the addresses.
const unsigned char readable_hash[32] = {};

} // namespace

const random_requests::change random_requests::changes[] = {
    &random_requests::change_sizes,        &random_requests::change_sizes,
    &random_requests::change_sizes,        &random_requests::change_entries,
    &random_requests::change_entries,      &random_requests::change_flag,
    &random_requests::change_flag,         &random_requests::change_flag,
    &random_requests::change_flags_wholly, &random_requests::change_inner_map,
    &random_requests::change_node,         &random_requests::change_name,
    &random_requests::change_name,         &random_requests::change_device,
    &random_requests::change_btf,          &random_requests::change_btf_aptly,
    &random_requests::change_btf_aptly,    &random_requests::change_kernel_type,
    &random_requests::change_extra,        &random_requests::change_descriptors,
    &random_requests::change_hash,         &random_requests::change_attr_size,
    &random_requests::change_tail,         &random_requests::change_access,
};

random_requests::random_requests(uint64_t seed, const kernel &running, const open_objects &open)
    : numbers_(seed), running_(running), open_(open)
{
    const environment &surroundings = running.surroundings;
    const uint32_t page = surroundings.page_size;
    const uint32_t kmalloc = surroundings.kmalloc_max;
    const uint32_t header = surroundings.local_storage_header;
    sizes_ = {0,
              1,
              4,
              8,
              16,
              32,
              260,
              512,
              1016,
              4064,
              page,
              32768,
              65535,
              65535 - header,
              65535,
              1 << 20,
              kmalloc,
              kmalloc,
              kmalloc - 512 - 48,
              kmalloc - 256,
              1u << 31,
              most};
    entries_ = {0,       1,        8,       256,     page,    surroundings.built_for_cpus,
                65536,   1 << 20,  1 << 24, 1 << 26, 1 << 27, 1 << 28,
                1 << 30, 1u << 31, most};
    descriptors_ = {-1, 0, 1, 2, 3, never_open, array_fd, hash_fd, btf_fd};
    for (const object &one : open.objects)
        descriptors_.push_back(one.fd);
}

uint32_t random_requests::near(uint32_t landmark)
{
    switch (numbers_.below(8)) {
    case 0:
        return landmark - 1;
    case 1:
        return landmark + 1;
    case 2:
        return landmark - numbers_.below(64);
    case 3:
        return landmark + 8 - 8 * numbers_.below(64);
    default:
        return landmark;
    }
}

uint32_t random_requests::near_size()
{
    return numbers_.one_in(4) ? numbers_.below(4100) : near(numbers_.pick(sizes_));
}

uint32_t random_requests::near_entries()
{
    return near(numbers_.pick(entries_));
}

// The kernel takes a tenth of a second to free a struct_ops map, so there are fewer of them.
uint32_t random_requests::type()
{
    constexpr uint32_t unknown[] = {0, map_type_count, map_type_count + 1, 64, most};
    if (numbers_.one_in(20))
        return numbers_.pick(unknown);
    const uint32_t any = numbers_.below(map_type_count);
    return any == map_type::struct_ops ? numbers_.below(map_type_count) : any;
}

uint32_t random_requests::descriptor()
{
    return static_cast<uint32_t>(numbers_.pick(descriptors_));
}

// The id of a type with that size, or of any if there is none.
uint32_t random_requests::type_id_of_size(uint32_t size)
{
    for (int tries = 0; tries < 20; tries++) {
        const btf_type &one = numbers_.pick(open_.types);
        if (one.size == size)
            return one.id;
    }
    return numbers_.below(open_.types.size() + 3);
}

void random_requests::change_sizes(request &made)
{
    (numbers_.one_in(3) ? made.attr.key_size : made.attr.value_size) = near_size();
}

void random_requests::change_entries(request &made)
{
    made.attr.max_entries = near_entries();
}

void random_requests::change_flag(request &made)
{
    made.attr.map_flags ^= 1u << numbers_.below(numbers_.one_in(8) ? 32 : known_flag_bits);
}

void random_requests::change_flags_wholly(request &made)
{
    made.attr.map_flags = 1u << numbers_.below(known_flag_bits) | 1u << numbers_.below(known_flag_bits);
}

void random_requests::change_access(request &made)
{
    made.attr.map_flags |= numbers_.one_in(2) ? BAREBPF_F_RDONLY | BAREBPF_F_WRONLY
                                              : BAREBPF_F_RDONLY_PROG | BAREBPF_F_WRONLY_PROG;
}

void random_requests::change_inner_map(request &made)
{
    made.attr.inner_map_fd = descriptor();
    if (numbers_.one_in(2))
        return;
    const uint32_t inner_map_fd = made.attr.inner_map_fd;
    made.attr = example_of(numbers_.one_in(2) ? map_type::array_of_maps : map_type::hash_of_maps, running_);
    made.attr.inner_map_fd = inner_map_fd;
}

void random_requests::change_node(request &made)
{
    const uint32_t nodes = running_.surroundings.numa_nodes;
    const uint32_t near_nodes[] = {0, nodes - 1, nodes, 1023, 4096, most};
    made.attr.numa_node = numbers_.pick(near_nodes);
    if (!numbers_.one_in(4))
        made.attr.map_flags |= BAREBPF_F_NUMA_NODE;
}

void random_requests::change_name(request &made)
{
    if (numbers_.one_in(2)) {
        made.attr.map_name[numbers_.below(sizeof(made.attr.map_name))] =
            static_cast<char>(numbers_.below(256));
        return;
    }
    const std::string_view name = numbers_.pick(names);
    std::memcpy(made.attr.map_name, name.data(), name.size());
}

void random_requests::change_device(request &made)
{
    constexpr uint32_t devices[] = {1, 77, most};
    made.attr.map_ifindex = numbers_.pick(devices);
}

void random_requests::change_btf(request &made)
{
    const auto ids = static_cast<uint32_t>(open_.types.size()) + 3;
    made.attr.btf_fd = numbers_.one_in(2) ? descriptor() : uint32_t{btf_fd};
    made.attr.btf_key_type_id = numbers_.one_in(16) ? most : numbers_.below(ids);
    made.attr.btf_value_type_id = numbers_.one_in(16) ? most : numbers_.below(ids);
}

// Ids that fit the sizes, or sizes that fit the ids.
void random_requests::change_btf_aptly(request &made)
{
    made.attr.btf_fd = btf_fd;
    if (open_.types.empty())
        return;
    if (numbers_.one_in(2)) {
        const btf_type &value = numbers_.pick(open_.types);
        made.attr.btf_value_type_id = value.id;
        made.attr.value_size = value.size;
    } else {
        made.attr.btf_value_type_id = type_id_of_size(made.attr.value_size);
    }
    if (!numbers_.one_in(4))
        made.attr.btf_key_type_id = type_id_of_size(made.attr.key_size);
    if (numbers_.one_in(4))
        made.attr.max_entries = 1;
}

void random_requests::change_kernel_type(request &made)
{
    constexpr uint32_t ids[] = {0, 1, 2, 99, 1000, 50000, most};
    if (!numbers_.one_in(4)) {
        made.attr.btf_vmlinux_value_type_id = numbers_.pick(ids);
        return;
    }
    made.attr = example_of(map_type::struct_ops, running_);
    if (numbers_.one_in(3))
        made.attr.btf_vmlinux_value_type_id = numbers_.pick(ids);
    if (numbers_.one_in(3))
        made.attr.value_size = near(made.attr.value_size);
    if (numbers_.one_in(3)) {
        made.attr.map_flags |= BAREBPF_F_VTYPE_BTF_OBJ_FD;
        made.attr.value_type_btf_obj_fd = static_cast<int32_t>(descriptor());
    }
}

// Mostly of a type that uses it.
void random_requests::change_extra(request &made)
{
    const uint64_t page = running_.surroundings.page_size;
    const uint64_t whole = uint64_t{1} << 32;
    const uint64_t extras[] = {0,
                               1,
                               5,
                               15,
                               16,
                               page,
                               page + 1,
                               65535,
                               65536,
                               1 << 28,
                               whole - page,
                               whole,
                               2 * whole - page,
                               0x700000000000,
                               ~uint64_t{0}};
    constexpr uint32_t users[] = {map_type::bloom_filter, map_type::arena, map_type::rhash};
    if (!numbers_.one_in(3))
        made.attr = example_of(numbers_.pick(users), running_);
    made.attr.map_extra = numbers_.pick(extras);
    if (made.attr.map_type == map_type::arena && numbers_.one_in(2))
        made.attr.max_entries = near(static_cast<uint32_t>(whole / page));
}

void random_requests::change_descriptors(request &made)
{
    if (numbers_.one_in(2)) {
        made.attr.value_type_btf_obj_fd = static_cast<int32_t>(descriptor());
        made.attr.map_flags |= numbers_.one_in(2) ? BAREBPF_F_VTYPE_BTF_OBJ_FD : 0;
    } else {
        made.attr.map_token_fd = static_cast<int32_t>(descriptor());
        made.attr.map_flags |= numbers_.one_in(2) ? BAREBPF_F_TOKEN_FD : 0;
    }
}

void random_requests::change_hash(request &made)
{
    constexpr uint32_t hash_sizes[] = {0, 16, 31, 32, 32, 32, 32, 33, 64};
    const uint64_t readable = reinterpret_cast<uintptr_t>(readable_hash);
    const uint64_t hashes[] = {0, 1, readable, readable, readable, 1ull << 63};
    made.attr.excl_prog_hash = numbers_.pick(hashes);
    made.attr.excl_prog_hash_size = numbers_.pick(hash_sizes);
}

void random_requests::change_attr_size(request &made)
{
    const uint32_t page = running_.surroundings.page_size;
    const uint32_t attr_sizes[] = {
        numbers_.below(257), numbers_.below(97), numbers_.below(97), 256, 4096, page, page + 1, most};
    made.size = numbers_.pick(attr_sizes);
}

void random_requests::change_tail(request &made)
{
    constexpr uint32_t attr_sizes[] = {168, 200, 256, 256, 4096};
    made.size = numbers_.pick(attr_sizes);
    made.stray = static_cast<int>(map_create_attr_size + numbers_.below(256 - map_create_attr_size));
}

request random_requests::next()
{
    request made{example_of(type(), running_), map_create_attr_size, -1};
    constexpr unsigned int counts[] = {0, 1, 1, 1, 1, 2, 2, 2, 3, 4};
    for (unsigned int left = numbers_.pick(counts); left; left--)
        (this->*changes[numbers_.below(std::size(changes))])(made);
    return made;
}

} // namespace barebpf::test
