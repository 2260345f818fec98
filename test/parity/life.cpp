// SPDX-License-Identifier: BSD-2-Clause
#include "life.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <fstream>
#include <sstream>
#include <vector>

#include "c_library.h"
#include "call.h"
#include "lib/core/sys.h"
#include "random_calls.h"
#include "test/catch.h"

using namespace barebpf::parity;

// The same random calls of each function of a map's life before one recorded kernel: attr bytes, results,
// errno and the caller's memory are the same, but for the differences below. Each of these is a row of
// docs/libbpf-differences.md.
namespace
{

constexpr size_t page = 4096;
constexpr int no_errno = 9999;

enum class life_difference {
    none,
    sz,          // above a page
    newer,       // a member this libbpf does not have is set
    btf_size,    // of more than 32 bits
    dirty_errno, // of what failed on the way to a success
    close_errno, // of a close that failed as well
    limit,       // of open descriptors, below the first that could be returned
    end
};
constexpr const char *life_difference_names[] = {
    "calls: alike, but for the size of the attr",
    "calls: sz above 4096, libbpf reads on, barebpf refuses",
    "calls: newer members, libbpf refuses them, barebpf passes them on",
    "calls: BTF size, libbpf cuts it to 32 bits, barebpf refuses more",
    ("calls: errno, libbpf leaves that of a failed attempt or close behind a success, barebpf never touches "
     "it then"),
    "calls: errno, libbpf gives a failed close's when a descriptor cannot be moved, barebpf the reason why",
    "calls: RLIMIT_NOFILE of 3 or less, libbpf gives EINVAL, barebpf EMFILE",
};
static_assert(std::size(life_difference_names) == static_cast<size_t>(life_difference::end));

// What the kernel answers to every call, and what it writes.
struct answers {
    long result;
    long second; // to a second bpf(2) call
    long duplicate;
    long close;
    uint32_t written; // into the attr, where the command has such a member
};

struct life_event {
    long nr;
    long a, b, c; // of bpf(2): the command; else the arguments
    std::array<unsigned char, 56> attr;
    bool operator==(const life_event &) const = default;
};

// All a caller can notice.
struct life_outcome {
    int returned;
    int error;
    std::vector<life_event> events;
    std::vector<long> sizes; // of the attrs
    std::array<unsigned char, 64> value;
    std::array<unsigned char, 64> next;
    std::array<unsigned char, 96> opts;
    uint32_t count;
};

answers answering;
life_outcome *recording;

struct {
    alignas(8) unsigned char key[64];
    alignas(8) unsigned char value[64];
    alignas(8) unsigned char next[64];
    uint32_t count;
} memory;

// Where the kernel writes into the attr of a command: 0 for nowhere.
size_t written_at(long command, long size)
{
    switch (command) {
    case 24: // the batches
    case 25:
    case 26:
    case 27:
        return 32;
    case 12: // the next ID
    case 15: // the size of an info
        return 4;
    case 18: // the size of BTF's log, where the caller has room for it
        return size >= 32 ? 28 : 0;
    default:
        return 0;
    }
}

// Writes what a successful command writes into the caller's memory.
void write_output(long command, const unsigned char *attr)
{
    uint64_t address = 0;
    if (command == 1 || command == 4 || command == 21)
        std::memcpy(&address, attr + 16, sizeof(address));
    if (command == 15)
        std::memcpy(&address, attr + 8, sizeof(address));
    if (command == 24 || command == 25)
        std::memcpy(&address, attr + 24, sizeof(address));
    if (address)
        std::memset(reinterpret_cast<void *>(address), 0x77, 16);
}

long answer_bpf(life_event *seen, long command, long address, long size)
{
    auto *attr = reinterpret_cast<unsigned char *>(address);
    seen->a = command;
    std::memcpy(seen->attr.data(), attr, std::min(seen->attr.size(), static_cast<size_t>(size)));
    recording->sizes.push_back(size);
    if (command == 5) // libbpf's probes
        return 100;
    uint32_t written = answering.written;
    if (command == 18 && size >= 28 && !attr[24] && !attr[25] && !attr[26] && !attr[27])
        written = 0; // without a level there is no log
    if (const size_t at = written_at(command, size))
        std::memcpy(attr + at, &written, sizeof(written));
    const long result = recording->events.empty() ? answering.result : answering.second;
    if (result >= 0)
        write_output(command, attr);
    return result;
}

using life_door = int(const life_call &);

life_outcome recorded_life(life_door &live, const life_call &made, const answers &kernel)
{
    life_outcome seen{};
    answering = kernel;
    recording = &seen;
    std::memset(memory.value, 0x11, sizeof(memory.value));
    std::memset(memory.next, 0x22, sizeof(memory.next));
    memory.count = made.id;
    intercepting = true;
    errno = no_errno;
    const int returned = live(made);
    const int error = errno;
    intercepting = false;
    seen.returned = returned;
    seen.error = error;
    std::memcpy(seen.value.data(), memory.value, sizeof(memory.value));
    std::memcpy(seen.next.data(), memory.next, sizeof(memory.next));
    seen.count = memory.count;
    return seen;
}

// Calls of one family, what they point at, and the kernel's answers.
class random_life
{
public:
    random_life(uint64_t seed, function first, function last) : random(seed), from(first), to(last) {}

