// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_BTF_H
#define BAREBPF_TOOLS_BTF_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace barebpf::tool
{

// Kinds by number, for headers that lack the newer ones.
enum class btf_kind : uint32_t {
    integer = 1,
    pointer,
    array,
    structure,
    union_of,
    enumeration,
    forward,
    alias,
    is_volatile,
    is_const,
    is_restrict,
    function,
    function_type,
    variable,
    section,
    floating,
    declaration_tag,
    type_tag,
    enumeration_64
};

// A type, as it stands in BTF.
struct btf_entry {
    btf_kind kind;
    bool flag;             // kind_flag: bitfields of a struct or union, signed values of an enum
    uint32_t count;        // of members, values or variables
    uint32_t size_or_type; // size in bytes, or the id of another type
    uint32_t name;         // for name_at()
    const char *behind;    // what follows the common part: words of 4 bytes
    uint32_t words;        // how many

    uint32_t word(uint32_t index) const; // index < words
};

// The types of raw BTF. The bytes are not trusted: all that is returned lies within them.
class btf_types
{
public:
    btf_types(btf_types &&) = default;
    btf_types &operator=(btf_types &&) = default;

    // Nothing when the bytes are not raw BTF of this machine's byte order.
    static std::optional<btf_types> read(std::vector<char> bytes);

    const std::vector<char> &bytes() const { return bytes_; }
    // By id from 1 on; nullptr when there is none.
    const btf_entry *at(uint32_t id) const { return id - 1 < entries_.size() ? &entries_[id - 1] : nullptr; }
    size_t size() const { return entries_.size(); }
    std::string_view name_at(uint32_t offset) const;

private:
    btf_types() = default;
    bool read_entries(const char *types, size_t length);

    std::vector<char> bytes_;
    std::string_view strings_;
    std::vector<btf_entry> entries_;
};

// "struct" and the like, of a type that a key or value may be; nullptr for any other.
const char *name_of_kind(btf_kind kind);

// Raw BTF from a file.
class btf_file
{
public:
    // Throws a failure when there is no such file or it is not raw BTF. `keyword` is what the path was given
    // for.
    btf_file(const char *keyword, const std::string &path);

    // The id of the type with this name; throws a failure when there is none, or several.
    uint32_t id_of(const char *keyword, const std::string &name) const;

    const std::vector<char> &bytes() const { return types_.bytes(); }

private:
    std::string path_;
    btf_types types_;
};

} // namespace barebpf::tool

#endif
