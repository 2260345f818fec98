// SPDX-License-Identifier: BSD-2-Clause
#include "btf.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/btf.h>
#include <sys/stat.h>
#include <unistd.h>

#include "barebpf/barebpf.hpp"
#include "barebpf/map_file.h"
#include "failure.h"
#include "names.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

constexpr size_t largest_file = 256 << 20;

// Words behind a type's common part; nothing for a kind that is not known.
std::optional<uint32_t> words_behind(uint32_t kind, uint32_t count)
{
    switch (static_cast<btf_kind>(kind)) {
    case btf_kind::integer:
    case btf_kind::variable:
    case btf_kind::declaration_tag:
        return 1;
    case btf_kind::array:
        return 3;
    case btf_kind::structure:
    case btf_kind::union_of:
    case btf_kind::section:
    case btf_kind::enumeration_64:
        return count * 3;
    case btf_kind::enumeration:
    case btf_kind::function_type:
        return count * 2;
    default:
        if (kind == 0 || kind > static_cast<uint32_t>(btf_kind::enumeration_64))
            return {};
        return 0;
    }
}

// The bytes of a regular file; of sysfs, whose files tell their sizes too.
std::vector<char> bytes_of_file(const char *keyword, const std::string &path)
{
    struct stat about;
    const auto cannot = [&](const char *what, const std::string &why) {
        return failure{refused, fmt::format("{}: cannot {} {}: {}", keyword, what, in_quotes(path), why)};
    };
    const fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file || fstat(file.get(), &about) != 0)
        throw cannot("open", errno_text(errno));
    if (!S_ISREG(about.st_mode))
        throw cannot("read", "it is not a regular file");
    if (static_cast<uint64_t>(about.st_size) > largest_file)
        throw cannot("read", errno_text(EFBIG));
    std::vector<char> bytes(static_cast<size_t>(about.st_size));
    size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + done, bytes.size() - done);
        if (got < 0)
            throw cannot("read", errno_text(errno));
        if (got == 0)
            break;
        done += static_cast<size_t>(got);
    }
    bytes.resize(done);
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

btf_types types_of_file(const char *keyword, const std::string &path)
{
    std::vector<char> bytes = bytes_of_file(keyword, path);
    const std::string problem = problem_of(bytes);
    std::optional<btf_types> types = btf_types::read(std::move(bytes));
    if (!types)
        throw failure{refused, fmt::format("{}: {} {}", keyword, in_quotes(path), problem)};
    return std::move(*types);
}

} // namespace

const char *name_of_kind(btf_kind kind)
{
    switch (kind) {
    case btf_kind::integer:
        return "int";
    case btf_kind::structure:
        return "struct";
    case btf_kind::union_of:
        return "union";
    case btf_kind::enumeration:
    case btf_kind::enumeration_64:
        return "enum";
    case btf_kind::alias:
        return "typedef";
    case btf_kind::floating:
        return "float";
    default:
        return nullptr;
    }
}

uint32_t btf_entry::word(uint32_t index) const
{
    uint32_t number;
    std::memcpy(&number, behind + sizeof(number) * index, sizeof(number));
    return number;
}

std::optional<btf_types> btf_types::read(std::vector<char> bytes)
{
    btf_types all;
    all.bytes_ = std::move(bytes); // whose memory moves along with it
    btf_header header;
    if (all.bytes_.size() < sizeof(header))
        return {};
    std::memcpy(&header, all.bytes_.data(), sizeof(header));
    const size_t rest = all.bytes_.size() - sizeof(header);
    if (header.magic != BTF_MAGIC || header.hdr_len < sizeof(header) ||
        header.hdr_len - sizeof(header) > rest)
        return {};
    const size_t size = all.bytes_.size() - header.hdr_len;
    if (!is_inside(header.type_off, header.type_len, size) ||
        !is_inside(header.str_off, header.str_len, size))
        return {};
    const char *const sections = all.bytes_.data() + header.hdr_len;
    all.strings_ = std::string_view(sections + header.str_off, header.str_len);
    if (!all.read_entries(sections + header.type_off, header.type_len))
        return {};
    return all;
}

bool btf_types::read_entries(const char *types, size_t length)
{
    for (size_t at = 0; at < length;) {
        btf_type type;
        if (!is_inside(at, sizeof(type), length))
            return false;
        std::memcpy(&type, types + at, sizeof(type));
        at += sizeof(type);
        const uint32_t kind = type.info >> 24 & 0x1f, count = type.info & 0xffff;
        const std::optional<uint32_t> words = words_behind(kind, count);
        if (!words || !is_inside(at, size_t{4} * *words, length))
            return false;
        entries_.push_back({static_cast<btf_kind>(kind), type.info >> 31 != 0, count, type.size,
                            type.name_off, types + at, *words});
        at += size_t{4} * *words;
    }
    return true;
}

std::string_view btf_types::name_at(uint32_t offset) const
{
    if (offset >= strings_.size())
        return "";
    const std::string_view rest = strings_.substr(offset);
    return rest.substr(0, rest.find('\0'));
}

btf_file::btf_file(const char *keyword, const std::string &path)
    : path_(path), types_(types_of_file(keyword, path))
{
}

uint32_t btf_file::id_of(const char *keyword, const std::string &name) const
{
    std::vector<uint32_t> ids;
    const std::vector<char> &all = bytes();
    for (int id = 0;
         (id = barebpf_btf_find(all.data(), all.size(), name.c_str(), static_cast<uint32_t>(id))) > 0;)
        ids.push_back(static_cast<uint32_t>(id));
    if (ids.size() == 1)
        return ids.front();
    std::vector<std::string> found, names;
    for (const uint32_t id : ids)
        found.push_back(fmt::format("{} {}", name_of_kind(types_.at(id)->kind), id));
    if (ids.size() > 1)
        throw failure{refused,
                      fmt::format("{}: {} has {} types {}: {}; give one by its id", keyword, in_quotes(path_),
                                  found.size(), in_quotes(name), fmt::join(found, ", "))};
    for (uint32_t id = 1; types_.at(id); id++)
        if (name_of_kind(types_.at(id)->kind))
            names.emplace_back(types_.name_at(types_.at(id)->name));
    throw failure{refused, fmt::format("{}: {} has no type {}{}", keyword, in_quotes(path_), in_quotes(name),
                                       did_you_mean(name, names))};
}

} // namespace barebpf::tool