    life_call next_call();
    answers next_kernel();
    const std::vector<unsigned char> &opts_before() const { return opts_bytes; }
    void restore_opts() { std::copy(opts_bytes.begin(), opts_bytes.end(), opts_at); }
    unsigned char *opts_now() const { return opts_at; }

private:
    uint64_t below(uint64_t bound) { return random() % bound; }
    bool one_in(uint64_t bound) { return below(bound) == 0; }
    uint32_t number();
    long refusal() { return one_in(4) ? -524 : -1 - static_cast<long>(below(133)); }
    const void *opts(function which);

    std::mt19937_64 random;
    function from, to;
    guarded_memory opts_memory;
    std::vector<unsigned char> opts_bytes;
    unsigned char *opts_at = nullptr;
};

uint32_t random_life::number()
{
    const uint32_t interesting[] = {0, 1, 3, UINT32_MAX, static_cast<uint32_t>(random())};
    return interesting[below(std::size(interesting))];
}

answers random_life::next_kernel()
{
    answers next{};
    const long results[] = {static_cast<long>(below(3)), 3 + static_cast<long>(below(1000)), refusal()};
    next.result = results[below(std::size(results))];
    next.second = one_in(2) ? refusal() : static_cast<long>(below(9));
    next.duplicate = one_in(3) ? refusal() : 3 + static_cast<long>(below(1000));
    next.close = one_in(8) ? refusal() : 0;
    next.written = number();
    return next;
}

// Options of any sz, set or not, up to the end of a page that cannot be read beyond.
const void *random_life::opts(function which)
{
    const size_t end = barebpf_end_of_opts(which);
    opts_bytes.clear();
    if (!end || one_in(8))
        return nullptr;
    const size_t sizes[] = {end, (end + 7) / 8 * 8, below(64), below(64), page + 1 + below(page), 0};
    const size_t sz = sizes[one_in(16) ? below(std::size(sizes)) : below(4)];
    const size_t room = std::max(sz, sizeof(sz));
    opts_bytes.assign(room, 0);
    const size_t set = one_in(2) ? end : below(end + 16);
    for (size_t i = sizeof(sz); i + sizeof(uint32_t) <= std::min(room, set); i += sizeof(uint32_t)) {
        const uint32_t word = one_in(2) ? 0 : number();
        std::memcpy(&opts_bytes[i], &word, sizeof(word));
    }
    if (one_in(8) && room > sizeof(sz))
        opts_bytes[sizeof(sz) + below(std::min<size_t>(room, 64) - sizeof(sz))] =
            static_cast<unsigned char>(below(256));
    std::memcpy(opts_bytes.data(), &sz, sizeof(sz));
    opts_at = opts_memory.last((room + 7) / 8 * 8);
    restore_opts();
    return opts_at;
}

life_call random_life::next_call()
{
    life_call next{};
    const auto first = static_cast<uint64_t>(from);
    do
        next.which = static_cast<function>(first + below(static_cast<uint64_t>(to) - first));
    while (!has_libbpf(next.which));
    next.fd = static_cast<int>(number());
    next.id = number();
    next.flags = static_cast<uint64_t>(number()) << (one_in(2) ? 0 : 32);
    next.size = one_in(16) ? static_cast<size_t>(random()) : number();
    next.key = one_in(8) ? nullptr : memory.key;
    next.value = one_in(8) ? nullptr : memory.value;
    next.next = one_in(8) && next.which != function::map_get_next_id ? nullptr : memory.next;
    next.count = &memory.count;
    next.opts = opts(next.which);
    return next;
}

size_t sz_of(const life_call &made)
{
    size_t sz;
    std::memcpy(&sz, made.opts, sizeof(sz));
    return sz;
}

bool any_set(const std::vector<unsigned char> &bytes, size_t begin, size_t end)
{
    for (size_t i = begin; i < std::min(end, bytes.size()); i++)
        if (bytes[i])
            return true;
    return false;
}

life_difference reason_of(const life_call &made, const std::vector<unsigned char> &opts)
{
    if (made.opts) {
        const size_t sz = sz_of(made);
        const size_t ours = barebpf_end_of_opts(made.which), theirs = libbpf_end_of_opts(made.which);
        if (sz > page)
            return life_difference::sz;
        if (sz >= sizeof(sz) && any_set(opts, theirs, std::min(sz, ours)))
            return life_difference::newer;
    }
    if (made.which == function::btf_load && made.size > UINT32_MAX)
        return life_difference::btf_size;
    return life_difference::none;
}

bool refused(const life_outcome &seen)
{
    return seen.returned == -EINVAL && seen.error == EINVAL && seen.events.empty();
}

// libbpf 1.1 has bytes of the attr left out that are zero in barebpf's.
bool same_attrs(const life_outcome &libbpf, const life_outcome &barebpf)
{
    if (libbpf.events != barebpf.events || libbpf.sizes.size() != barebpf.sizes.size())
        return false;
    for (size_t i = 0; i < libbpf.sizes.size(); i++)
        if (libbpf.sizes[i] > barebpf.sizes[i])
            return false;
    return true;
}

// errno after a success of libbpf's that had a failure on its way.
bool left_errno(const life_outcome &libbpf)
{
    return libbpf.returned >= 0 && libbpf.error != no_errno;
}

// A descriptor of 0 to 2 could neither be moved nor closed.
bool hid_errno(const life_outcome &libbpf, const answers &kernel)
{
    return libbpf.returned < 0 && libbpf.returned == kernel.close && libbpf.events.size() > 1 &&
           libbpf.events.back().nr == __NR_close;
}

bool alike(const life_outcome &libbpf, const life_outcome &barebpf)
{
    return libbpf.returned == barebpf.returned && libbpf.error == barebpf.error &&
           same_attrs(libbpf, barebpf) && libbpf.value == barebpf.value && libbpf.next == barebpf.next &&
           libbpf.count == barebpf.count && libbpf.opts == barebpf.opts;
}

// The size of BTF's log is written by libbpf 1.2 and later only.
void forget_true_size(const life_call &made, life_outcome *barebpf)
{
    constexpr size_t at = 24;
    if (made.which == function::btf_load && libbpf_end_of_opts(made.which) < at + sizeof(uint32_t))
        std::memset(&barebpf->opts[at], 0, sizeof(uint32_t));
}

bool as_expected(life_difference reason, const life_call &made, const answers &kernel,
                 const life_outcome &libbpf, life_outcome barebpf)
{
    switch (reason) {
    case life_difference::sz:
        return refused(barebpf);
    case life_difference::newer:
        return refused(libbpf) && (refused(barebpf) || !barebpf.events.empty() ||
                                   (barebpf.returned == -E2BIG && made.size > UINT32_MAX));
    case life_difference::btf_size:
        return barebpf.returned == (refused(libbpf) ? -EINVAL : -E2BIG) && barebpf.events.empty();
    case life_difference::dirty_errno:
        if (barebpf.error != no_errno)
            return false;
        barebpf.error = libbpf.error;
        forget_true_size(made, &barebpf);
        return alike(libbpf, barebpf);
    case life_difference::limit:
        if (libbpf.returned != -EINVAL || barebpf.returned != -EMFILE || barebpf.error != EMFILE)
            return false;
        barebpf.error = libbpf.error;
        barebpf.returned = libbpf.returned;
        forget_true_size(made, &barebpf);
        return alike(libbpf, barebpf);
    case life_difference::close_errno:
        if (barebpf.returned != kernel.duplicate || barebpf.error != -kernel.duplicate)
            return false;
        barebpf.error = libbpf.error;
        barebpf.returned = libbpf.returned;
        forget_true_size(made, &barebpf);
        return alike(libbpf, barebpf);
    default:
        forget_true_size(made, &barebpf);
        return alike(libbpf, barebpf);
    }
}

std::string words(const char *whose, const life_outcome &seen)
{
    std::ostringstream text;
    text << whose << ": " << seen.returned << ", errno " << seen.error << ", count " << seen.count << '\n';
    for (const life_event &one : seen.events) {
        text << "    call " << one.nr << " (" << one.a << ", " << one.b << ", " << one.c << ")" << std::hex;
        for (const unsigned char byte : one.attr)
            text << ' ' << static_cast<int>(byte);
        text << std::dec << '\n';
    }
    return text.str();
}

struct tally {
    uint64_t calls[static_cast<size_t>(life_difference::end)];
    uint64_t wrong;
    std::string first_wrong;
};

void keep_opts(life_outcome *seen, const random_life &calls)
{
    const size_t size = std::min(seen->opts.size(), calls.opts_before().size());
    if (size)
        std::memcpy(seen->opts.data(), calls.opts_now(), size);
}

tally compare(uint64_t seed, uint64_t count, function from, function to)
{
    random_life calls(seed, from, to);
    tally sum{};
    for (uint64_t i = 0; i < count; i++) {
        const answers kernel = calls.next_kernel();
        const life_call made = calls.next_call();
        life_outcome libbpf = recorded_life(live_with_libbpf, made, kernel);
        keep_opts(&libbpf, calls);
        if (made.opts)
            calls.restore_opts();
        life_outcome barebpf = recorded_life(live_with_barebpf, made, kernel);
        keep_opts(&barebpf, calls);
        life_difference reason = reason_of(made, calls.opts_before());
        if (reason == life_difference::none && left_errno(libbpf))
            reason = life_difference::dirty_errno;
        if (reason == life_difference::none && kernel.duplicate == -EINVAL && libbpf.returned == -EINVAL &&
            barebpf.returned == -EMFILE)
            reason = life_difference::limit;
        if (reason == life_difference::none && hid_errno(libbpf, kernel))
            reason = life_difference::close_errno;
        sum.calls[static_cast<size_t>(reason)]++;
        if (!as_expected(reason, made, kernel, libbpf, barebpf) && sum.wrong++ == 0)
            sum.first_wrong =
                "call " + std::to_string(i) + ", function " + std::to_string(static_cast<int>(made.which)) +
                ", as " + life_difference_names[static_cast<size_t>(reason)] + ", kernel " +
                std::to_string(kernel.result) + ' ' + std::to_string(kernel.duplicate) + ' ' +
                std::to_string(kernel.close) + "\n" + words("libbpf", libbpf) + words("barebpf", barebpf);
    }
    return sum;
}

uint64_t setting(const char *variable, uint64_t otherwise)
{
    const char *value = std::getenv(variable);
    return value ? std::strtoull(value, nullptr, 0) : otherwise;
}

void compare_family(const char *name, function from, function to, std::vector<life_difference> can_show)
{
    const uint64_t seed = setting("BAREBPF_PARITY_SEED", 1);
    const uint64_t count = setting("BAREBPF_PARITY_CALLS", 1000000);
    compare(seed, 64, function::btf_load, function::btf_get_fd_by_id); // libbpf's probes, once
    (void)libbpf_warnings(); // which also keeps libbpf from printing
    const tally sum = compare(seed, count, from, to);
    std::printf("parity of %s: %ju random calls, seed %ju\n", name, count, seed);
    for (size_t i = 0; i < std::size(life_difference_names); i++)
        if (sum.calls[i])
            std::printf("%9ju  %s\n", sum.calls[i], life_difference_names[i]);
    for (function which = from; which != to; which = static_cast<function>(static_cast<int>(which) + 1))
        if (!has_libbpf(which))
            std::printf("           function %d is not in this libbpf\n", static_cast<int>(which));
    INFO(sum.first_wrong);
    CHECK(sum.wrong == 0);
    CHECK(sum.calls[0] > count / 4);
    for (const life_difference shown : can_show) {
        INFO(
            "A listed difference that no call showed: " << life_difference_names[static_cast<size_t>(shown)]);
        CHECK(sum.calls[static_cast<size_t>(shown)] > 0);
    }
}

} // namespace

