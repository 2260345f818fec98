// SPDX-License-Identifier: BSD-2-Clause
#include "account.h"

#include <fstream>
#include <map>

#include <fmt/format.h>
#include <linux/bpf.h>

#include "barebpf/barebpf.h"

namespace barebpf::tool
{
namespace
{

// The lines "key:<tab>value" that /proc has about a descriptor; none without /proc.
std::map<std::string, std::string> read_fdinfo(int fd)
{
    std::map<std::string, std::string> lines;
    std::ifstream file(fmt::format("/proc/self/fdinfo/{}", fd));
    for (std::string line; std::getline(file, line);)
        if (const size_t tab = line.find(":\t"); tab != std::string::npos)
            lines[line.substr(0, tab)] = line.substr(tab + 2);
    return lines;
}

std::string type_text(uint32_t map_type)
{
    const char *name = barebpf_map_type_name(map_type);
    return name ? name : fmt::format("type {}", map_type);
}

uint64_t number(const std::string &text, int base = 10)
{
    return text.empty() ? 0 : std::stoull(text, nullptr, base);
}

// Adds what bpf(2) does not tell on any kernel, or not on old ones.
void add_fdinfo(account *map, int fd)
{
    auto lines = read_fdinfo(fd);
    map->map_extra = number(lines["map_extra"], 16);
    if (lines.contains("memlock"))
        map->memlock = number(lines["memlock"]);
    map->frozen = lines["frozen"] == "1";
}

} // namespace

account read_fdinfo_account(int fd)
{
    auto lines = read_fdinfo(fd);
    if (!lines.contains("map_type"))
        throw failure{refused, "neither the kernel nor /proc can describe the map"};
    account map;
    map.map_type = static_cast<uint32_t>(number(lines["map_type"]));
    map.map_flags = static_cast<uint32_t>(number(lines["map_flags"], 16));
    map.key_size = static_cast<uint32_t>(number(lines["key_size"]));
    map.value_size = static_cast<uint32_t>(number(lines["value_size"]));
    map.max_entries = static_cast<uint32_t>(number(lines["max_entries"]));
    add_fdinfo(&map, fd);
    return map;
}

account read_account(int fd)
{
    bpf_map_info info{};
    uint32_t size = sizeof(info);
    if (barebpf_obj_get_info_by_fd(fd, &info, &size) < 0)
        return read_fdinfo_account(fd);
    account map;
    map.id = info.id;
    map.map_type = info.type;
    map.name = info.name;
    map.map_flags = info.map_flags;
    map.key_size = info.key_size;
    map.value_size = info.value_size;
    map.max_entries = info.max_entries;
    add_fdinfo(&map, fd);
    return map;
}

std::string account_text(const account &map)
{
    std::string text = map.id ? fmt::format("{}: ", *map.id) : "";
    text += type_text(map.map_type);
    if (!map.name.empty())
        text += fmt::format("  name {}", map.name);
    text += fmt::format("  flags {:#x}\n\tkey {}B  value {}B  max_entries {}", map.map_flags, map.key_size,
                        map.value_size, map.max_entries);
    if (map.memlock)
        text += fmt::format("  memlock {}B", *map.memlock);
    if (map.map_extra)
        text += fmt::format("  map_extra {:#x}", map.map_extra);
    if (map.frozen)
        text += "  frozen";
    text += '\n';
    if (!map.pin.empty())
        text += fmt::format("\tpinned {}\n", map.pin);
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
    document["frozen"] = map.frozen ? 1 : 0;
    if (!map.pin.empty())
        document["pinned"] = json::array({json_text(map.pin)});
    return document;
}

} // namespace barebpf::tool
