// SPDX-License-Identifier: BSD-2-Clause
#include "check_scope.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "failure.h"
#include "names.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

constexpr struct {
    uint32_t major, first, last;
} series[] = {{4, 4, 20}, {5, 0, 19}, {6, 0, 19}, {7, 0, 3}};

constexpr struct {
    std::string_view name;
    uint32_t capability;
} capabilities[] = {
    {"cap_sys_admin", BAREBPF_CAN_SYS_ADMIN},
    {"cap_bpf", BAREBPF_CAN_BPF},
    {"cap_net_admin", BAREBPF_CAN_NET_ADMIN},
    {"cap_perfmon", BAREBPF_CAN_PERFMON},
};

bool is_mainline(uint32_t release)
{
    const std::vector<uint32_t> &known = mainline_releases();
    return std::ranges::find(known, release & ~0xffu) != known.end();
}

// The number at the start of a text, which loses it and the dot behind it; false for none up to `most`.
bool take_number(std::string_view *text, uint32_t most, uint32_t *number)
{
    const char *const last = text->data() + text->size();
    const auto [end, error] = std::from_chars(text->data(), last, *number);
    if (error != std::errc() || *number > most || (end != last && *end != '.'))
        return false;
    const bool dotted = end != last;
    text->remove_prefix(static_cast<size_t>(end - text->data()) + dotted);
    return !dotted || !text->empty();
}

// "6.1" or, with `patched`, "5.10.200".
uint32_t read_release(const char *option, std::string_view given, bool patched)
{
    std::string_view text = given;
    uint32_t parts[3] = {};
    bool right = take_number(&text, 255, &parts[0]) && !text.empty() && take_number(&text, 255, &parts[1]);
    if (right && !text.empty())
        right = patched && take_number(&text, UINT32_MAX, &parts[2]) && text.empty();
    if (!right)
        throw failure{usage, fmt::format("{}: {} is not a release such as {}", option, in_quotes(given),
                                         patched ? "5.10 or 5.10.200" : "5.10")};
    const uint32_t release = parts[0] << 16 | parts[1] << 8 | std::min(parts[2], 255u);
    if (!is_mainline(release))
        throw failure{usage, fmt::format("{}: the rules of Linux {} are not known; those of 4.4 to 7.3 are",
                                         option, in_quotes(given))};
    return release;
}

void read_kernel(std::string_view value, check_scope *scope)
{
    scope->releases = {read_release("--kernel", value, true)};
}

void read_kernels(std::string_view value, check_scope *scope)
{
    const size_t dots = value.find("..");
    if (dots == value.npos)
        throw failure{usage, fmt::format("--kernels: {} is not a range such as 5.4..7.2", in_quotes(value))};
    const uint32_t first = read_release("--kernels", value.substr(0, dots), false);
    const uint32_t last = read_release("--kernels", value.substr(dots + 2), false);
    if (first > last)
        throw failure{usage,
                      fmt::format("--kernels: {}: the first release is the newer one", in_quotes(value))};
    scope->releases.clear();
    std::ranges::copy_if(mainline_releases(), std::back_inserter(scope->releases),
                         [&](uint32_t release) { return first <= release && release <= last; });
}

uint32_t read_capability(std::string_view name)
{
    std::vector<std::string> names = {"root", "user"};
    for (const auto &one : capabilities) {
        if (one.name == name)
            return one.capability;
        names.emplace_back(one.name);
    }
    throw failure{usage, fmt::format("--as: unknown value {}{}; known are {}", in_quotes(name),
                                     did_you_mean(name, names), fmt::join(names, ", "))};
}

void read_as(std::string_view value, check_scope *scope)
{
    if (value == "root" || value == "user") {
        scope->capabilities = value == "root" ? check_scope().capabilities : 0;
        return;
    }
    uint32_t held = 0;
    for (size_t start = 0; start <= value.size();) {
        const size_t end = std::min(value.find(',', start), value.size());
        held |= read_capability(value.substr(start, end - start));
        start = end + 1;
    }
    scope->capabilities = held;
}

} // namespace

const std::vector<uint32_t> &mainline_releases()
{
    static const std::vector<uint32_t> releases = [] {
        std::vector<uint32_t> all;
        for (const auto &one : series)
            for (uint32_t minor = one.first; minor <= one.last; minor++)
                all.push_back(one.major << 16 | minor << 8);
        return all;
    }();
    return releases;
}

char **take_scope_option(char **at, check_scope *scope)
{
    constexpr struct {
        std::string_view name;
        void (*read)(std::string_view value, check_scope *scope);
    } options[] = {{"--kernel", read_kernel}, {"--kernels", read_kernels}, {"--as", read_as}};
    const std::string_view argument = *at;
    const size_t equals = argument.find('=');
    for (const auto &option : options) {
        if (argument.substr(0, equals) != option.name)
            continue;
        if (equals == argument.npos && (!at[1] || at[1][0] == '-'))
            throw failure{usage, fmt::format("{} needs a value", option.name)};
        option.read(equals == argument.npos ? at[1] : argument.substr(equals + 1), scope);
        return equals == argument.npos ? at + 1 : at;
    }
    return nullptr;
}

} // namespace barebpf::tool
