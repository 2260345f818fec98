// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "barebpf/probe.h"
#include "lib/probe/smallest_map.h"
#include "lib/rules/rules.h"
#include "test/catch.h"
#include "test/numbers.h"
#include "test/releases.h"

// Compares every release in the library's tables with test/facts/since.tsv.
using namespace barebpf;
using namespace barebpf::test;

namespace
{

using row = std::vector<std::string>;

row cells_of(const std::string &line)
{
    row cells;
    std::istringstream words(line);
    for (std::string cell; std::getline(words, cell, '\t');)
        cells.push_back(cell);
    return cells;
}

std::vector<row> read_rows()
{
    std::ifstream file(BAREBPF_SINCE_TABLE);
    REQUIRE(file);
    std::vector<row> rows;
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line[0] != '#')
            rows.push_back(cells_of(line));
    return rows;
}

// The rows of one kind, without their first column.
std::vector<row> rows_of(const std::string &kind)
{
    static const std::vector<row> rows = read_rows();
    std::vector<row> found;
    for (const row &cells : rows)
        if (cells[0] == kind)
            found.emplace_back(cells.begin() + 1, cells.end());
    REQUIRE(!found.empty());
    return found;
}

release since_in(const std::string &cell)
{
    if (cell == "first")
        return always;
    return cell == "-" ? never : release_in(cell.c_str());
}

std::string text_of(release kernel)
{
    if (kernel == always || kernel == never)
        return kernel == always ? "first" : "-";
    const std::string patch = patch_of(kernel) ? "." + std::to_string(patch_of(kernel)) : "";
    return std::to_string(major_of(kernel)) + "." + std::to_string(minor_of(kernel)) + patch;
}

uint32_t type_called(const std::string &name)
{
    INFO(name);
    const int type = barebpf_map_type_by_name(name.c_str());
    REQUIRE(type > 0);
    return static_cast<uint32_t>(type);
}

uint32_t flag_called(const std::string &name)
{
    INFO(name);
    const int bit = barebpf_map_flag_by_name(name.c_str());
    REQUIRE(bit >= 0);
    return 1u << bit;
}

rule rule_called(const std::string &name)
{
    for (size_t i = 1; i < rule_count; i++)
        if (name == name_of(static_cast<rule>(i)))
            return static_cast<rule>(i);
    FAIL("there is no rule " << name);
    return rule::none;
}

// The flags of a type in a release, by the rows.
uint32_t flags_in(const std::vector<row> &rows, const std::string &type, release kernel)
{
    uint32_t flags = 0;
    for (const row &cells : rows)
        if (cells[0] == type && kernel >= since_in(cells[2]))
            flags |= flag_called(cells[1]);
    return flags;
}

// The options of a type in a release: the last row not later than it counts.
std::set<std::string> options_in(const std::vector<row> &rows, const std::string &type, release kernel)
{
    std::set<std::string> options;
    for (const row &cells : rows) {
        if (cells[0] != type || kernel < since_in(cells[1]))
            continue;
        options.clear();
        std::istringstream words(cells[2]);
        for (std::string option; std::getline(words, option, ',');)
            if (option != "-")
                options.insert(option);
    }
    return options;
}

std::set<std::string> options_of(uint32_t bits)
{
    std::set<std::string> options;
    for (uint32_t bit = 0; bit < 32; bit++)
        if (bits >> bit & 1)
            options.insert(barebpf_config_name(bit));
    return options;
}

// A request for the smallest map of a type, except for this number in this member.
map_create_attr with_number(const std::string &type, const std::string &name, const std::string &number)
{
    map_create_attr attr;
    smallest_map(&attr, type_called(type), 0);
    const auto value = static_cast<uint32_t>(std::stoul(number));
    for (const attr_field &field : attr_fields)
        if (name == field.name)
            std::memcpy(reinterpret_cast<char *>(&attr) + field.offset, &value, sizeof(value));
    return attr;
}

