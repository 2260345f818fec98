// SPDX-License-Identifier: BSD-2-Clause
#include "btf.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/btf.h>

#include "failure.h"
#include "names.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

// Kinds by number, for headers that lack the newer ones.
enum kind : uint32_t {
    integer = 1,
    pointer,
    array,
    structure,
    union_of,
    enumeration,
    forward,
    alias,
    function_type = 13,
    variable,
    section,
    floating,
    tag,
    type_tag,
    enumeration_64
};

// The name of a kind that a key or value may have; nullptr for any other.
const char *name_of_kind(uint32_t kind)
{
    switch (kind) {
    case integer:
        return "int";
    case structure:
        return "struct";
    case union_of:
        return "union";
    case enumeration:
    case enumeration_64:
        return "enum";
    case alias:
        return "typedef";
    case floating:
        return "float";
    default:
        return nullptr;
    }
}

// Bytes behind a type's common part; nothing for a kind that is not known.
std::optional<size_t> bytes_behind(uint32_t kind, uint32_t count)
{
    switch (kind) {
    case integer:
    case variable:
    case tag:
        return 4;
    case array:
        return 12;
    case structure:
    case union_of:
    case section:
    case enumeration_64:
        return size_t{count} * 12;
    case enumeration:
    case function_type:
        return size_t{count} * 8;
    default:
        if (kind == 0 || kind > enumeration_64)
            return {};
        return 0;
    }
}

std::vector<char> bytes_of_file(const char *keyword, const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw failure{refused,
                      fmt::format("{}: cannot open {}: {}", keyword, in_quotes(path), errno_text(errno))};
    std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    if (file.bad() || (bytes.empty() && errno == EISDIR))
        throw failure{refused, fmt::format("{}: cannot read {}", keyword, in_quotes(path))};
    return bytes;
}

bool begins_with(const std::vector<char> &bytes, std::string_view beginning)
{
    return std::string_view(bytes.data(), bytes.size()).starts_with(beginning);
}

// Why a file is not raw BTF.
std::string problem_of(const std::vector<char> &bytes)
{
    if (begins_with(bytes, "\x7f"
                           "ELF"))
        return "is an ELF file; llvm-objcopy --dump-section .BTF=FILE writes the BTF in it to FILE";
    return "is not raw BTF of this machine's byte order, such as pahole --btf_encode_detached writes";
}

bool is_inside(size_t offset, size_t length, size_t size)
{
    return offset <= size && length <= size - offset;
}

// Reads the types one after the other; each has the next id.
class type_reader
{
public:
    explicit type_reader(const std::vector<char> &bytes) : bytes_(bytes) {}

    // False when the bytes are not raw BTF.
    bool read(std::vector<btf_entry> *entries)
    {
        btf_header header;
        if (bytes_.size() < sizeof(header))
            return false;
        std::memcpy(&header, bytes_.data(), sizeof(header));
        const size_t rest = bytes_.size() - sizeof(header);
        if (header.magic != BTF_MAGIC || header.hdr_len < sizeof(header) ||
            header.hdr_len - sizeof(header) > rest)
            return false;
        const size_t size = bytes_.size() - header.hdr_len;
        if (!is_inside(header.type_off, header.type_len, size) ||
            !is_inside(header.str_off, header.str_len, size))
            return false;
        strings_ = std::string_view(bytes_.data() + header.hdr_len + header.str_off, header.str_len);
        return read_types(bytes_.data() + header.hdr_len + header.type_off, header.type_len, entries);
    }

private:
    bool read_types(const char *types, size_t length, std::vector<btf_entry> *entries) const
    {
        size_t at = 0;
        for (uint32_t id = 1; at < length; id++) {
            btf_type type;
            if (!is_inside(at, sizeof(type), length))
                return false;
            std::memcpy(&type, types + at, sizeof(type));
            const uint32_t kind = type.info >> 24 & 0x1f;
            const std::optional<size_t> behind = bytes_behind(kind, type.info & 0xffff);
            at += sizeof(type);
            if (!behind || !is_inside(at, *behind, length))
                return false;
            at += *behind;
            if (const char *name = name_of_kind(kind))
                entries->push_back({id, name, text_at(type.name_off)});
        }
        return true;
    }

    std::string text_at(uint32_t offset) const
    {
        if (offset >= strings_.size())
            return "";
        const std::string_view rest = strings_.substr(offset);
        return std::string(rest.substr(0, rest.find('\0')));
    }

    const std::vector<char> &bytes_;
    std::string_view strings_;
};

} // namespace

btf_file::btf_file(const char *keyword, const std::string &path)
    : path_(path), bytes_(bytes_of_file(keyword, path))
{
    if (!type_reader(bytes_).read(&entries_))
        throw failure{refused, fmt::format("{}: {} {}", keyword, in_quotes(path), problem_of(bytes_))};
}

uint32_t btf_file::id_of(const char *keyword, const std::string &name) const
{
    std::vector<std::string> found, names;
    uint32_t id = 0;
    for (const btf_entry &one : entries_) {
        names.push_back(one.name);
        if (one.name != name || name.empty())
            continue;
        id = one.id;
        found.push_back(fmt::format("{} {}", one.kind, one.id));
    }
    if (found.empty())
        throw failure{refused, fmt::format("{}: {} has no type {}{}", keyword, in_quotes(path_),
                                           in_quotes(name), did_you_mean(name, names))};
    if (found.size() > 1)
        throw failure{refused,
                      fmt::format("{}: {} has {} types {}: {}; give one by its id", keyword, in_quotes(path_),
                                  found.size(), in_quotes(name), fmt::join(found, ", "))};
    return id;
}

} // namespace barebpf::tool
