// SPDX-License-Identifier: BSD-2-Clause
#include "show.h"

#include <cerrno>
#include <functional>
#include <optional>

#include <fmt/format.h>
#include <linux/bpf.h>
#include <sys/stat.h>
#include <unistd.h>

#include "account.h"
#include "barebpf/bpf.h"
#include "btf.h"
#include "btf_value.h"
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

// What the elements of a map are made of.
struct element_shape {
    element_shape(const fd &map, const account &about);

    size_t key_size, value_size; // the value is that of one CPU
    size_t values;               // CPUs that each have a value of their own; 1 if all share one
    std::optional<btf_types> types = {};
    uint32_t key_type = 0, value_type = 0; // 0: not known
    std::string problem = {};              // why the types are not known, although the map has some
};

// The kernel's copy of a BTF object, read into as many bytes as it says it has.
std::vector<char> bytes_of_btf(const fd &object)
{
    std::vector<char> raw;
    for (int tries = 0; tries < 2; tries++) {
        bpf_btf_info info{};
        __u32 size = sizeof(info);
        info.btf = reinterpret_cast<uintptr_t>(raw.data());
        info.btf_size = static_cast<__u32>(raw.size());
        if (bpf_btf_get_info_by_fd(object.get(), &info, &size))
            throw failure{refused, fmt::format("cannot read its BTF: {}", errno_text(errno))};
        raw.resize(info.btf_size);
    }
    return raw;
}

// Before Linux 4.18, and of a map without BTF, there are none.
void read_types(const fd &map, element_shape *shape)
{
    bpf_map_info info{};
    __u32 size = sizeof(info);
    if (bpf_map_get_info_by_fd(map.get(), &info, &size) || !info.btf_id)
        return;
    const fd object(bpf_btf_get_fd_by_id(info.btf_id));
    if (!object) {
        shape->problem = fmt::format("cannot open the map's BTF: {}", errno_text(errno));
        return;
    }
    shape->types = btf_types::read(bytes_of_btf(object));
    if (!shape->types)
        throw failure{refused, "the map's BTF is not valid"};
    shape->key_type = info.btf_key_type_id;
    shape->value_type = info.btf_value_type_id;
}

element_shape::element_shape(const fd &map, const account &about)
    : key_size(about.key_size), value_size(about.value_size), values(1)
{
    if (!key_size)
        throw failure{refused, fmt::format("the elements of a {} cannot be read without removing them",
                                           type_text(about.map_type))};
    const int cpus = barebpf_possible_cpus();
    const bool apart = whole_value_size(about.map_type, 1, 1) != 1;
    if (apart && cpus <= 0)
        throw failure{refused, fmt::format("cannot tell how many CPUs have a value: {}", errno_text(cpus))};
    if (apart)
        values = static_cast<size_t>(cpus);
    read_types(map, this);
}

// An element, the value of each CPU by itself.
struct element {
    bytes key;
    std::vector<bytes> values;
};

element element_of(const element_shape &shape, const bytes &key, const bytes &whole)
{
    element one{key, {}};
    const size_t step = whole.size() / shape.values;
    for (size_t i = 0; i < shape.values; i++) {
        const auto at = whole.begin() + static_cast<ptrdiff_t>(i * step);
        one.values.emplace_back(at, at + static_cast<ptrdiff_t>(shape.value_size));
    }
    return one;
}

// Calls `take` with each element of a map. One that is removed in between is left out.
void walk(const fd &map, const element_shape &shape, const std::function<void(const element &)> &take)
{
    const size_t padded = (shape.value_size + 7) / 8 * 8;
    bytes key, next(shape.key_size);
    bytes value(shape.values == 1 ? shape.value_size : padded * shape.values);
    int error = 0;
    while ((error = barebpf_map_get_next_key(map.get(), key.empty() ? nullptr : key.data(), next.data())) ==
           0) {
        key = next;
        error = barebpf_map_lookup_elem(map.get(), key.data(), value.data(), 0);
        if (error == -ENOENT)
            continue;
        if (error)
            break;
        take(element_of(shape, key, value));
    }
    if (error != -ENOENT)
        throw failure{refused, fmt::format("cannot read the elements: {}", errno_text(error))};
}

