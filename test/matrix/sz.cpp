// SPDX-License-Identifier: BSD-2-Clause
//
// The sz contract of struct bpf_map_create_opts, exhaustively: every layout ever released, every sz, a set
// byte at every offset within it and just past it. The expected results are computed here from the released
// layouts alone. Plain C library only, so that it runs under qemu-user for architectures that have no test
// framework.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "layouts.h"
#include "lib/core/sys.h"
#include "test/numbers.h"
#include "test/tally.h"

using namespace barebpf::test;

namespace
{

constexpr size_t largest_sz = 4200;
constexpr size_t hash_attr = 80; // where a pointer becomes a 64-bit number
alignas(8) unsigned char caller[largest_sz + 16];

struct {
    int calls;
    bool logged;
    unsigned char attr[attr_size];
} kernel;

unsigned long long combinations, wrong;

// The attr that an accepted caller must produce.
void expect(unsigned char (&attr)[attr_size], size_t sz)
{
    std::memset(attr, 0, sizeof(attr));
    const uint32_t arguments[] = {BPF_MAP_TYPE_ARRAY, 4, 4, 1};
    std::memcpy(attr, arguments, sizeof(arguments));
    for (const member &member : members) {
        const size_t offset = member.offset[here];
        if (offset + member.size > sz)
            continue;
        if (member.attr != hash_attr) {
            std::memcpy(attr + member.attr, caller + offset, member.size);
        } else {
            uintptr_t address;
            std::memcpy(&address, caller + offset, sizeof(address));
            const uint64_t widened = address;
            std::memcpy(attr + member.attr, &widened, sizeof(widened));
        }
    }
}

// `dirty` is the only set byte beyond the members, if it is there.
bool must_refuse(size_t sz, size_t dirty)
{
    return sz < sizeof(size_t) || sz > 4096 || (dirty >= known_end[here] && dirty < sz);
}

// One combination: the caller's bytes as they stand, with this sz.
void run(size_t layout, size_t sz, size_t dirty)
{
    std::memcpy(caller, &sz, sizeof(sz));
    kernel.calls = 0;
    kernel.logged = false;
    const int result = bpf_map_create(BPF_MAP_TYPE_ARRAY, nullptr, 4, 4, 1,
                                      reinterpret_cast<const bpf_map_create_opts *>(caller));
    combinations++;
    bool right;
    if (must_refuse(sz, dirty)) {
        right = result == -EINVAL && kernel.calls == 0;
    } else {
        unsigned char expected[attr_size];
        expect(expected, sz);
        uintptr_t log = 0;
        if (log_opts_offset[here] + pointer <= sz)
            std::memcpy(&log, caller + log_opts_offset[here], sizeof(log));
        right = result == 3 && kernel.calls == 1 && kernel.logged == (log != 0) &&
                std::memcmp(kernel.attr, expected, sizeof(expected)) == 0;
    }
    if (!right && wrong++ < 20)
        std::printf("wrong: layout %zu, sz %zu, set byte at %zu: result %d, %d calls\n", layout, sz, dirty,
                    result, kernel.calls);
}

// The caller of one layout: each member it knows has a value of its own, all else is zero. Its log_opts, if
// it knows it, is NULL.
void fill(size_t layout)
{
    std::memset(caller, 0, sizeof(caller));
    for (size_t i = sizeof(size_t); i < layout && i < log_opts_offset[here]; i++)
        caller[i] = static_cast<unsigned char>(0x80 + i);
    if (here == lp64 && layout >= 72) // padding between members, which no caller has to clear
        std::memset(caller + 68, layout == 72 ? 0xee : 0, 4);
}

// A log_opts that sz covers is a pointer, so a single set byte in it would be garbage: there, a whole pointer
// is set.
bool set_log(size_t sz, size_t offset, bpf_log_opts *log)
{
    const size_t start = log_opts_offset[here];
    if (offset < start || offset >= start + pointer || sz < start + pointer)
        return false;
    std::memcpy(caller + start, &log, sizeof(log));
    return true;
}

void run_layout(size_t layout, size_t sz)
{
    bpf_log_opts log;
    std::memset(&log, 0, sizeof(log));
    log.sz = sizeof(log);
    unsigned char saved[pointer];
    fill(layout);
    run(layout, sz, SIZE_MAX);
    const size_t last = sz > largest_sz ? largest_sz : sz;
    for (size_t offset = sizeof(size_t); offset <= last; offset++) {
        const unsigned char before = caller[offset];
        std::memcpy(saved, caller + log_opts_offset[here], pointer);
        if (!set_log(sz, offset, &log))
            caller[offset] ^= 0x5a;
        run(layout, sz, offset);
        std::memcpy(caller + log_opts_offset[here], saved, pointer);
        caller[offset] = before;
    }
}

} // namespace

namespace barebpf::arch
{

long call(long nr, long command, long attr, long size, long, long)
{
    kernel.calls++;
    kernel.logged = command != BPF_MAP_CREATE;
    if (nr != __NR_bpf || size != sizeof(kernel.attr))
        return -ENOSYS;
    std::memcpy(kernel.attr, reinterpret_cast<const void *>(attr), sizeof(kernel.attr));
    return 3;
}

} // namespace barebpf::arch

int main()
{
    for (const size_t layout : layouts[here]) {
        for (size_t sz = 0; sz <= largest_sz; sz++)
            run_layout(layout, sz);
        run_layout(layout, SIZE_MAX);
    }
    std::printf("sz matrix, %s, %s-endian: %llu combinations, %llu wrong\n", abi_names[here],
                __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "little" : "big", combinations, wrong);
    tally checks;
    checks.count(wrong == 0);
    return checks.end();
}
