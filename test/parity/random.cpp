// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <sstream>

#include "differences.h"
#include "random_calls.h"
#include "test/catch.h"

using namespace barebpf::parity;

namespace
{

constexpr size_t kinds = std::size(difference_names);

uint64_t setting(const char *variable, uint64_t otherwise)
{
    const char *value = std::getenv(variable);
    return value ? std::strtoull(value, nullptr, 0) : otherwise;
}

template <typename T> std::string hex(const T *bytes, size_t size)
{
    std::ostringstream text;
    for (size_t i = 0; i < size; i++)
        text << (i % 4 ? "" : " ") << "0123456789abcdef"[(bytes[i] >> 4) & 15]
             << "0123456789abcdef"[bytes[i] & 15];
    return text.str();
}

std::string words(const char *whose, const outcome &seen)
{
    std::ostringstream text;
    text << whose << ": " << seen.returned << ", errno " << seen.error << '\n';
    for (const event &one : seen.events)
        text << "    call " << one.nr << " (" << one.arguments[0] << ", " << one.arguments[1] << ", "
             << one.arguments[2] << ")" << hex(one.attr.data(), one.attr.size()) << " common"
             << hex(one.common.data(), one.common.size()) << '\n';
    return text.str();
}

std::string words(const call &made)
{
    std::ostringstream text;
    text << "type " << made.map_type << " key " << made.key_size << " value " << made.value_size
         << " entries " << made.max_entries << " name"
         << (made.name ? hex(made.name, strnlen(made.name, 15)) : " NULL");
    if (!made.opts)
        return text.str() + " opts NULL\n";
    size_t sz;
    std::memcpy(&sz, made.opts, sizeof(sz));
    text << " opts"
         << hex(static_cast<const char *>(made.opts), std::min<size_t>(std::max<size_t>(sz, 8), 80));
    return text.str() + '\n';
}

std::string words(const call &made, const comparison &compared)
{
    return words(made) + "by the reason: " + difference_names[static_cast<size_t>(compared.reason)] + '\n' +
           words("libbpf", compared.libbpf) + words("libbpf as expected", compared.expected_of_libbpf) +
           words("barebpf", compared.barebpf) + words("barebpf as expected", compared.expected_of_barebpf);
}

struct tally {
    uint64_t calls[kinds];
    uint64_t asked; // calls by which both libraries asked the kernel for a map
    uint64_t close_errno;
    uint64_t unexplained;
    std::string first_unexplained;

    void count(uint64_t number, const call &made, const comparison &compared)
    {
        calls[static_cast<size_t>(compared.reason)]++;
        asked += compared.reason == difference::attr_size && !compared.libbpf.events.empty();
        close_errno += compared.close_errno;
        if (compared.as_expected())
            return;
        if (unexplained++ == 0)
            first_unexplained = "call " + std::to_string(number) + ": " + words(made, compared);
    }
};

tally compare_random_calls(uint64_t seed, uint64_t count)
{
    random_calls calls(seed);
    tally sum{};
    for (uint64_t i = 0; i < count; i++) {
        const kernel answers = calls.next_kernel();
        const call made = calls.next_call();
        sum.count(i, made, compare(made, answers));
    }
    return sum;
}

void print(const tally &sum, uint64_t seed, uint64_t count)
{
    std::printf("parity: %ju random calls (BAREBPF_PARITY_CALLS), seed %ju (BAREBPF_PARITY_SEED)\n", count,
                seed);
    std::printf("%9ju  asked the kernel alike, but for the attr size\n", sum.asked);
    std::printf("%9ju  refused alike, without asking\n", sum.calls[0] - sum.asked);
    for (size_t i = 1; i < kinds; i++)
        std::printf("%9ju  %s\n", sum.calls[i], difference_names[i]);
    std::printf("%9ju  errno of a failed close (in addition)\n", sum.close_errno);
    std::printf("%9ju  unexplained\n", sum.unexplained);
}

} // namespace

TEST_CASE("parity: random calls differ from libbpf's only by the listed differences")
{
    const uint64_t seed = setting("BAREBPF_PARITY_SEED", 1);
    const uint64_t count = setting("BAREBPF_PARITY_CALLS", 1000000);
    warm_up();
    const tally sum = compare_random_calls(seed, count);
    print(sum, seed, count);
    INFO(sum.first_unexplained);
    CHECK(sum.unexplained == 0);
    CHECK(sum.asked > 0);
    CHECK((sum.close_errno > 0) == libbpf_leaves_close_errno());
    for (size_t i = 0; i < kinds; i++) {
        INFO("A listed difference that no call showed: " << difference_names[i]);
        CHECK((sum.calls[i] > 0) == can_show(static_cast<difference>(i)));
    }
}