struct special_kind {
    const char *name;
    special bit;
};
constexpr special_kind special_kinds[] = {
    {"spin_lock", special_spin_lock},
    {"timer", special_timer},
    {"kptr", special_kptr},
    {"list_head", special_list_head},
    {"rb_root", special_rb_root},
    {"workqueue", special_workqueue},
    {"uptr", special_uptr},
    {"task_work", special_task_work},
    {"res_spin_lock", special_res_spin_lock},
};

// The types that accept BTF and values of 8 bytes.
constexpr type_set with_btf =
    map_type::percpu_hashes | map_type::cgroup_storages | map_type::storages |
    types_of(map_type::hash, map_type::lru_hash, map_type::array, map_type::percpu_array,
             map_type::reuseport_sockarray, map_type::rhash);

// A release's answer to a map of a type whose value has one special member.
int answer_to_special(uint32_t type, special member, release kernel)
{
    constexpr int32_t btf_fd = 3;
    const btf_type types[] = {
        {1, 4, btf_kind::integer, false, 0},
        {2, 16, btf_kind::structure, true, 0},
        {3, 8, btf_kind::structure, false, member},
    };
    object btf{};
    btf.fd = btf_fd;
    btf.kind = object_kind::btf;
    btf.types = types;
    btf.type_count = std::size(types);
    environment surroundings;
    surroundings.objects = &btf;
    surroundings.object_count = 1;
    map_create_attr attr;
    smallest_map(&attr, type, 0);
    const bool of_cgroup = has(map_type::cgroup_storages, type);
    attr.key_size = of_cgroup ? 16 : 4;
    attr.value_size = 8;
    attr.btf_fd = btf_fd;
    attr.btf_key_type_id = of_cgroup ? 2 : 1;
    attr.btf_value_type_id = 3;
    return decide(kernel, surroundings, &attr, attr_size).error;
}

int expected_of_special(const std::vector<row> &rows, const special_kind &kind, uint32_t type, release kernel)
{
    release first = never, here = never;
    for (const row &cells : rows) {
        if (cells[0] != kind.name)
            continue;
        first = std::min(first, since_in(cells[2]));
        if (type_called(cells[1]) == type)
            here = since_in(cells[2]);
    }
    if (kernel < first || kernel >= here)
        return 0;
    return kind.bit == special_spin_lock && kernel < release_of(6, 2) ? enotsupp : EOPNOTSUPP;
}

// A release's answer to a map of maps whose template has this type.
int answer_to_inner(uint32_t type, release kernel)
{
    object inner{};
    inner.fd = 3;
    inner.kind = object_kind::map;
    inner.map_type = type;
    environment surroundings;
    surroundings.objects = &inner;
    surroundings.object_count = 1;
    map_create_attr attr;
    smallest_map(&attr, BAREBPF_MAP_TYPE_ARRAY_OF_MAPS, 0);
    attr.inner_map_fd = 3;
    return decide(kernel, surroundings, &attr, attr_size).error;
}

} // namespace

TEST_CASE("since: every map type, and who may create it")
{
    const std::vector<row> rows = rows_of("type");
    CHECK(rows.size() == first_unknown_type - 1);
    std::set<uint32_t> seen;
    for (const row &cells : rows) {
        INFO(cells[0]);
        const uint32_t type = type_called(cells[0]);
        seen.insert(type);
        CHECK(text_of(facts_of(type).since) == cells[1]);
        const capability needs = facts_of(type).needs;
        CHECK(cells[2] == (needs == capability::none  ? "none"
                           : needs == capability::bpf ? "bpf"
                                                      : "net_admin"));
    }
    for (uint32_t type = 1; type < map_type_count; type++) {
        INFO(barebpf_map_type_name(type) << " has no row in since.tsv");
        CHECK(seen.count(type) == 1);
    }
}

