// SPDX-License-Identifier: BSD-2-Clause
//
// Bytes decoded by BTF: what each kind of type makes of them, and BTF that does not fit or never ends.
#include "btf_value.h"

#include <bit>
#include <cstring>

#include "btf_writer.h"
#include "test/catch.h"

using namespace barebpf::test;
using barebpf::tool::btf_types;
using barebpf::tool::failure;
using barebpf::tool::value_of_type;

namespace
{

using bytes = std::vector<unsigned char>;

constexpr uint32_t is_signed = 1 << 24, is_bool = 4 << 24, kind_flag = 1u << 31;

// Appends a value as this machine stores it.
template <typename T> bytes &operator<<(bytes &to, T value)
{
    unsigned char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    to.insert(to.end(), raw, raw + sizeof(T));
    return to;
}

struct types : btf_writer {
    uint32_t count = 0;

    uint32_t type(const char *name, uint32_t kind, uint32_t members, uint32_t size)
    {
        add_type(name, kind, members, size);
        return ++count;
    }
    uint32_t integer(const char *name, uint32_t size, uint32_t encoding = 0)
    {
        const uint32_t id = type(name, BTF_KIND_INT, 0, size);
        add(encoding | 8 * size);
        return id;
    }
    uint32_t array(uint32_t of, uint32_t elements)
    {
        const uint32_t id = type("", BTF_KIND_ARRAY, 0, 0);
        for (const uint32_t word : {of, of, elements})
            add(word);
        return id;
    }
    void member(const char *name, uint32_t id, uint32_t bit)
    {
        for (const uint32_t word : {offset_of(name), id, bit})
            add(word);
    }
    std::string decoded(uint32_t id, const bytes &value) const
    {
        const std::string raw = text();
        const std::optional<btf_types> all = btf_types::read({raw.begin(), raw.end()});
        REQUIRE(all);
        return value_of_type(*all, id, value).dump();
    }
    // The error instead of a value.
    std::string refusal(uint32_t id, const bytes &value) const
    {
        try {
            return "not refused: " + decoded(id, value);
        } catch (const failure &why) {
            CHECK(why.code == 1);
            return why.text.substr(std::strlen("the types of the map's BTF do not fit it: "));
        }
    }
};

bytes number(uint64_t value)
{
    bytes all;
    all << value;
    return all;
}

} // namespace

TEST_CASE("btf value: integers have their sign, width and truth")
{
    types btf;
    const uint32_t s8 = btf.integer("s8", 1, is_signed), u8 = btf.integer("u8", 1);
    const uint32_t s64 = btf.integer("long", 8, is_signed), u64 = btf.integer("unsigned long", 8);
    const uint32_t truth = btf.integer("_Bool", 1, is_bool), wide = btf.integer("__int128", 16, is_signed);
    const uint32_t pointer = btf.type("", BTF_KIND_PTR, 0, 0);
    CHECK(btf.decoded(s8, {0x80}) == "-128");
    CHECK(btf.decoded(u8, {0x80}) == "128");
    CHECK(btf.decoded(s64, number(~uint64_t{0})) == "-1");
    CHECK(btf.decoded(u64, number(~uint64_t{0})) == "18446744073709551615");
    CHECK(btf.decoded(truth, {1}) == "true");
    CHECK(btf.decoded(truth, {0}) == "false");
    CHECK(btf.decoded(truth, {2}) == "2");
    bytes large;
    if (std::endian::native == std::endian::little)
        large << uint64_t{2} << uint64_t{0x10};
    else
        large << uint64_t{0x10} << uint64_t{2};
    CHECK(btf.decoded(wide, large) == "\"0x100000000000000002\"");
    bytes address;
    address << uintptr_t{4096};
    CHECK(btf.decoded(pointer, address) == "4096");
}

