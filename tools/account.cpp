// SPDX-License-Identifier: BSD-2-Clause
#include "account.h"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/bpf.h>

#include "barebpf/barebpf.h"
#include "names.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

using lines = std::map<std::string, std::string>;

// The lines "key:<tab>value" that /proc has about a descriptor; none without /proc.
lines read_fdinfo(int fd)
{
    lines found;
    std::ifstream file(fmt::format("/proc/self/fdinfo/{}", fd));
    for (std::string line; std::getline(file, line);)
        if (const size_t tab = line.find(":\t"); tab != std::string::npos)
            found[line.substr(0, tab)] = line.substr(tab + 2);
    return found;
}

// A number of /proc; nothing where it has none.
std::optional<uint64_t> number(const lines &fdinfo, const std::string &key, int base = 10)
{
    const auto found = fdinfo.find(key);
    if (found == fdinfo.end())
        return {};
    const std::string &text = found->second;
    const char *start = text.data(), *const last = start + text.size();
    if (base == 16 && text.starts_with("0x"))
        start += 2;
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(start, last, value, base);
    return error == std::errc() && end == last ? std::optional(value) : std::nullopt;
}

uint32_t small_number(const lines &fdinfo, const std::string &key, int base = 10)
{
    return static_cast<uint32_t>(number(fdinfo, key, base).value_or(0));
}

// Adds what bpf(2) does not report on any kernel, or not on old ones.
void add_fdinfo(account *map, const lines &fdinfo)
{
    map->map_extra = number(fdinfo, "map_extra", 16).value_or(0);
    map->memlock = number(fdinfo, "memlock");
    if (const std::optional<uint64_t> frozen = number(fdinfo, "frozen"))
        map->frozen = *frozen != 0;
    else if (fdinfo.contains("map_type") && !fdinfo.contains("frozen"))
        map->frozen = false; // before Linux 5.2 no map can be frozen
}

} // namespace

account read_fdinfo_account(int fd)
{
    const lines fdinfo = read_fdinfo(fd);
    const std::optional<uint64_t> map_type = number(fdinfo, "map_type");
    if (!map_type)
        throw failure{refused, "neither bpf(2) nor /proc describes the map"};
    account map;
    map.map_type = static_cast<uint32_t>(*map_type);
    map.map_flags = small_number(fdinfo, "map_flags", 16);
    map.key_size = small_number(fdinfo, "key_size");
    map.value_size = small_number(fdinfo, "value_size");
    map.max_entries = small_number(fdinfo, "max_entries");
    add_fdinfo(&map, fdinfo);
    return map;
}

account read_account(int fd)
{
    bpf_map_info info{};
    uint32_t size = sizeof(info);
    if (const int error = barebpf_obj_get_info_by_fd(fd, &info, &size)) {
        account known = read_fdinfo_account(fd);
        known.denied = error == -EINVAL ? 0 : -error; // EINVAL: no such command
        return known;
    }
    account map;
    map.id = info.id;
    map.map_type = info.type;
    map.name = info.name;
    map.map_flags = info.map_flags;
    map.key_size = info.key_size;
    map.value_size = info.value_size;
    map.max_entries = info.max_entries;
    add_fdinfo(&map, read_fdinfo(fd));
    return map;
}

std::string account_text(const account &map)
{
    std::string text = map.id ? fmt::format("{}: ", *map.id) : "";
    text += type_text(map.map_type);
    if (!map.name.empty())
        text += fmt::format("  name {}", visible(map.name));
    text += fmt::format("  flags {:#x}\n\tkey {}B  value {}B  max_entries {}", map.map_flags, map.key_size,
                        map.value_size, map.max_entries);
    if (map.memlock)
        text += fmt::format("  memlock {}B", *map.memlock);
    if (map.map_extra)
        text += fmt::format("  map_extra {:#x}", map.map_extra);
    if (!map.frozen)
        text += "  frozen unknown";
    else if (*map.frozen)
        text += "  frozen";
    text += '\n';
    if (!map.pin.empty())
        text += fmt::format("\tpinned {}\n", visible(map.pin));
    return text;
}

json account_json(const account &map)
{
    json document = json::object();
    if (map.id)
        document["id"] = *map.id;
    const char *type_name = barebpf_map_type_name(map.map_type);
    document["type"] = type_name ? json(type_name) : json(map.map_type);
    if (!map.name.empty())
        document["name"] = json_text(map.name);
    document["flags"] = map.map_flags;
    document["bytes_key"] = map.key_size;
    document["bytes_value"] = map.value_size;
    document["max_entries"] = map.max_entries;
    if (map.memlock)
        document["bytes_memlock"] = *map.memlock;
    if (map.map_extra)
        document["map_extra"] = map.map_extra;
    document["frozen"] = map.frozen ? json(*map.frozen ? 1 : 0) : json(nullptr);
    if (!map.pin.empty())
        document["pinned"] = json::array({json_text(map.pin)});
    return document;
}

std::string words_of(const account &map)
{
    std::string text = fmt::format("{} key {} value {} entries {}", type_text(map.map_type), map.key_size,
                                   map.value_size, map.max_entries);
    if (map.map_flags)
        text += fmt::format(" flags {}", fmt::join(flags_of(map.map_flags), ","));
    return text;
}

} // namespace barebpf::tool
