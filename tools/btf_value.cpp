// SPDX-License-Identifier: BSD-2-Clause
#include "btf_value.h"

#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "output.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

constexpr unsigned int most_depth = 64;
constexpr bool is_little = std::endian::native == std::endian::little;

[[noreturn]] void refuse(const std::string &why)
{
    throw failure{refused, "the types of the map's BTF do not fit it: " + why};
}

// A number of at most 128 bits.
struct wide {
    uint64_t high = 0, low = 0;

    void push(bool bit)
    {
        high = high << 1 | low >> 63;
        low = low << 1 | (bit ? 1 : 0);
    }
};

std::string hex_text(const wide &number)
{
    return number.high ? fmt::format("{:#x}{:016x}", number.high, number.low)
                       : fmt::format("{:#x}", number.low);
}

int64_t with_sign(uint64_t number, uint32_t bits)
{
    const uint32_t unused = 64 - bits;
    return static_cast<int64_t>(number << unused) >> unused;
}

// Where a value lies: bits from `at` on, before `end`. Of a member that is no bitfield `bits` is 0.
struct extent {
    uint64_t at, end;
    uint32_t bits;
};

class decoder
{
public:
    decoder(const btf_types &all, const std::vector<unsigned char> &value)
        : types(all), bytes(value), values_left(4096 + 16 * value.size())
    {
    }

    json decode(uint32_t id, const extent &where, unsigned int depth);

private:
    const btf_entry &resolve(uint32_t *id) const;
    uint64_t bits_of(uint32_t id, unsigned int depth) const;
    wide number_at(uint64_t at, uint64_t bits) const;
    void check(uint32_t id, const btf_entry &type, const extent &where, uint64_t bits) const;
    json integer(const btf_entry &type, const extent &where) const;
    json enumerator(const btf_entry &type, const extent &where) const;
    json floating(const btf_entry &type, const extent &where) const;
    json elements(const btf_entry &type, const extent &where, unsigned int depth);
    json text(uint32_t count, uint64_t at) const;
    void add_members(const btf_entry &type, const extent &where, unsigned int depth, json *to);
    json variables(const btf_entry &type, const extent &where, unsigned int depth);
    std::string name_of(const btf_entry &type) const { return in_quotes(types.name_at(type.name)); }
    bool is_char(const btf_entry &type) const;

    const btf_types &types;
    const std::vector<unsigned char> &bytes;
    uint64_t values_left; // members of unions overlap, and unions of unions multiply
};

bool refers(btf_kind kind)
{
    switch (kind) {
    case btf_kind::alias:
    case btf_kind::is_volatile:
    case btf_kind::is_const:
    case btf_kind::is_restrict:
    case btf_kind::variable:
    case btf_kind::type_tag:
        return true;
    default:
        return false;
    }
}

// The type behind typedefs, qualifiers and tags.
const btf_entry &decoder::resolve(uint32_t *id) const
{
    for (unsigned int depth = 0; depth < most_depth; depth++) {
        const btf_entry *type = types.at(*id);
        if (!type)
            refuse(fmt::format("there is no type {}", *id));
        if (!refers(type->kind))
            return *type;
        *id = type->size_or_type;
    }
    refuse(fmt::format("type {} is more than {} types deep", *id, most_depth));
}

uint64_t decoder::bits_of(uint32_t id, unsigned int depth) const
{
    const btf_entry &type = resolve(&id);
    switch (type.kind) {
    case btf_kind::integer:
    case btf_kind::structure:
    case btf_kind::union_of:
    case btf_kind::enumeration:
    case btf_kind::enumeration_64:
    case btf_kind::floating:
    case btf_kind::section:
        return uint64_t{8} * type.size_or_type;
    case btf_kind::pointer:
        return 8 * sizeof(void *);
    case btf_kind::array: {
        if (depth == most_depth)
            refuse(fmt::format("type {} is more than {} types deep", id, most_depth));
        uint64_t bits = 0;
        if (__builtin_mul_overflow(bits_of(type.word(0), depth + 1), uint64_t{type.word(2)}, &bits))
            refuse(fmt::format("array {} is too large", id));
        return bits;
    }
    default:
        refuse(fmt::format("type {} has no size", id));
    }
}

