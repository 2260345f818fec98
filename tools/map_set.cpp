// SPDX-License-Identifier: BSD-2-Clause
#include "map_set.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "barebpf/apply.h"
#include "barebpf/barebpf.hpp"
#include "failure.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

constexpr size_t largest_file = 256 << 20;
constexpr size_t largest_key = 4096;
constexpr size_t largest_value = 16 << 20;
constexpr unsigned int deepest_include = 16;
constexpr size_t shortest_map_line = sizeof("c p t 2 k 4 v 4 e 1\n") - 1;

uint32_t possible_cpus()
{
    const int cpus = barebpf_possible_cpus();
    return cpus > 0 ? static_cast<uint32_t>(cpus) : 0;
}

// /dev/null is empty: a link to it in /etc hides a file of /usr.
bool is_null(const struct stat &file)
{
    return S_ISCHR(file.st_mode) && file.st_rdev == makedev(1, 3);
}

// The whole of an open file; nothing, with errno, when it cannot be read.
std::optional<std::string> contents_of(const fd &file, off_t size)
{
    std::string text(static_cast<size_t>(std::min<off_t>(size, largest_file)) + 1, '\0');
    size_t done = 0;
    for (;;) {
        if (done == text.size())
            text.resize(done + 4096);
        const ssize_t got = ::read(file.get(), text.data() + done, text.size() - done);
        if (got < 0)
            return {};
        if (got == 0)
            break;
        done += static_cast<size_t>(got);
        if (done > largest_file) {
            errno = EFBIG;
            return {};
        }
    }
    text.resize(done);
    return text;
}

std::string sentence_of(const barebpf_map_line &line)
{
    char text[1024] = "";
    barebpf_map_line_text(&line, text, sizeof(text));
    return text;
}

} // namespace

map_reader::map_reader(const std::string &text, uint32_t cpus, uint32_t page_size) : room(BAREBPF_LINE_ROOM)
{
    file.sz = sizeof(file);
    file.text = text.data();
    file.size = text.size();
    file.room = room.data();
    file.room_size = room.size();
    file.key_room = largest_key;
    file.value_room = largest_value;
    file.page_size = page_size;
    file.cpus = cpus;
    spec.sz = sizeof(spec);
    policy.sz = sizeof(policy);
    line.sz = sizeof(line);
    line.spec = &spec;
    line.policy = &policy;
}

void map_reader::go_to(const barebpf_map_plan_entry &entry)
{
    file.at = entry.at;
    file.line = entry.line - 1;
    file.element = 0;
}

void whole_line::recall(const barebpf_map_plan_entry &entry, const plain_map &map)
{
    spec = {};
    spec.sz = sizeof(spec);
    spec.map_type = map.map_type;
    spec.key_size = map.key_size;
    spec.value_size = map.value_size;
    spec.max_entries = map.max_entries;
    spec.map_flags = map.map_flags;
    spec.name = *map.name ? map.name : nullptr;
    policy = {};
    policy.sz = sizeof(policy);
    policy.give_up = BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_END;
    policy.memlock = BAREBPF_MEMLOCK_WHEN_NEEDED;
    line = {};
    line.sz = sizeof(line);
    line.spec = &spec;
    line.policy = &policy;
    line.kind = BAREBPF_LINE_MAP;
    line.at = entry.at;
    line.line = entry.line;
    line.column = entry.column;
    line.mode = line.owner = line.group = BAREBPF_LINE_UNSET;
    line.pin_at = entry.pin;
}

void map_reader::recall_line(const barebpf_map_plan_entry &entry, const plain_map &map)
{
    recall(entry, map);
    room[std::string_view(entry.pin, entry.pin_size).copy(room.data(), room.size() - 1)] = '\0';
    line.pin = room.data();
    file.at = file.size; // no `set` line follows
}

plain_map map_reader::plain(const barebpf_map_plan_entry &entry) const
{
    plain_map map{static_cast<uint16_t>(spec.map_type), static_cast<uint16_t>(spec.key_size), spec.value_size,
                  spec.max_entries, spec.map_flags};
    const std::string_view name = spec.name ? spec.name : "";
    if (name.size() >= sizeof(map.name) || barebpf_map_fill_is_needed(&file))
        return {};
    name.copy(map.name, sizeof(map.name) - 1);
    whole_line other;
    other.recall(entry, map);
    if (!other.spec.name != !spec.name)
        return {};
    // These lie elsewhere.
    other.spec.name = spec.name;
    other.line.pin = line.pin;
    other.line.spec = line.spec;
    other.line.policy = line.policy;
    const auto is_same = [](const auto &a, const auto &b) { return std::memcmp(&a, &b, sizeof(a)) == 0; };
    return is_same(other.line, line) && is_same(other.spec, spec) && is_same(other.policy, policy)
               ? map
               : plain_map{};
}

struct map_set::inclusion {
    const inclusion *from;
    std::string path;
    dev_t device;
    ino_t number;

    unsigned int depth() const { return from ? from->depth() + 1 : 0; }
    bool is_in(const struct stat &file) const
    {
        return (device == file.st_dev && number == file.st_ino) || (from && from->is_in(file));
    }
};

map_set::map_set(const std::vector<std::string> &paths)
    : cpus(possible_cpus()), page_size(static_cast<uint32_t>(sysconf(_SC_PAGESIZE))), rules(std::in_place)
{
    read_all(paths);
}