TEST_CASE("btf value: floats are numbers where C has them, and text where JSON has not")
{
    types btf;
    const uint32_t single = btf.type("float", BTF_KIND_FLOAT, 0, 4);
    const uint32_t twice = btf.type("double", BTF_KIND_FLOAT, 0, 8);
    const uint32_t half = btf.type("half", BTF_KIND_FLOAT, 0, 2);
    bytes one, large;
    one << 1.5f;
    large << __builtin_inf();
    CHECK(btf.decoded(single, one) == "1.5");
    CHECK(btf.decoded(twice, large) == "\"inf\"");
    bytes raw;
    raw << uint16_t{0x3c00};
    CHECK(btf.decoded(half, raw) == "\"0x3c00\"");
}

TEST_CASE("btf value: enums have names, and numbers without one")
{
    types btf;
    const uint32_t color = btf.type("color", BTF_KIND_ENUM, 2, 4);
    for (const uint32_t word : {btf.offset_of("red"), 1u, btf.offset_of("blue"), ~0u})
        btf.add(word);
    btf.add(btf.offset_of("wide"));
    btf.add(kind_flag | 19u << 24 | 1);
    btf.add(8);
    const uint32_t wide = ++btf.count;
    for (const uint32_t word : {btf.offset_of("huge"), 7u, 1u})
        btf.add(word);
    const auto four = [](uint32_t value) {
        bytes all;
        all << value;
        return all;
    };
    CHECK(btf.decoded(color, four(1)) == "\"red\"");
    CHECK(btf.decoded(color, four(0xffffffff)) == "\"blue\"");
    CHECK(btf.decoded(color, four(0xfffffffe)) == "4294967294");
    CHECK(btf.decoded(wide, number(uint64_t{1} << 32 | 7)) == "\"huge\"");
    CHECK(btf.decoded(wide, number(~uint64_t{1})) == "-2");
}

TEST_CASE("btf value: structs, unions, arrays and what is behind typedefs and qualifiers")
{
    types btf;
    const uint32_t s32 = btf.integer("int", 4, is_signed), character = btf.integer("char", 1, is_signed);
    const uint32_t named = btf.type("number_t", BTF_KIND_TYPEDEF, 0, s32);
    const uint32_t constant = btf.type("", BTF_KIND_CONST, 0, named);
    const uint32_t matrix = btf.array(btf.array(constant, 2), 1);
    const uint32_t text = btf.array(character, 4);
    const uint32_t part = btf.type("", BTF_KIND_UNION, 2, 4);
    btf.member("as_int", s32, 0);
    btf.member("as_text", text, 0);
    const uint32_t whole = btf.type("whole", BTF_KIND_STRUCT, 4, 20);
    btf.member("a", constant, 0);
    btf.member("", part, 32);
    btf.member("m", matrix, 64);
    btf.member("t", text, 128);
    bytes value;
    value << int32_t{-5} << int32_t{1} << int32_t{2} << int32_t{3};
    for (const char c : {'o', 'k', '\0', '\0'})
        value << c;
    bytes first;
    first << int32_t{1};
    const std::string list = first[0] ? "[1,0,0,0]" : "[0,0,0,1]";
    CHECK(btf.decoded(whole, value) ==
          R"({"a":-5,"as_int":1,"as_text":)" + list + R"(,"m":[[2,3]],"t":"ok"})");
    value[19] = '!'; // behind the end of the text
    CHECK(btf.decoded(whole, value).ends_with(R"("t":[111,107,0,33]})"));
}

TEST_CASE("btf value: bitfields, as the compiler lays them out")
{
    struct fields {
        unsigned int a : 3;
        int b : 5;
        unsigned int c : 20;
    };
    const fields given = {5, -3, 0xabcde};
    bytes value;
    value << given;
    types btf;
    const uint32_t u32 = btf.integer("unsigned int", 4), s32 = btf.integer("int", 4, is_signed);
    btf.add(btf.offset_of("fields"));
    btf.add(kind_flag | BTF_KIND_STRUCT << 24 | 3);
    btf.add(4);
    const uint32_t whole = ++btf.count;
    btf.member("a", u32, 3 << 24 | 0);
    btf.member("b", s32, 5 << 24 | 3);
    btf.member("c", u32, 20 << 24 | 8);
    CHECK(btf.decoded(whole, value) == R"({"a":5,"b":-3,"c":703710})");
}

