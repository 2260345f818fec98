// SPDX-License-Identifier: BSD-2-Clause
#include "session.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

#include "library.h"
#include "random.h"

namespace barebpf::test
{
namespace
{

// The memory that the rules assume, so that a request for more is made only if it is sure to fail.
constexpr uint64_t memory_bound = 32 << 20;

constexpr uint64_t memory_of_a_guest = 1 << 30;

// Per-CPU values are allocated entry by entry, which is slow.
constexpr uint32_t percpu_entries_bound = 4096;

struct answer {
    int error; // 0: the map was created
    bool odd;  // neither a descriptor nor an error as documented
};

class session
{
public:
    session(const kernel &running, const open_objects &open, const caller &as, const stream &wanted)
        : running_(running), as_(as), wanted_(wanted), surroundings_(running.surroundings),
          requests_(wanted.seed, running, open)
    {
        surroundings_.caller = as.held;
        surroundings_.memory = memory_bound;
        surroundings_.objects = open.objects.data();
        surroundings_.object_count = open.objects.size();
        surroundings_.devices = open.devices.data();
        surroundings_.device_count = open.devices.size();
        surroundings_.struct_ops = running.struct_ops.data();
        surroundings_.struct_ops_count = running.struct_ops.size();
    }

    // True if every answer was as the rules say.
    bool run()
    {
        unsigned int raw = 0, through_library = 0;
        for (unsigned int i = 1; i <= wanted_.count; i++)
            raw += raw_agrees(i);
        for (unsigned int i = 1; i <= wanted_.count; i++)
            through_library += library_agrees(wanted_.count + i);
        std::printf("%s, %s: %u raw of %u, %u through the library of %u, %u drawn anew, seed %llu\n",
                    running_.name.c_str(), as_.name, raw, wanted_.count, through_library, wanted_.count,
                    drawn_anew_, static_cast<unsigned long long>(wanted_.seed));
        return raw == wanted_.count && through_library == wanted_.count;
    }

private:
    verdict decide_on(const request &req)
    {
        return decide(running_.number, surroundings_, bytes_of(req), req.size);
    }

    // The bytes the kernel reads: a size that ends within a member covers some bytes of it.
    static map_create_attr read_by_kernel(const request &req)
    {
        map_create_attr attr;
        std::memset(&attr, 0, sizeof(attr));
        std::memcpy(&attr, bytes_of(req), std::min<size_t>(req.size, map_create_attr_size));
        return attr;
    }

    // True if creating the map, even in part, might take more memory or time than the test may use. The
    // kernel allocates no more at once than the machine has; a map that is not a single allocation begins
    // with 8 bytes or more an entry.
    bool is_too_dear(const request &req, const verdict &ours) const
    {
        using namespace map_type;
        const map_create_attr attr = read_by_kernel(req);
        const uint32_t type = attr.map_type;
        const uint64_t entries = attr.max_entries;
        const type_set bit_by_bit = percpu_hashes | types_of(percpu_array, ringbuf, user_ringbuf);
        const bool single =
            has(types_of(array, queue, stack, bloom_filter), type) && ours.why == rule::memory;
        if (ours.why == rule::memory || is_at_risk(attr))
            return has(bit_by_bit, type) || (single ? ours.numbers[0] : 8 * entries) < 2 * running_.memory;
        return has(percpu_hashes | types_of(percpu_array), type) && entries > percpu_entries_bound &&
               !(attr.map_flags & BAREBPF_F_NO_PREALLOC);
    }

    // True if a machine that is no guest booted for the test might run out of memory, should the rules be
    // wrong.
    bool is_at_risk(const map_create_attr &attr) const
    {
        const uint64_t entry = uint64_t{attr.key_size} + attr.value_size + 128;
        return running_.memory > memory_of_a_guest && attr.max_entries > memory_of_a_guest / entry;
    }

    // Repeats the request while it is refused for memory that closed maps still hold.
    template <typename T> answer ask(const verdict &ours, int least, T once)
    {
        for (int tries = 0;; tries++) {
            errno = 0;
            const int result = once();
            const int error = errno;
            if (result >= 0) {
                close(result);
                return {0, result < least || error};
            }
            if (error == ENOMEM && ours.error != ENOMEM && tries < 50) {
                usleep(20000);
                continue;
            }
            return {error, result != -error};
        }
    }

    bool raw_agrees(unsigned int number)
    {
        request req = requests_.next();
        verdict ours = decide_on(req);
        for (; is_too_dear(req, ours); ours = decide_on(req), drawn_anew_++)
            req = requests_.next();
        const answer kernels = ask(ours, 0, [&] {
            const long made = syscall(SYS_bpf, 0, bytes_of(req), req.size);
            return made < 0 ? -errno : static_cast<int>(made);
        });
        return agree(kernels, ours, req, number, "raw");
    }

    bool library_agrees(unsigned int number)
    {
        for (;; drawn_anew_++) {
            const request req = requests_.next();
            const library_call call = random_call(requests_.numbers(), req);
            request passed{{}, map_create_attr_size, -1};
            verdict ours{};
            if (expected_attr(req, call, &passed.attr, &ours.error)) {
                ours = decide_on(passed);
                if (is_too_dear(passed, ours))
                    continue;
            }
            constexpr int above_stdio = 3;
            const answer librarys = ask(ours, above_stdio, [&] { return ask_library(req, call); });
            return agree(librarys, ours, passed, number, words_of(call));
        }
    }

    bool agree(const answer &given, const verdict &ours, const request &req, unsigned int number,
               const std::string &how)
    {
        if (given.error == ours.error && !given.odd)
            return true;
        constexpr unsigned int most_shown = 20;
        if (shown_++ >= most_shown)
            return false;
        char why[256] = "the library's own";
        if (ours.why != rule::none || !ours.error)
            explain(ours, why, sizeof(why));
        std::printf("%s, %s, %s:\n  %s\n  %s\n  answered %d%s, we say %d (%s: %s)\n", running_.name.c_str(),
                    as_.name, how.c_str(), words_of(req).c_str(), row_of(req, number).c_str(), given.error,
                    given.odd ? " in an odd way" : "", ours.error, name_of(ours.why), why);
        return false;
    }

    const kernel &running_;
    const caller &as_;
    const stream &wanted_;
    environment surroundings_;
    random_requests requests_;
    unsigned int drawn_anew_ = 0;
    unsigned int shown_ = 0;
};

} // namespace

bool requests_agree(const kernel &running, const open_objects &open, const caller &as, const stream &wanted)
{
    return session(running, open, as, wanted).run();
}

} // namespace barebpf::test