// Both libraries' system calls.
long barebpf::arch::call(long nr, long a, long b, long c, long, long)
{
    life_event seen{};
    seen.nr = nr;
    long result = 0;
    if (nr == __NR_bpf) {
        result = answer_bpf(&seen, a, b, c);
        if (a == 5)
            return result;
    } else {
        seen.a = a;
        if (nr == __NR_fcntl) {
            seen.b = b;
            seen.c = c;
            result = answering.duplicate;
        } else if (nr == __NR_close) {
            result = answering.close;
        }
    }
    recording->events.push_back(seen);
    return result;
}

TEST_CASE("calls: every difference that random calls can show is on the page")
{
    std::ifstream file(BAREBPF_DIFFERENCES_PAGE);
    std::ostringstream text;
    text << file.rdbuf();
    for (const char *name : life_difference_names) {
        INFO(name);
        CHECK(text.str().find("`" + std::string(name) + "`") != std::string::npos);
    }
}

TEST_CASE("calls: random calls about elements are libbpf's")
{
    compare_family("elements", function::update_elem, function::update_batch, {});
}

TEST_CASE("calls: random calls about batches are libbpf's but for the listed differences")
{
    compare_family("batches", function::update_batch, function::obj_pin, {life_difference::sz});
}

TEST_CASE("calls: random calls about objects are libbpf's but for the listed differences")
{
    compare_family("objects", function::obj_pin, function::btf_load,
                   {life_difference::sz, life_difference::limit});
}