// As the C compiler of this machine numbers bits.
wide decoder::number_at(uint64_t at, uint64_t bits) const
{
    wide number;
    for (uint64_t i = 0; i < bits; i++) {
        const uint64_t bit = is_little ? at + bits - 1 - i : at + i;
        const unsigned int shift = is_little ? bit % 8 : 7 - bit % 8;
        number.push(bytes[bit / 8] >> shift & 1);
    }
    return number;
}

json decoder::integer(const btf_entry &type, const extent &where) const
{
    constexpr uint32_t is_signed = 1, is_bool = 4;
    const uint32_t about = type.word(0), encoding = about >> 24 & 15;
    const uint64_t at = where.at + (where.bits ? 0 : about >> 16 & 255);
    const uint32_t bits = where.bits ? where.bits : about & 255;
    if (!bits || bits > 128 || at > where.end || bits > where.end - at)
        refuse(fmt::format("int {} lies outside of the value", name_of(type)));
    const wide number = number_at(at, bits);
    if (bits > 64)
        return hex_text(number);
    if (encoding & is_bool && number.low < 2)
        return number.low == 1;
    if (encoding & is_signed)
        return with_sign(number.low, bits);
    return number.low;
}

json decoder::enumerator(const btf_entry &type, const extent &where) const
{
    const uint32_t bits = where.bits ? where.bits : 8 * type.size_or_type;
    if (!bits || bits > 64)
        refuse(fmt::format("enum {} has {} bytes", name_of(type), type.size_or_type));
    const bool wide_values = type.kind == btf_kind::enumeration_64;
    const uint64_t mask = ~uint64_t{0} >> (64 - bits), found = number_at(where.at, bits).low;
    for (uint32_t i = 0; i < type.count; i++) {
        const uint32_t word = i * (wide_values ? 3 : 2);
        uint64_t value = static_cast<uint64_t>(int64_t{static_cast<int32_t>(type.word(word + 1))});
        if (wide_values)
            value = uint64_t{type.word(word + 2)} << 32 | type.word(word + 1);
        if ((value & mask) == found)
            return json_text(std::string(types.name_at(type.word(word))));
    }
    return type.flag ? json(with_sign(found, bits)) : json(found);
}

json decoder::floating(const btf_entry &type, const extent &where) const
{
    const unsigned char *from = bytes.data() + where.at / 8;
    double number = 0;
    float single = 0;
    if (type.size_or_type == sizeof(single)) {
        std::memcpy(&single, from, sizeof(single));
        number = static_cast<double>(single);
    } else if (type.size_or_type == sizeof(number)) {
        std::memcpy(&number, from, sizeof(number));
    } else if (type.size_or_type <= 16) {
        return hex_text(number_at(where.at, uint64_t{8} * type.size_or_type));
    } else {
        refuse(fmt::format("float {} has {} bytes", name_of(type), type.size_or_type));
    }
    return std::isfinite(number) ? json(number) : json(fmt::format("{}", number));
}

bool decoder::is_char(const btf_entry &type) const
{
    return type.kind == btf_kind::integer && type.size_or_type == 1 && types.name_at(type.name) == "char";
}

// An array of char that holds printable text and only zeros behind it, as a string; null otherwise.
json decoder::text(uint32_t count, uint64_t at) const
{
    const std::string all(reinterpret_cast<const char *>(bytes.data()) + at / 8, count);
    const size_t length = std::min(all.find('\0'), all.size());
    for (size_t i = 0; i < all.size(); i++)
        if (i < length ? all[i] < ' ' || all[i] > '~' : all[i] != '\0')
            return nullptr;
    return all.substr(0, length);
}

