// SPDX-License-Identifier: BSD-2-Clause
// live [--seed N] [--count N]
//
// Puts requests to the running kernel that break one thing each, by construction, and has every refusal
// explained: the cause must be the one that was made, and what is said to be accepted must be.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <set>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "barebpf/explain.h"
#include "broken.h"
#include "memory.h"
#include "test/tally.h"

namespace barebpf::test
{
namespace
{

constexpr uint32_t every_call = 40;

struct options {
    uint64_t seed;
    unsigned int count;
};

struct counts {
    unsigned int named, proved, predicted, unknown, wrong, tried, refused, too_large, calls;
};

int ask_kernel(const map_create_attr &attr)
{
    const long made = syscall(SYS_bpf, 0, &attr, map_create_attr_size);
    if (made < 0)
        return errno;
    close(static_cast<int>(made));
    return 0;
}

unsigned int open_descriptors()
{
    unsigned int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (directory && readdir(directory))
        count++;
    if (directory)
        closedir(directory);
    return count;
}

uint64_t soft_memlock()
{
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    return limit.rlim_cur;
}

// The request with what would be accepted, as the public header says it is meant.
bool apply(map_create_attr *attr, const barebpf_explanation &explanation)
{
    char *bytes = reinterpret_cast<char *>(attr);
    if (explanation.member == BAREBPF_NO_MEMBER)
        return false;
    const attr_field &its = attr_fields[explanation.member];
    switch (explanation.accepts) {
    case BAREBPF_ACCEPTS_NUMBER:
    case BAREBPF_ACCEPTS_EITHER:
    case BAREBPF_ACCEPTS_RANGE:
    case BAREBPF_ACCEPTS_MULTIPLE:
    case BAREBPF_ACCEPTS_POWER_OF_TWO:
    case BAREBPF_ACCEPTS_FLAGS:
    case BAREBPF_ACCEPTS_FLAGS_NEEDED:
        std::memcpy(bytes + its.offset, &explanation.value, its.size);
        return true;
    case BAREBPF_ACCEPTS_ABSENT:
        std::memset(bytes + its.offset, 0, its.size);
        return true;
    default:
        return false;
    }
}

void drop_companions(map_create_attr *attr, const std::string &member)
{
    if (member == "map_token_fd")
        attr->map_flags &= ~static_cast<uint32_t>(BAREBPF_F_TOKEN_FD);
    if (member == "numa_node" && !attr->numa_node)
        attr->map_flags &= ~static_cast<uint32_t>(BAREBPF_F_NUMA_NODE);
    if (member.starts_with("excl_prog_hash"))
        attr->excl_prog_hash = attr->excl_prog_hash_size = 0;
    if (member.starts_with("btf_") && member != "btf_vmlinux_value_type_id")
        attr->btf_fd = attr->btf_key_type_id = attr->btf_value_type_id = 0;
}

uint64_t memory_of_map(const map_create_attr &attr)
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = attr.map_type;
    spec.key_size = attr.key_size;
    spec.value_size = attr.value_size;
    spec.max_entries = attr.max_entries;
    spec.map_flags = attr.map_flags;
    uint64_t bytes = 0;
    barebpf_map_memory(&spec, nullptr, &bytes);
    return bytes;
}

class examination
{
public:
    examination(const kernel &running, const options &wanted)
        : running_(running), open_(open_everything(running)), requests_(wanted.seed, running_, open_)
    {
    }

    // Whether all went well with `count` requests.
    bool run(unsigned int count)
    {
        for (unsigned int done = 0; done < count;)
            done += examine(requests_.next());
        std::printf(
            "%s: %u requests that break one thing: %u named (%u proved, %u predicted), %u unknown, %u "
            "wrong; of the values said to be accepted %u were tried, %u refused, %u too large to try; "
            "%.1f calls each\n",
            running_.name.c_str(), count, all_.named, all_.proved, all_.predicted, all_.unknown, all_.wrong,
            all_.tried, all_.refused, all_.too_large, 1.0 * all_.calls / count);
        return !all_.wrong && !all_.refused && !left_behind_ && 100 * all_.named >= 99 * count;
    }

private:
    // Whether the request was of use: the kernel takes it until it is broken, and then refuses it.
    bool examine(const broken_request &broken)
    {
        if (ask_kernel(broken.whole) != 0)
            return false;
        const int error = ask_kernel(broken.attr);
        if (!error)
            return false;
        const unsigned int descriptors = open_descriptors();
        const uint64_t limit = soft_memlock();
        explain(broken, error);
        if (descriptors != open_descriptors() || limit != soft_memlock()) {
            left_behind_ = true;
            std::printf("%s: something was left behind\n", broken.words.c_str());
        }
        return true;
    }