TEST_CASE("calls: random calls about BTF and tokens are libbpf's but for the listed differences")
{
    compare_family("BTF and tokens", function::btf_load, function::end,
                   {life_difference::sz, life_difference::btf_size});
}

TEST_CASE("calls: libbpf_strerror() gives libbpf's results, and its words but for libbpf's own errors")
{
    char theirs[80], ours[80];
    const size_t sizes[] = {0, 1, 2, 8, sizeof(ours)};
    for (int error = -4100; error <= 4100; error++) {
        for (const size_t size : sizes) {
            INFO(error << " in " << size);
            std::memset(theirs, 'x', sizeof(theirs));
            std::memset(ours, 'x', sizeof(ours));
            const int expected = strerror_of_libbpf(error, theirs, size);
            const int result = strerror_of_barebpf(error, ours, size);
            const int number = error < 0 ? -error : error;
            const bool own = number >= 4000 && number < 4014;
            if (result != expected && !own)
                CHECK(result == expected);
            if (!own && std::memcmp(theirs, ours, sizeof(ours)) != 0)
                CHECK(std::string(ours, size) == std::string(theirs, size));
            if (own && size == sizeof(ours))
                CHECK((result == 0 && std::strcmp(ours, theirs) != 0));
        }
    }
    CHECK(strerror_of_barebpf(1, nullptr, 8) == strerror_of_libbpf(1, nullptr, 8));
}

