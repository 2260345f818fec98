// SPDX-License-Identifier: BSD-2-Clause
#include "policy.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "failure.h"
#include "names.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

constexpr uint32_t everything = BAREBPF_GIVE_UP_FLAGS | BAREBPF_GIVE_UP_SIZE | BAREBPF_GIVE_UP_NAME_CHARS |
                                BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_BTF | BAREBPF_GIVE_UP_NAME_END;

// By their BAREBPF_MEMLOCK_* numbers.
const std::vector<std::string> memlock_names = {"never", "when_needed", "scoped"};

uint32_t index_of(std::string_view name, const std::vector<std::string> &names)
{
    return static_cast<uint32_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

[[noreturn]] void refuse_name(const char *option, std::string_view name,
                              const std::vector<std::string> &names)
{
    throw failure{usage, fmt::format("{}: unknown value {}{}; known are {}", option, in_quotes(name),
                                     did_you_mean(name, names), fmt::join(names, ", "))};
}

uint32_t read_concession(std::string_view name)
{
    if (name == "none")
        return 0;
    if (name == "all")
        return everything;
    std::vector<std::string> names = concession_names();
    const uint32_t bit = index_of(name, names);
    if (bit < names.size())
        return 1u << bit;
    names.insert(names.end(), {"all", "none"});
    refuse_name("--give-up", name, names);
}

void read_give_up(std::string_view value, barebpf_policy *policy)
{
    uint32_t given = 0;
    bool has_none = false;
    for (size_t start = 0; start <= value.size();) {
        const size_t end = std::min(value.find(',', start), value.size());
        const std::string_view name = value.substr(start, end - start);
        given |= read_concession(name);
        has_none |= name == "none";
        start = end + 1;
    }
    if (has_none && value != "none")
        throw failure{usage, fmt::format("--give-up: {}: none cannot be combined with another value",
                                         in_quotes(value))};
    policy->give_up = given;
}

[[noreturn]] void refuse_large(const char *option, std::string_view text, uint64_t most)
{
    throw failure{usage,
                  fmt::format("{}: {} is too large; the maximum is {}", option, in_quotes(text), most)};
}

uint32_t read_milliseconds(std::string_view text)
{
    uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc::invalid_argument || end != text.data() + text.size())
        throw failure{usage,
                      fmt::format("--backoff: {} is not a decimal number of milliseconds", in_quotes(text))};
    if (error == std::errc::result_out_of_range)
        refuse_large("--backoff", text, UINT32_MAX);
    return number;
}

// By how many bits a unit shifts a number; nothing for an unknown unit.
std::optional<unsigned int> shift_of(std::string_view unit)
{
    if (unit.empty() || unit == "B")
        return 0;
    if (unit.size() != 1 && unit.substr(1) != "iB")
        return {};
    const size_t at = std::string_view("KkMmGg").find(unit[0]);
    if (at == std::string_view::npos)
        return {};
    return 10 * (static_cast<unsigned int>(at) / 2 + 1);
}

uint64_t read_bytes(std::string_view text)
{
    uint64_t number = 0;
    const char *const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    const std::optional<unsigned int> shift = shift_of({end, static_cast<size_t>(last - end)});
    if (error == std::errc::invalid_argument || !shift)
        throw failure{usage,
                      fmt::format("--memlock: {} is not a size (such as 65536, 64K or 1M)", in_quotes(text))};
    if (error == std::errc::result_out_of_range || number > UINT64_MAX >> *shift)
        refuse_large("--memlock", text, UINT64_MAX);
    return number << *shift;
}

void read_memlock(std::string_view value, barebpf_policy *policy)
{
    const size_t colon = value.find(':');
    const std::string_view name = value.substr(0, colon);
    policy->memlock = index_of(name, memlock_names);
    policy->memlock_most = 0;
    if (policy->memlock == memlock_names.size())
        refuse_name("--memlock", name, memlock_names);
    if (colon == value.npos)
        return;
    if (policy->memlock == BAREBPF_MEMLOCK_NEVER)
        throw failure{usage, fmt::format("--memlock: {}: never raises the limit, so it takes no size",
                                         in_quotes(value))};
    policy->memlock_most = read_bytes(value.substr(colon + 1));
    if (policy->memlock_most == 0)
        throw failure{usage,
                      fmt::format("--memlock: {}: the size must be at least 1 byte", in_quotes(value))};
}

} // namespace

const std::vector<std::string> &concession_names()
{
    static const std::vector<std::string> names = {"flags", "size", "name_chars", "name", "btf", "name_end"};
    return names;
}

barebpf_policy default_policy()
{
    barebpf_policy policy{};
    policy.sz = sizeof(policy);
    policy.give_up = BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_END;
    policy.memlock = BAREBPF_MEMLOCK_WHEN_NEEDED;
    return policy;
}

bool take_policy_option(std::string_view option, barebpf_policy *policy)
{
    const size_t equals = option.find('=');
    const std::string_view name = option.substr(0, equals);
    if (name != "--give-up" && name != "--memlock" && name != "--backoff")
        return false;
    if (equals == option.npos)
        throw failure{usage, fmt::format("{0} needs a value: {0}=VALUE", name)};
    const std::string_view value = option.substr(equals + 1);
    if (name == "--give-up")
        read_give_up(value, policy);
    else if (name == "--memlock")
        read_memlock(value, policy);
    else
        policy->backoff_ms = read_milliseconds(value);
    return true;
}

} // namespace barebpf::tool