map_set::map_set(const std::vector<std::string> &paths, uint32_t size)
    : cpus(possible_cpus()), page_size(size)
{
    read_all(paths);
}

void map_set::read_all(const std::vector<std::string> &paths)
{
    for (const std::string &path : paths)
        read(path, visible(path), nullptr);
    put_in_order();
}

std::string line_place(const map_text &text, uint32_t line, uint32_t column)
{
    return fmt::format("{}:{}:{}", visible(text.path), line, column);
}

std::string map_set::place(const barebpf_map_plan_entry &entry) const
{
    return line_place(texts[entry.file], entry.line, entry.column);
}

// `where` is where a problem with the file itself is reported.
void map_set::read(const std::string &path, const std::string &where, const inclusion *from)
{
    const auto cannot = [&](const std::string &why) {
        problems.push_back({where, fmt::format("cannot read {}: {}", in_quotes(path), why)});
    };
    struct stat about;
    const fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file || fstat(file.get(), &about) != 0)
        return cannot(errno_text(errno));
    if (S_ISDIR(about.st_mode))
        return cannot("it is a directory");
    if (!S_ISREG(about.st_mode) && !is_null(about))
        return cannot("it is not a regular file");
    if (static_cast<uint64_t>(about.st_size) > largest_file)
        return cannot(fmt::format("it has more than {} MiB", largest_file >> 20));
    if (from && from->is_in(about))
        return cannot("it is being read already, so that the include would never end");
    const inclusion here{from, path, about.st_dev, about.st_ino};
    if (here.depth() > deepest_include)
        return cannot(fmt::format("files are included at most {} deep", deepest_include));
    std::optional<std::string> text = contents_of(file, about.st_size);
    if (!text)
        return cannot(errno_text(errno));
    texts.push_back({path, std::move(*text)});
    read_lines(static_cast<uint32_t>(texts.size() - 1), &here);
}

void map_set::read_lines(uint32_t file, const inclusion *here)
{
    const std::string &text = texts[file].text;
    // Pages that are not used cost nothing.
    entries.reserve(entries.size() + text.size() / shortest_map_line);
    plain.reserve(entries.capacity());
    map_reader reader(text, cpus, page_size);
    for (int result; (result = reader.next()) != 0;) {
        if (result < 0)
            add_wrong_line(file, reader);
        else if (reader.line.kind == BAREBPF_LINE_MAP)
            add_map(file, reader);
        else if (reader.line.kind == BAREBPF_LINE_INCLUDE)
            read((std::filesystem::path(here->path).parent_path() / reader.line.path).string(),
                 line_place(texts[file], reader.line.line, reader.line.column), here);
        else if (reader.line.kind != BAREBPF_LINE_SET)
            add_place(file, reader);
    }
}

void map_set::add_wrong_line(uint32_t file, const map_reader &reader)
{
    const barebpf_map_line &line = reader.line;
    problems.push_back({line_place(texts[file], line.wrong_line, line.wrong_column), sentence_of(line)});
    const bool of_map = line.kind == BAREBPF_LINE_SET && reader.file.filling;
    if (of_map && !entries.empty() && entries.back().file == file)
        broken.back() = true;
}

void map_set::add_map(uint32_t file, const map_reader &reader)
{
    barebpf_map_plan plan{};
    plan.sz = sizeof(plan);
    plan.count = static_cast<uint32_t>(entries.size());
    entries.emplace_back();
    broken.push_back(false);
    plain.emplace_back();
    plan.entries = entries.data();
    plan.room = plan.count + 1;
    if (barebpf_map_plan_add(&plan, &reader.line, file) < 0)
        throw failure{exit_code::broken, "the plan has no room"};
    plain.back() = reader.plain(entries.back());
    const reason *refusal = rules && !reader.line.optional ? rules->refusal_of(reader.line) : nullptr;
    if (refusal)
        predictions.push_back(
            {place(entries.back()),
             fmt::format("{}: this kernel would refuse the map ({})", in_quotes(reader.line.pin),
                         errno_name(refusal->explanation.error)),
             reason_lines(*refusal)});
}

void map_set::add_place(uint32_t file, const map_reader &reader)
{
    const barebpf_map_line &line = reader.line;
    places.push_back({line.kind, file, line.line, line.column, line.mode, line.owner, line.group, line.path});
}

barebpf_map_plan map_set::plan()
{
    barebpf_map_plan all{};
    all.sz = sizeof(all);
    all.entries = entries.data();
    all.room = all.count = static_cast<uint32_t>(entries.size());
    return all;
}

void map_set::put_in_order()
{
    barebpf_map_plan all = plan();
    if (barebpf_map_plan_order(&all) == 0)
        return;
    barebpf_map_line line{};
    line.sz = sizeof(line);
    for (uint32_t i = 0; i < all.count; i++) {
        if (barebpf_map_plan_wrong(&all, i, &line) != 0)
            continue;
        std::string text = sentence_of(line);
        if (entries[i].wrong == BAREBPF_WRONG_PINNED_TWICE)
            text += fmt::format("; the other is {}", place(entries[entries[i].other]));
        problems.push_back({place(entries[i]), text});
    }
}

} // namespace barebpf::tool
