// SPDX-License-Identifier: BSD-2-Clause
#include "show.h"

#include <cerrno>
#include <functional>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "account.h"
#include "fill.h"
#include "names.h"
#include "pin.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

using bytes = std::vector<unsigned char>;

// Mode and owner of a pin, which the map's own account lacks.
struct pin_owner {
    explicit pin_owner(const char *pin)
    {
        struct stat about;
        if (stat(pin, &about) != 0)
            throw failure{refused, fmt::format("cannot look at {}: {}", in_quotes(pin), errno_text(errno))};
        mode = about.st_mode & 07777;
        user = about.st_uid;
        group = about.st_gid;
    }

    unsigned int mode;
    unsigned int user;
    unsigned int group;
};

// "0a 00 00 01", as bpftool writes them.
std::string hex_of(const bytes &all)
{
    std::string text;
    for (const unsigned char one : all)
        text += fmt::format("{}{:02x}", text.empty() ? "" : " ", one);
    return text;
}

json hex_json(const bytes &all)
{
    json list = json::array();
    for (const unsigned char one : all)
        list.push_back(fmt::format("{:#04x}", one));
    return list;
}

// Calls `take` with each element of a map. One that is removed in between is left out.
void walk(const fd &map, const account &about, const std::function<void(const bytes &, const bytes &)> &take)
{
    const int cpus = barebpf_possible_cpus();
    const size_t size =
        whole_value_size(about.map_type, about.value_size, cpus > 0 ? static_cast<uint32_t>(cpus) : 0);
    if (!about.key_size)
        throw failure{refused, fmt::format("the elements of a {} cannot be read without removing them",
                                           type_text(about.map_type))};
    bytes key, next(about.key_size), value(size);
    int error = 0;
    while ((error = barebpf_map_get_next_key(map.get(), key.empty() ? nullptr : key.data(), next.data())) ==
           0) {
        key = next;
        error = barebpf_map_lookup_elem(map.get(), key.data(), value.data(), 0);
        if (error == -ENOENT)
            continue;
        if (error)
            break;
        take(key, value);
    }
    if (error != -ENOENT)
        throw failure{refused, fmt::format("cannot read the elements: {}", errno_text(error))};
}

std::string text_of_map(const fd &map, const account &about, const pin_owner &owner, bool elements)
{
    std::string text = account_text(about);
    text += fmt::format("\tmode {:04o}  owner {}:{}\n", owner.mode, owner.user, owner.group);
    if (elements)
        walk(map, about, [&](const bytes &key, const bytes &value) {
            text += fmt::format("\tkey: {}  value: {}\n", hex_of(key), hex_of(value));
        });
    return text;
}

json json_of_map(const fd &map, const account &about, const pin_owner &owner, bool elements)
{
    json document = account_json(about);
    document.update({{"mode", fmt::format("{:04o}", owner.mode)}, {"uid", owner.user}, {"gid", owner.group}});
    if (!elements)
        return document;
    document["elements"] = json::array();
    walk(map, about, [&](const bytes &key, const bytes &value) {
        document["elements"].push_back({{"key", hex_json(key)}, {"value", hex_json(value)}});
    });
    return document;
}

// Calls `act` with each pin; what fails is reported, and the others are gone on with.
bool for_each(const std::vector<const char *> &pins, json *failures, format form,
              const std::function<void(const char *)> &act)
{
    bool all = true;
    for (const char *pin : pins) {
        try {
            act(pin);
        } catch (const failure &why) {
            all = false;
            if (form == format::text)
                warn(why.text);
            failures->push_back({{"pinned", json_text(pin)}, {"error", json_text(why.text)}});
        }
    }
    return all;
}

void require_pins(const char *command, const std::vector<const char *> &pins)
{
    if (pins.empty())
        throw failure{usage, fmt::format("{}: give the path of a pinned map", command)};
}

} // namespace

bool show(const std::vector<const char *> &pins, bool elements, format form)
{
    require_pins("show", pins);
    json maps = json::array();
    const bool all = for_each(pins, &maps, form, [&](const char *pin) {
        const fd map = open_map("show", pin);
        account about = read_account(map.get());
        about.pin = pin;
        if (form == format::text)
            print(text_of_map(map, about, pin_owner(pin), elements));
        else
            maps.push_back(json_of_map(map, about, pin_owner(pin), elements));
    });
    if (form != format::text)
        print(written(maps, form));
    return all;
}

bool unpin(const std::vector<const char *> &pins, format form)
{
    require_pins("unpin", pins);
    json done = json::array();
    const bool all = for_each(pins, &done, form, [&](const char *pin) {
        const fd map = open_map("unpin", pin);
        if (unlink(pin) != 0)
            throw failure{refused, fmt::format("cannot remove {}: {}", in_quotes(pin), errno_text(errno))};
        done.push_back({{"pinned", json_text(pin)}, {"removed", true}});
    });
    if (form != format::text)
        print(written(done, form));
    return all;
}

} // namespace barebpf::tool