// As its type reads it; null without a type.
json decoded(const element_shape &shape, uint32_t type, const bytes &all)
{
    return shape.types && type ? value_of_type(*shape.types, type, all) : json();
}

std::string text_of(const element_shape &shape, uint32_t type, const bytes &all)
{
    const json known = decoded(shape, type, all);
    return known.is_null() ? hex_of(all) : known.dump();
}

std::string text_of_element(const element_shape &shape, const element &one)
{
    std::string text = fmt::format("\tkey: {}", text_of(shape, shape.key_type, one.key));
    if (shape.values == 1)
        return text + fmt::format("  value: {}\n", text_of(shape, shape.value_type, one.values[0]));
    text += '\n';
    for (size_t cpu = 0; cpu < shape.values; cpu++)
        text += fmt::format("\t  cpu {}: {}\n", cpu, text_of(shape, shape.value_type, one.values[cpu]));
    return text;
}

// What `write` makes of the value, or of that of each CPU, under the name that bpftool gives it.
void add_values(json *to, const element &one, const std::function<json(const bytes &)> &write)
{
    if (one.values.size() == 1) {
        (*to)["value"] = write(one.values[0]);
        return;
    }
    json list = json::array();
    for (size_t cpu = 0; cpu < one.values.size(); cpu++)
        list.push_back({{"cpu", cpu}, {"value", write(one.values[cpu])}});
    (*to)["values"] = list;
}

json json_of_element(const element_shape &shape, const element &one)
{
    json document = {{"key", hex_json(one.key)}};
    add_values(&document, one, hex_json);
    if (!shape.types)
        return document;
    json formatted = json::object();
    if (shape.key_type)
        formatted["key"] = decoded(shape, shape.key_type, one.key);
    add_values(&formatted, one, [&](const bytes &all) { return decoded(shape, shape.value_type, all); });
    document["formatted"] = formatted;
    return document;
}

std::string text_of_map(const fd &map, const account &about, const pin_owner &owner, bool elements)
{
    std::string text = account_text(about);
    text += fmt::format("\tmode {:04o}  owner {}:{}\n", owner.mode, owner.user, owner.group);
    if (!elements)
        return text;
    const element_shape shape(map, about);
    if (!shape.problem.empty())
        warn(fmt::format("note: {}: {}", in_quotes(about.pin), shape.problem));
    walk(map, shape, [&](const element &one) { text += text_of_element(shape, one); });
    return text;
}

json json_of_map(const fd &map, const account &about, const pin_owner &owner, bool elements)
{
    json document = account_json(about);
    document.update({{"mode", fmt::format("{:04o}", owner.mode)}, {"uid", owner.user}, {"gid", owner.group}});
    if (!elements)
        return document;
    const element_shape shape(map, about);
    if (!shape.problem.empty())
        document["btf_error"] = shape.problem;
    json list = json::array();
    walk(map, shape, [&](const element &one) { list.push_back(json_of_element(shape, one)); });
    document["elements"] = list;
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

bool is_link(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISLNK(about.st_mode);
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
        if (is_link(pin))
            throw failure{
                refused,
                fmt::format("unpin: {} is a symbolic link; give the path of the pin itself", in_quotes(pin))};
        if (unlink(pin) != 0)
            throw failure{refused, fmt::format("cannot remove {}: {}", in_quotes(pin), errno_text(errno))};
        done.push_back({{"pinned", json_text(pin)}, {"removed", true}});
    });
    if (form != format::text)
        print(written(done, form));
    return all;
}

} // namespace barebpf::tool