TEST_CASE("calls: libbpf_get_error() gives libbpf's results")
{
    std::mt19937_64 random(1);
    for (int i = 0; i < 1000000; i++) {
        const uintptr_t addresses[] = {0, random(),
                                       static_cast<uintptr_t>(-1 - static_cast<long>(random() % 5000))};
        const void *pointer = reinterpret_cast<void *>(addresses[random() % 3]);
        const int before = static_cast<int>(random() % 200);
        errno = before;
        const long expected = error_of_libbpf(pointer);
        const int expected_errno = errno;
        errno = before;
        const long result = error_of_barebpf(pointer);
        const int result_errno = errno;
        if (result != expected || result_errno != expected_errno) {
            INFO(pointer << ", errno " << before);
            CHECK(result == expected);
            CHECK(result_errno == expected_errno);
        }
    }
}

TEST_CASE("calls: map types have libbpf's names, and a strict mode is accepted")
{
    for (uint32_t type = 0; type < 33; type++) {
        INFO(type);
        CHECK(std::string(type_name_of_barebpf(type)) == type_name_of_libbpf(type));
    }
    CHECK(type_name_of_barebpf(1000) == nullptr);
    CHECK(type_name_of_libbpf(1000) == nullptr);
    CHECK(strict_mode_of_barebpf(UINT32_MAX) == strict_mode_of_libbpf(UINT32_MAX));
}