    void explain(const broken_request &broken, int error)
    {
        static char text[400], remedy[400], scratch[1 << 16];
        barebpf_explain_opts opts{};
        opts.sz = sizeof(opts);
        opts.calls = every_call;
        opts.scratch = scratch;
        opts.scratch_size = sizeof(scratch);
        barebpf_explanation explanation{};
        explanation.sz = sizeof(explanation);
        explanation.text = text;
        explanation.text_size = sizeof(text);
        explanation.remedy = remedy;
        explanation.remedy_size = sizeof(remedy);
        const int result =
            barebpf_explain_attr(&broken.attr, map_create_attr_size, error, &opts, &explanation);
        judge(broken, result, explanation);
        try_accepted(broken, explanation);
    }

    void judge(const broken_request &broken, int result, const barebpf_explanation &explanation)
    {
        const std::string cause = barebpf_cause_name(explanation.cause);
        const bool named = result == 0 && broken.causes.contains(cause);
        const bool silent =
            explanation.cause == BAREBPF_CAUSE_UNKNOWN || explanation.cause == BAREBPF_CAUSE_REFUSED_MEMBER;
        all_.named += named;
        all_.proved += named && explanation.confidence >= BAREBPF_SURE_PROVED;
        all_.predicted += named && explanation.confidence == BAREBPF_SURE_PREDICTED;
        all_.unknown += !named && silent;
        all_.wrong += (!named && !silent) || explanation.calls > every_call;
        all_.calls += explanation.calls;
        if (!named)
            std::printf("%s: %s: %s, %s: %s; try %s\n", running_.name.c_str(), broken.words.c_str(),
                        cause.c_str(), barebpf_confidence_name(explanation.confidence), explanation.text,
                        explanation.remedy);
    }

    void try_accepted(const broken_request &broken, const barebpf_explanation &explanation)
    {
        constexpr uint64_t most = 32 << 20;
        map_create_attr changed = broken.attr;
        if (!apply(&changed, explanation))
            return;
        if (explanation.accepts == BAREBPF_ACCEPTS_ABSENT)
            drop_companions(&changed, barebpf_map_field_name(explanation.member));
        if (memory_of_map(changed) > most) {
            all_.too_large++;
            return;
        }
        all_.tried++;
        const int error = ask_kernel(changed);
        if (!error || broken.needs_what_is_dropped)
            return;
        all_.refused++;
        std::printf("%s: %s: with what is said to be accepted it is %s: %s\n", running_.name.c_str(),
                    broken.words.c_str(), barebpf_errno_name(error), explanation.remedy);
    }

    const kernel &running_;
    const open_objects open_;
    broken_requests requests_;
    counts all_{};
    bool left_behind_ = false;
};

uint64_t seed_of_now()
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<uint64_t>(now.tv_nsec) / 1000;
}

options read_options(int count, char **words)
{
    options given = {seed_of_now(), 500};
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string word = words[i];
        if (word == "--seed")
            given.seed = std::stoull(words[i + 1]);
        else if (word == "--count")
            given.count = static_cast<unsigned int>(std::stoul(words[i + 1]));
        else
            throw std::runtime_error(word + ": no such option");
    }
    return given;
}

int run(const options &given)
{
    const rlimit unlimited_memory = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_MEMLOCK, &unlimited_memory);
    std::printf("seed %llu\n", static_cast<unsigned long long>(given.seed));
    const kernel running = running_kernel(0);
    tally checks;
    checks.count(examination(running, given).run(given.count));
    if (running.number >= release_of(6, 1)) {
        checks.count(memory_agrees(running));
    } else {
        checks.skipped++;
        std::printf("skipped: the memory of maps: %s is older than 6.1, whose fdinfo has it\n",
                    running.name.c_str());
    }
    return checks.end();
}

} // namespace
} // namespace barebpf::test

int main(int count, char **words)
{
    try {
        return barebpf::test::run(barebpf::test::read_options(count, words));
    } catch (const std::exception &error) {
        std::fprintf(stderr, "live: %s\n", error.what());
        return 2;
    }
}