TEST_CASE("since: every flag of every type")
{
    const std::vector<row> rows = rows_of("flag");
    for (uint32_t type = 1; type < map_type_count; type++)
        for (const release kernel : all_releases()) {
            const std::string name = barebpf_map_type_name(type);
            INFO(name << " on " << text_of(kernel));
            CHECK(allowed_flags(type, kernel) == flags_in(rows, name, kernel));
        }
    for (uint32_t type = 1; type < map_type_count; type++) {
        uint32_t required = 0;
        for (const row &cells : rows)
            if (cells[0] == barebpf_map_type_name(type) && cells[3] == "required")
                required |= flag_called(cells[1]);
        INFO(barebpf_map_type_name(type));
        CHECK(required_flags(type) == required);
    }
    uint32_t seen = 0;
    for (const row &cells : rows) {
        INFO(cells[1]);
        CHECK(first_kernel_of_flag(flag_called(cells[1])) <= since_in(cells[2]));
        if (cells[0] == "*")
            CHECK(first_kernel_of_flag(flag_called(cells[1])) == since_in(cells[2]));
        seen |= flag_called(cells[1]);
    }
#define BAREBPF_SEEN(upper, lower, bit) \
    { \
        INFO(#lower " has no row in since.tsv"); \
        CHECK((seen & BAREBPF_F_##upper) != 0); \
    }
    BAREBPF_MAP_FLAGS(BAREBPF_SEEN)
#undef BAREBPF_SEEN
}

TEST_CASE("since: every flag by itself")
{
    for (const row &cells : rows_of("flag")) {
        if (cells[0] == "*")
            continue;
        INFO(cells[0] << " " << cells[1]);
        release first = never;
        for (const row &other : rows_of("flag"))
            if (other[1] == cells[1])
                first = std::min(first, since_in(other[2]));
        CHECK(text_of(first_kernel_of_flag(flag_called(cells[1]))) == text_of(first));
    }
}

TEST_CASE("since: every member of the attr")
{
    const std::vector<row> rows = rows_of("member");
    REQUIRE(rows.size() == attr_field_count);
    for (size_t i = 0; i < rows.size(); i++) {
        INFO(rows[i][0]);
        CHECK(attr_fields[i].name == rows[i][0]);
        CHECK(std::to_string(attr_fields[i].offset) == rows[i][1]);
        CHECK(std::to_string(attr_fields[i].size) == rows[i][2]);
        CHECK(text_of(attr_fields[i].since) == rows[i][3]);
    }
}

TEST_CASE("since: where the attr ends")
{
    const std::vector<row> rows = rows_of("layout");
    for (const release kernel : all_releases()) {
        row last;
        for (const row &cells : rows)
            if (kernel >= since_in(cells[0]))
                last = cells;
        INFO(text_of(kernel));
        CHECK(std::to_string(union_size(kernel)) == last[1]);
        CHECK(std::to_string(known_end(kernel)) == last[2]);
    }
}

TEST_CASE("since: the configuration every type needs")
{
    const std::vector<row> rows = rows_of("config");
    for (uint32_t type = 1; type < map_type_count; type++)
        for (const release kernel : all_releases()) {
            if (kernel < facts_of(type).since)
                continue;
            const std::string name = barebpf_map_type_name(type);
            INFO(name << " on " << text_of(kernel));
            CHECK(options_of(needed_config(type, kernel)) == options_in(rows, name, kernel));
        }
}

TEST_CASE("since: sizes that came later than their type")
{
    for (const row &cells : rows_of("size")) {
        const map_create_attr attr = with_number(cells[0], cells[1], cells[2]);
        for (const release kernel : all_releases()) {
            INFO(cells[0] << " with " << cells[1] << " " << cells[2] << " on " << text_of(kernel));
            CHECK(decide(kernel, environment{}, &attr, attr_size).error ==
                  (kernel >= since_in(cells[3]) ? 0 : EINVAL));
        }
    }
}

TEST_CASE("since: checks that moved before permission")
{
    environment nobody;
    nobody.caller = {};
    for (const row &cells : rows_of("early")) {
        const map_create_attr attr = with_number(cells[0], cells[1], cells[2]);
        for (const release kernel : all_releases()) {
            if (kernel < facts_of(attr.map_type).since)
                continue;
            INFO(cells[0] << " with " << cells[1] << " " << cells[2] << " on " << text_of(kernel));
            CHECK(decide(kernel, nobody, &attr, attr_size).error ==
                  (kernel >= since_in(cells[3]) ? EINVAL : EPERM));
        }
    }
}

TEST_CASE("since: types that cannot be inner maps")
{
    for (uint32_t type = 1; type < map_type_count; type++) {
        int expected = 0;
        for (const row &cells : rows_of("inner"))
            if (type_called(cells[0]) == type)
                expected = cells[1] == "ENOTSUPP" ? enotsupp : EINVAL;
        for (const release kernel : all_releases()) {
            if (kernel < release_of(4, 12) || kernel < facts_of(type).since)
                continue;
            INFO(barebpf_map_type_name(type) << " on " << text_of(kernel));
            CHECK(answer_to_inner(type, kernel) == expected);
        }
    }
}

TEST_CASE("since: special members of values, by map type")
{
    const std::vector<row> rows = rows_of("special");
    for (const special_kind &kind : special_kinds)
        for (uint32_t type = 1; type < map_type_count; type++)
            for (const release kernel : all_releases()) {
                if (!has(with_btf, type) || kernel < release_of(5, 0) || kernel < facts_of(type).since)
                    continue;
                INFO(kind.name << " in " << barebpf_map_type_name(type) << " on " << text_of(kernel));
                CHECK(answer_to_special(type, kind.bit, kernel) ==
                      expected_of_special(rows, kind, type, kernel));
            }
}

TEST_CASE("since: every feature")
{
    const std::vector<row> rows = rows_of("feature");
    const auto published = [](const std::string &cell) {
        const release kernel = since_in(cell);
        return kernel == never ? 0 : major_of(kernel) << 16 | minor_of(kernel) << 8 | patch_of(kernel);
    };
    uint32_t feature = 0;
    for (; barebpf_feature_name(feature); feature++) {
        REQUIRE(feature < rows.size());
        INFO(rows[feature][0]);
        CHECK(barebpf_feature_name(feature) == rows[feature][0]);
        CHECK(barebpf_feature_since(feature) == published(rows[feature][1]));
        CHECK(barebpf_feature_until(feature) == published(rows[feature][2]));
    }
    CHECK(feature == rows.size());
}

TEST_CASE("since: every rule")
{
    const std::vector<row> rows = rows_of("rule");
    CHECK(rows.size() == rule_count - 1);
    std::set<rule> seen;
    for (const row &cells : rows) {
        INFO(cells[0]);
        const rule which = rule_called(cells[0]);
        seen.insert(which);
        CHECK(text_of(since_of(which)) == text_of(since_in(cells[1])));
        CHECK(text_of(until_of(which)) == cells[2]);
    }
    for (size_t i = 1; i < rule_count; i++) {
        INFO(name_of(static_cast<rule>(i)) << " has no row in since.tsv");
        CHECK(seen.count(static_cast<rule>(i)) == 1);
    }
}

TEST_CASE("since: rules that stable releases took from mainline")
{
    const std::vector<row> rows = rows_of("stable");
    for (size_t i = 1; i < rule_count; i++) {
        const auto which = static_cast<rule>(i);
        for (const release series : all_releases()) {
            release taken = never;
            for (const row &cells : rows)
                if (cells[0] == name_of(which) && since_in(cells[1]) >> 16 == series >> 16)
                    taken = since_in(cells[1]);
            const bool mainline = series >= since_of(which) && series < until_of(which);
            INFO(name_of(which) << " in the stable releases of " << text_of(series));
            CHECK(in_force(which, series | 0xffff) == (mainline || taken != never));
            if (taken != never && !mainline) {
                CHECK(in_force(which, taken));
                CHECK(!in_force(which, taken - 1));
            }
        }
    }
}
