// SPDX-License-Identifier: BSD-2-Clause
#include "policy.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "failure.h"
#include "names.h"

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
    throw failure{usage, fmt::format("{}: '{}' is none of its words{} (all: {})", option, name,
                                     near_it(name, names), fmt::join(names, ", "))};
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

void read_give_up(std::string_view list, barebpf_policy *policy)
{
    size_t comma = list.find(',');
    policy->give_up = read_concession(list.substr(0, comma));
    while (comma != list.npos) {
        list.remove_prefix(comma + 1);
        comma = list.find(',');
        policy->give_up |= read_concession(list.substr(0, comma));
    }
}

uint64_t read_number(const char *option, std::string_view text, uint64_t most)
{
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc::invalid_argument || end != text.data() + text.size())
        throw failure{usage, fmt::format("{}: '{}' is not a decimal number", option, text)};
    if (error == std::errc::result_out_of_range || number > most)
        throw failure{usage, fmt::format("{}: '{}' is too large, {} is the most", option, text, most)};
    return number;
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
        throw failure{usage, fmt::format("--memlock: '{}' has a bound, and never raises anything", value)};
    policy->memlock_most = read_number("--memlock", value.substr(colon + 1), UINT64_MAX);
    if (policy->memlock_most == 0)
        throw failure{usage, fmt::format("--memlock: '{}' has a bound of 0, 1 byte is the least", value)};
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
        throw failure{usage, fmt::format("'{}' has no value; it is written {}=VALUE", name, name)};
    const std::string_view value = option.substr(equals + 1);
    if (name == "--give-up")
        read_give_up(value, policy);
    else if (name == "--memlock")
        read_memlock(value, policy);
    else
        policy->backoff_ms = static_cast<uint32_t>(read_number("--backoff", value, UINT32_MAX));
    return true;
}

} // namespace barebpf::tool