TEST_CASE("btf value: the variables of a section")
{
    types btf;
    const uint32_t s32 = btf.integer("int", 4, is_signed);
    const uint32_t variable = btf.type("counter", BTF_KIND_VAR, 0, s32);
    btf.add(1);
    const uint32_t section = btf.type(".data", BTF_KIND_DATASEC, 1, 8);
    for (const uint32_t word : {variable, 4u, 4u})
        btf.add(word);
    bytes value;
    value << int32_t{1} << int32_t{2};
    CHECK(btf.decoded(section, value) == R"({"counter":2})");
}

TEST_CASE("btf value: BTF that does not fit the value is refused")
{
    types btf;
    const uint32_t s32 = btf.integer("int", 4, is_signed);
    const uint32_t late = btf.type("late", BTF_KIND_STRUCT, 1, 4);
    btf.member("x", s32, 32);
    const uint32_t large = btf.array(s32, 0xffffffff);
    const uint32_t larger = btf.array(large, 0xffffffff);
    const uint32_t empty = btf.type("empty", BTF_KIND_STRUCT, 0, 0);
    const uint32_t many = btf.array(empty, 0xffffffff);
    const uint32_t ahead = btf.type("ahead", BTF_KIND_FWD, 0, 0);
    const uint32_t unaligned = btf.type("unaligned", BTF_KIND_STRUCT, 1, 8);
    btf.member("x", late, 1);
    const uint32_t odd = btf.type("odd", BTF_KIND_INT, 0, 4);
    btf.add(255);
    const uint32_t long_float = btf.type("long", BTF_KIND_FLOAT, 0, 17);
    bytes value(4);
    CHECK(btf.refusal(s32, {0, 0, 0}) == "type 1 ('int') ends behind the last byte");
    CHECK(btf.refusal(late, value) == "type 1 ('int') ends behind the last byte");
    CHECK(btf.refusal(large, value) == "type 3 ('') ends behind the last byte");
    CHECK(btf.refusal(larger, value) == "array 4 is too large");
    CHECK(btf.refusal(many, value) == "they describe many times as many values as it has bytes");
    CHECK(btf.refusal(ahead, value) == "type 7 has no size");
    CHECK(btf.refusal(unaligned, number(0)) == "type 2 does not begin at a byte");
    CHECK(btf.refusal(odd, value) == "int 'odd' lies outside of the value");
    CHECK(btf.refusal(long_float, bytes(17)) == "float 'long' has 17 bytes");
    CHECK(btf.refusal(0, value) == "there is no type 0");
    CHECK(btf.refusal(99, value) == "there is no type 99");
}

TEST_CASE("btf value: types that contain themselves, or multiply, are refused")
{
    types btf;
    const uint32_t loop = btf.type("loop", BTF_KIND_TYPEDEF, 0, 1);
    const uint32_t self = btf.type("self", BTF_KIND_STRUCT, 1, 4);
    btf.member("x", self, 0);
    const uint32_t nested = btf.array(btf.count + 1, 1);
    uint32_t last = btf.integer("int", 4);
    for (int level = 0; level < 40; level++) {
        const uint32_t both = btf.type("both", BTF_KIND_UNION, 2, 4);
        btf.member("a", last, 0);
        btf.member("b", last, 0);
        last = both;
    }
    CHECK(btf.refusal(loop, bytes(4)) == "type 1 is more than 64 types deep");
    CHECK(btf.refusal(self, bytes(4)) == "type 2 is more than 64 types deep");
    CHECK(btf.refusal(nested, bytes(4)) == "type 3 is more than 64 types deep");
    CHECK(btf.refusal(last, bytes(4)) == "they describe many times as many values as it has bytes");
}

TEST_CASE("btf: bytes that are not whole BTF are none")
{
    const std::string whole = small_btf();
    for (size_t size = 0; size < whole.size(); size++)
        CHECK_FALSE(btf_types::read({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)}));
    CHECK(btf_types::read({whole.begin(), whole.end()}));
    types unknown;
    unknown.type("future", 25, 0, 0);
    const std::string text = unknown.text();
    CHECK_FALSE(btf_types::read({text.begin(), text.end()}));
}
