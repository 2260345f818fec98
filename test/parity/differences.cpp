// SPDX-License-Identifier: BSD-2-Clause
#include "differences.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/resource.h>

#include "barebpf/bpf.h"
#include "lib/core/sys.h"
#include "test/numbers.h"

namespace barebpf::parity
{
namespace
{

#define BAREBPF_MEMBER(member) \
    offsetof(bpf_map_create_opts, member), \
        offsetof(bpf_map_create_opts, member) + sizeof(bpf_map_create_opts::member)

// Members not every release of libbpf knows, and where the kernel expects them.
constexpr struct {
    size_t begin, end, attr_offset;
} newer_members[] = {
    {BAREBPF_MEMBER(value_type_btf_obj_fd), 72},
    {BAREBPF_MEMBER(token_fd), 76},
    {BAREBPF_MEMBER(excl_prog_hash), 80},
    {BAREBPF_MEMBER(excl_prog_hash_size), 88},
};
constexpr struct {
    size_t begin, end;
} log_member = {BAREBPF_MEMBER(log_opts)};
#undef BAREBPF_MEMBER

constexpr size_t page = 4096;

// A caller's opts of either kind.
struct given_opts {
    explicit given_opts(const void *opts) : bytes(static_cast<const char *>(opts))
    {
        std::memcpy(&sz, opts, sizeof(sz));
    }

    bool any_set(size_t from, size_t to) const
    {
        return from < to && std::any_of(bytes + from, bytes + to, [](char byte) { return byte; });
    }

    // Whether sz covers a member whole, and any byte of it is set.
    bool has(size_t begin, size_t end) const { return sz >= end && any_set(begin, end); }
    bool cuts(size_t begin, size_t end) const { return sz < end && any_set(begin, sz); }

