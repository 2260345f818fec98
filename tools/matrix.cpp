// SPDX-License-Identifier: BSD-2-Clause
#include "matrix.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "barebpf/barebpf.h"

namespace barebpf::tool
{
namespace
{

constexpr uint32_t v(uint32_t major, uint32_t minor)
{
    return major << 16 | minor << 8;
}

struct row {
    std::string name;
    uint32_t since;
};

std::vector<row> fields()
{
    std::vector<row> rows;
    for (uint32_t i = 0; barebpf_map_field_name(i); i++)
        rows.push_back({barebpf_map_field_name(i), barebpf_map_field_since(i)});
    return rows;
}

std::vector<row> types()
{
    std::vector<row> rows;
    for (uint32_t type = 0; barebpf_map_type_name(type); type++)
        if (const uint32_t since = barebpf_map_type_since(type))
            rows.push_back({barebpf_map_type_name(type), since});
    return rows;
}

// The types a flag goes with.
std::vector<row> types_with(uint32_t bit)
{
    std::vector<row> rows;
    for (uint32_t type = 0; barebpf_map_type_name(type); type++)
        if (const uint32_t since = barebpf_map_flag_since(type, bit))
            rows.push_back({barebpf_map_type_name(type), since});
    return rows;
}

// A flag is as old as the first use there is for it.
row flag(uint32_t bit)
{
    row one = {barebpf_map_flag_name(bit), UINT32_MAX};
    for (const row &type : types_with(bit))
        one.since = std::min(one.since, type.since);
    return one;
}

std::vector<row> flags()
{
    std::vector<row> rows;
    for (uint32_t bit = 0; bit < 32; bit++)
        if (barebpf_map_flag_name(bit))
            rows.push_back(flag(bit));
    return rows;
}

std::string heading(const kernel &column)
{
    return release_text(column.release) + (column.recorded ? "*" : "");
}

std::string line(const row &one)
{
    std::string text = fmt::format("{:25}  {:5}", one.name, release_text(one.since));
    for (const kernel &column : kernels())
        text += fmt::format(" {:>{}}", column.release >= one.since ? '+' : '.', heading(column).size());
    return text + '\n';
}

std::string section(const char *title, const std::vector<row> &rows)
{
    std::string text = fmt::format("{:25}  since", title);
    for (const kernel &column : kernels())
        text += ' ' + heading(column);
    text += '\n';
    for (const row &one : rows)
        text += line(one);
    return text + '\n';
}

json list(const std::vector<row> &rows)
{
    json entries = json::array();
    for (const row &one : rows)
        entries.push_back({{"name", one.name}, {"since", release_text(one.since)}});
    return entries;
}

json flag_list()
{
    json entries = json::array();
    for (uint32_t bit = 0; bit < 32; bit++) {
        if (!barebpf_map_flag_name(bit))
            continue;
        const row one = flag(bit);
        entries.push_back({{"name", one.name},
                           {"bit", bit},
                           {"since", release_text(one.since)},
                           {"types", list(types_with(bit))}});
    }
    return entries;
}

} // namespace

const std::vector<kernel> &kernels()
{
    // What is marked true has a column in test/recordings.
    static const std::vector<kernel> columns = {
        {v(3, 18), false}, {v(4, 1), false}, {v(4, 4), true},  {v(4, 6), false}, {v(4, 9), true},
        {v(4, 14), true},  {v(4, 15), true}, {v(4, 19), true}, {v(5, 4), true},  {v(5, 10), true},
        {v(5, 15), false}, {v(6, 1), true},  {v(6, 6), false}, {v(6, 9), false}, {v(6, 12), true},
        {v(6, 18), true},  {v(7, 2), true},  {v(7, 3), true},
    };
    return columns;
}

std::string release_text(uint32_t release)
{
    return fmt::format("{}.{}", release >> 16, release >> 8 & 0xff);
}

uint32_t release_in(const std::string &text)
{
    unsigned int major = 0, minor = 0, patch = 0;
    if (std::sscanf(text.c_str(), "%u.%u.%u", &major, &minor, &patch) < 2)
        return 0;
    return major << 16 | minor << 8 | std::min(patch, 255u);
}

std::string matrix_text()
{
    return section("members of the attr", fields()) + section("map_flags", flags()) +
           section("map types", types()) +
           "+ known to this mainline kernel   . not known: refused when set"
           "   * checked against a real kernel, the others against sources\n";
}

json matrix_json()
{
    json columns = json::array();
    for (const kernel &column : kernels())
        columns.push_back({{"release", release_text(column.release)}, {"recorded", column.recorded}});
    return {
        {"kernels", columns}, {"members", list(fields())}, {"flags", flag_list()}, {"types", list(types())}};
}

void matrix(format form)
{
    print(form == format::text ? matrix_text() : written(matrix_json(), form));
}

} // namespace barebpf::tool