json decoder::elements(const btf_entry &type, const extent &where, unsigned int depth)
{
    const uint32_t of = type.word(0), count = type.word(2);
    const uint64_t bits = bits_of(of, depth);
    uint32_t resolved = of;
    if (bits == 8 && is_char(resolve(&resolved)))
        if (json string = text(count, where.at); !string.is_null())
            return string;
    json list = json::array();
    for (uint32_t i = 0; i < count; i++)
        list.push_back(decode(of, {where.at + i * bits, where.end, 0}, depth + 1));
    return list;
}

// Those of a struct or union without a name are members of what it is in.
void decoder::add_members(const btf_entry &type, const extent &where, unsigned int depth, json *to)
{
    for (uint32_t i = 0; i < type.count; i++) {
        const uint32_t offset = type.word(3 * i + 2);
        uint32_t id = type.word(3 * i + 1);
        const std::string_view name = types.name_at(type.word(3 * i));
        extent member = {where.at + offset, where.end, 0};
        if (type.flag)
            member = {where.at + (offset & 0xffffff), where.end, offset >> 24};
        const btf_entry &of = resolve(&id);
        const bool is_part = of.kind == btf_kind::structure || of.kind == btf_kind::union_of;
        json value = decode(id, member, depth + 1);
        if (name.empty() && is_part)
            to->update(value);
        else if (!name.empty())
            (*to)[json_text(std::string(name))] = std::move(value);
    }
}

json decoder::variables(const btf_entry &type, const extent &where, unsigned int depth)
{
    json all = json::object();
    for (uint32_t i = 0; i < type.count; i++) {
        const uint32_t id = type.word(3 * i);
        const btf_entry *variable = types.at(id);
        const std::string name(variable ? types.name_at(variable->name) : "");
        const uint64_t at = where.at + uint64_t{8} * type.word(3 * i + 1);
        all[json_text(name)] = decode(id, {at, where.end, 0}, depth + 1);
    }
    return all;
}

// Throws unless the type may lie there.
void decoder::check(uint32_t id, const btf_entry &type, const extent &where, uint64_t bits) const
{
    if (where.at > where.end || bits > where.end - where.at)
        refuse(fmt::format("type {} ({}) ends behind the last byte", id, name_of(type)));
    const bool may_be_bitfield = type.kind == btf_kind::integer || type.kind == btf_kind::enumeration ||
                                 type.kind == btf_kind::enumeration_64;
    if (where.bits && !may_be_bitfield)
        refuse(fmt::format("type {} cannot be a bitfield", id));
    if (type.kind != btf_kind::integer && !where.bits && where.at % 8)
        refuse(fmt::format("type {} does not begin at a byte", id));
}

json decoder::decode(uint32_t id, const extent &where, unsigned int depth)
{
    const btf_entry &type = resolve(&id);
    const uint64_t bits = where.bits ? where.bits : bits_of(id, depth);
    if (depth == most_depth)
        refuse(fmt::format("type {} is more than {} types deep", id, most_depth));
    if (!values_left--)
        refuse("they describe many times as many values as it has bytes");
    check(id, type, where, bits);
    json members = json::object();
    switch (type.kind) {
    case btf_kind::integer:
        return integer(type, where);
    case btf_kind::enumeration:
    case btf_kind::enumeration_64:
        return enumerator(type, where);
    case btf_kind::floating:
        return floating(type, where);
    case btf_kind::array:
        return elements(type, where, depth);
    case btf_kind::section:
        return variables(type, where, depth);
    case btf_kind::structure:
    case btf_kind::union_of:
        add_members(type, {where.at, where.at + bits, 0}, depth, &members);
        return members;
    default:
        return number_at(where.at, bits).low; // a pointer
    }
}

} // namespace

json value_of_type(const btf_types &types, uint32_t id, const std::vector<unsigned char> &bytes)
{
    return decoder(types, bytes).decode(id, {0, uint64_t{8} * bytes.size(), 0}, 0);
}

} // namespace barebpf::tool
