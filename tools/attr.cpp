// SPDX-License-Identifier: BSD-2-Clause
#include "attr.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "names.h"
#include "quote.h"
#include "reason.h"

namespace barebpf::tool
{
namespace
{

struct layout {
    const char *name;
    size_t size;
};

// In the kernel's order. Each member follows the one before it without a gap.
#define BAREBPF_LAYOUT(type, name, extent, given, offset, major, minor) {#name, sizeof(type extent)},
constexpr layout layouts[] = {BAREBPF_MAP_FIELDS(BAREBPF_LAYOUT)};
#undef BAREBPF_LAYOUT

uint64_t number_at(const unsigned char *bytes, size_t size)
{
    uint32_t half = 0;
    uint64_t whole = 0;
    if (size == sizeof(half))
        std::memcpy(&half, bytes, size);
    else
        std::memcpy(&whole, bytes, size);
    return whole + half;
}

// What the number of a member means, or why it is zero.
std::string remark(const member &one)
{
    if (!one.unresolved.empty())
        return fmt::format("  (create looks up {})", in_quotes(one.unresolved));
    const auto number = static_cast<uint32_t>(one.value);
    if (one.name == "map_type" && barebpf_map_type_name(number))
        return fmt::format("  {}", barebpf_map_type_name(number));
    if (one.name == "map_flags" && number)
        return fmt::format("  {}", fmt::join(flags_of(number), ","));
    return "";
}

std::string value_text(const member &one)
{
    if (one.name == "map_name")
        return fmt::format("\"{}\"", visible(one.text));
    if (one.name == "map_flags" || one.name == "map_extra")
        return fmt::format("{:#x}{}", one.value, remark(one));
    return fmt::format("{}{}", one.value, remark(one));
}

std::string hex_dump(const std::vector<unsigned char> &bytes)
{
    std::string text;
    for (size_t i = 0; i < bytes.size(); i++) {
        if (i % 16 == 0)
            text += fmt::format("{}{:4}:", i ? "\n" : "", i);
        text += i % 4 == 0 ? "  " : " ";
        text += bytes[i] ? fmt::format("{:02x}", bytes[i]) : "..";
    }
    return text + '\n';
}

// What a member would be set to from: a path or a name.
std::string unresolved_in(std::string_view member, uint32_t map_type, const barebpf_map_words &read)
{
    const struct {
        std::string_view member;
        const char *given;
    } all[] = {
        {"inner_map_fd", read.inner_map},
        {"inner_map_fd", read.inner_map_name},
        {"map_ifindex", read.offload_dev},
        {"btf_fd", read.btf},
        {"btf_key_type_id", read.key_type},
        {map_type == BAREBPF_MAP_TYPE_STRUCT_OPS ? "btf_vmlinux_value_type_id" : "btf_value_type_id",
         read.value_type},
        {"map_token_fd", read.token},
    };
    for (const auto &one : all)
        if (one.given && one.member == member)
            return one.given;
    const bool by_id = member == "inner_map_fd" && read.inner_map_id;
    return by_id ? fmt::format("id {}", read.inner_map_id) : "";
}

} // namespace

std::vector<unsigned char> attr_bytes(const description &wanted)
{
    std::vector<unsigned char> bytes(4096);
    const int size = barebpf_map_create_attr(&wanted.spec, bytes.data(), bytes.size());
    if (size < 0)
        throw failure{usage, fmt::format("the map cannot be encoded: {}", errno_text(size))};
    bytes.resize(static_cast<size_t>(size));
    return bytes;
}

std::vector<member> attr_members(const std::vector<unsigned char> &bytes, const description &wanted)
{
    std::vector<member> members;
    size_t offset = 0;
    for (const layout &known : layouts) {
        member one{offset, known.size, known.name, 0, "", ""};
        const unsigned char *at = bytes.data() + offset;
        if (one.name == "map_name")
            one.text = reinterpret_cast<const char *>(at);
        else
            one.value = number_at(at, one.size);
        one.unresolved = unresolved_in(one.name, wanted.spec.map_type, wanted.read);
        offset += one.size;
        members.push_back(one);
    }
    return members;
}

std::string attr_text(const std::vector<unsigned char> &bytes, const std::vector<member> &members)
{
    std::string text = fmt::format("bpf(BPF_MAP_CREATE, attr, {})\n\n{}\n", bytes.size(), hex_dump(bytes));
    text += "offset  size  member                     value\n";
    for (const member &one : members)
        text += fmt::format("{:6}  {:4}  {:25}  {}\n", one.offset, one.size, one.name, value_text(one));
    return text;
}

json attr_json(const std::vector<unsigned char> &bytes, const std::vector<member> &members)
{
    json list = json::array();
    for (const member &one : members) {
        json entry = {{"offset", one.offset}, {"size", one.size}, {"member", one.name}};
        entry["value"] = one.name == "map_name" ? json(json_text(one.text)) : json(one.value);
        if (one.name == "map_type")
            if (const char *name = barebpf_map_type_name(static_cast<uint32_t>(one.value)))
                entry["name"] = name;
        if (one.name == "map_flags")
            entry["names"] = flags_of(static_cast<uint32_t>(one.value));
        if (!one.unresolved.empty())
            entry["unresolved"] = json_text(one.unresolved);
        list.push_back(entry);
    }
    return {
        {"size", bytes.size()}, {"bytes", fmt::format("{:02x}", fmt::join(bytes, ""))}, {"members", list}};
}

void warn_of_cut(const char *name)
{
    const std::string cut = cut_name(name);
    if (name && cut != name)
        warn(fmt::format("name: {} has more than {} bytes and is cut to {}", in_quotes(name), longest_name,
                         in_quotes(cut)));
}

void attr(const std::vector<const char *> &words, format form)
{
    description wanted(words);
    warn_of_cut(wanted.spec.name);
    const std::string name = cut_name(wanted.spec.name);
    wanted.spec.name = name.c_str();
    const std::vector<unsigned char> bytes = attr_bytes(wanted);
    const std::vector<member> members = attr_members(bytes, wanted);
    print(form == format::text ? attr_text(bytes, members) : written(attr_json(bytes, members), form));
}

void dry_run(const description &given, format form)
{
    description wanted = given;
    warn_of_cut(given.spec.name);
    const std::string name = cut_name(given.spec.name);
    wanted.spec.name = name.c_str();
    const std::vector<unsigned char> bytes = attr_bytes(wanted);
    const std::vector<member> members = attr_members(bytes, wanted);
    const uint64_t memory = map_memory(wanted.spec);
    if (form == format::text)
        return print(attr_text(bytes, members) + fmt::format("\nmemory: about {} bytes\n", memory));
    json document = attr_json(bytes, members);
    document["bytes_memory"] = memory;
    print(written(document, form));
}

} // namespace barebpf::tool