    const char *bytes;
    size_t sz;
};

bpf_log_opts *log_of(const given_opts &given)
{
    bpf_log_opts *log;
    std::memcpy(&log, given.bytes + log_member.begin, sizeof(log));
    return log;
}

constexpr size_t log_known_end = offsetof(bpf_log_opts, true_size) + sizeof(bpf_log_opts::true_size);

bool valid_log(const bpf_log_opts *log)
{
    return log->sz >= sizeof(size_t) && log->sz <= page && !given_opts(log).any_set(log_known_end, log->sz);
}

// Of opts that libbpf refuses for a byte beyond the members it knows.
difference reason_of_refusal(const given_opts &given)
{
    if (given.sz > page || given.any_set(log_member.end, given.sz))
        return difference::attr_size;
    if (given.has(log_member.begin, log_member.end))
        return valid_log(log_of(given)) ? difference::log_opts : difference::attr_size;
    bool cut = given.cuts(log_member.begin, log_member.end);
    for (const auto &member : newer_members) {
        if (member.end <= libbpf_known_end)
            continue;
        if (given.has(member.begin, member.end))
            return difference::newer_member;
        cut |= given.cuts(member.begin, member.end);
    }
    return cut ? difference::cut_member : difference::padding;
}

const outcome refusal = {-EINVAL, EINVAL, {}};

// What libbpf makes of the members it knows.
outcome served_by_libbpf(call made, const kernel &answers)
{
    alignas(8) char known[sizeof(bpf_map_create_opts)];
    std::memcpy(known, made.opts, libbpf_known_end);
    std::memcpy(known, &libbpf_known_end, sizeof(libbpf_known_end));
    made.opts = known;
    return recorded(create_with_libbpf, made, answers);
}

bool is_map_create(const event &seen)
{
    return seen.nr == __NR_bpf && seen.arguments[0] == BPF_MAP_CREATE;
}

// Whether libbpf reports success with errno set: it moved the map away from 0 to 2, but could not close the
// old one.
bool leaves_close_errno(const outcome &by_libbpf, const kernel &answers)
{
    return libbpf_leaves_close_errno() && by_libbpf.returned >= 0 && answers.map_create <= 2 &&
           answers.close < 0;
}

// An outcome of libbpf's as it should be: a success touches errno for that one reason only.
outcome with_close_errno(outcome by_libbpf, const kernel &answers)
{
    if (by_libbpf.returned >= 0)
        by_libbpf.error =
            leaves_close_errno(by_libbpf, answers) ? static_cast<int>(-answers.close) : untouched;
    return by_libbpf;
}

// Reading RLIMIT_MEMLOCK, which barebpf does when EPERM may mean that it is too low.
event limit_read()
{
    event seen{};
    seen.nr = __NR_prlimit64;
    seen.arguments = {0, RLIMIT_MEMLOCK, 0};
    return seen;
}

// Whether fcntl(2) refused to move the map with EINVAL, since RLIMIT_NOFILE allows no descriptor above 2.
bool cannot_move(const outcome &by_libbpf, const kernel &answers)
{
    return answers.duplicate == -EINVAL &&
           std::any_of(by_libbpf.events.begin(), by_libbpf.events.end(),
                       [](const event &seen) { return seen.nr == __NR_fcntl; });
}

// An outcome of libbpf's as barebpf has it: EMFILE where it cannot move the map for that reason, a longer
// attr, with the newer members the caller gave, after EPERM a look at RLIMIT_MEMLOCK and, since there is
// nothing to raise, one more try, and errno untouched on success.
outcome widened(outcome by_libbpf, const call &made, const kernel &answers)
{
    if (!by_libbpf.events.empty() && answers.map_create == -EPERM)
        by_libbpf.events.insert(by_libbpf.events.end(), {limit_read(), by_libbpf.events.back()});
    if (by_libbpf.returned >= 0)
        by_libbpf.error = untouched;
    if (cannot_move(by_libbpf, answers)) {
        by_libbpf.returned = -EMFILE;
        by_libbpf.error = EMFILE;
    }
    for (event &seen : by_libbpf.events) {
        if (!is_map_create(seen) || seen.arguments[1] != static_cast<long>(libbpf_attr_size()))
            continue;
        seen.arguments[1] = test::attr_size;
        for (const auto &member : newer_members)
            if (made.opts && given_opts(made.opts).has(member.begin, member.end))
                std::memcpy(&seen.attr[member.attr_offset], given_opts(made.opts).bytes + member.begin,
                            member.end - member.begin);
    }
    return by_libbpf;
}

// The same with a log: asked for it first, and without it after a refusal.
outcome logged(outcome plain, const bpf_log_opts &log, const kernel &answers)
{
    common_attr common{};
    if (log.sz >= offsetof(bpf_log_opts, buf) + sizeof(log.buf))
        common.log_buf = reinterpret_cast<uintptr_t>(log.buf);
    if (log.sz >= offsetof(bpf_log_opts, size) + sizeof(log.size))
        common.log_size = log.size;
    if (log.sz >= offsetof(bpf_log_opts, level) + sizeof(log.level))
        common.log_level = log.level;
    event first = plain.events.at(0);
    first.arguments[0] |= BAREBPF_COMMON_ATTRS;
    first.arguments[2] = sizeof(common);
    std::memcpy(&first.common, &common, sizeof(common));
    if (answers.map_create_with_log >= 0)
        plain.events.erase(plain.events.begin());
    plain.events.insert(plain.events.begin(), first);
    return plain;
}

void compare_log(comparison *compared, const call &made, const kernel &answers)
{
    bpf_log_opts *log = log_of(given_opts(made.opts));
    bpf_log_opts expected{};
    std::memcpy(&expected, log, std::min(log->sz, sizeof(expected)));
    compared->expected_of_barebpf = logged(compared->expected_of_barebpf, expected, answers);
    compared->barebpf = recorded(create_with_barebpf, made, answers);
    if (log->sz >= log_known_end)
        expected.true_size = answers.log_true_size;
    compared->true_size_kept = std::memcmp(log, &expected, std::min(log->sz, sizeof(expected))) == 0;
}

} // namespace

difference reason(const call &made)
{
    if (!made.opts)
        return difference::attr_size;
    const given_opts given(made.opts);
    if (given.sz > SIZE_MAX / 2)
        return difference::top_bit;
    if (given.any_set(libbpf_known_end, given.sz))
        return reason_of_refusal(given);
    return given.sz > page ? difference::above_page : difference::attr_size;
}

comparison compare(const call &made, const kernel &answers)
{
    comparison compared{};
    compared.reason = reason(made);
    compared.true_size_kept = true;
    compared.libbpf = recorded(create_with_libbpf, made, answers);
    if (compared.reason == difference::attr_size) {
        compared.expected_of_libbpf = with_close_errno(compared.libbpf, answers);
        compared.expected_of_barebpf = widened(compared.libbpf, made, answers);
    } else if (compared.reason == difference::above_page || compared.reason == difference::top_bit) {
        compared.expected_of_libbpf = with_close_errno(served_by_libbpf(made, answers), answers);
        compared.expected_of_barebpf = refusal;
    } else {
        compared.expected_of_libbpf = refusal;
        compared.expected_of_barebpf = widened(served_by_libbpf(made, answers), made, answers);
    }
    compared.close_errno = leaves_close_errno(compared.libbpf, answers);
    if (compared.reason == difference::log_opts)
        compare_log(&compared, made, answers);
    else
        compared.barebpf = recorded(create_with_barebpf, made, answers);
    return compared;
}

bool can_show(difference what)
{
    return what != difference::newer_member || libbpf_known_end < std::end(newer_members)[-1].end;
}

// By the release of libbpf, which its opts give away.
size_t libbpf_attr_size()
{
    return libbpf_known_end <= 48 ? 72 : libbpf_known_end <= 56 ? 80 : 92;
}

bool libbpf_leaves_close_errno()
{
    return libbpf_known_end <= 48;
}

void warm_up()
{
    const call named = {BPF_MAP_TYPE_ARRAY, "warm", 4, 4, 1, nullptr};
    recorded(create_with_libbpf, named, kernel());
}

} // namespace barebpf::parity
