// SPDX-License-Identifier: BSD-2-Clause
//
// The sz contract of struct bpf_map_create_opts, exhaustively: every layout ever released, every sz, a set
// byte at every offset within it and just past it. What must come out is computed here from the released
// layouts alone. Plain C library only, so that it runs under qemu-user for architectures that have no test
// framework.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "barebpf/bpf.h"
#include "lib/sys.h"

namespace
{

// The ABI this program was compiled for: a column of the layouts.
enum abi {
    lp64,
    i386,  // 64-bit integers aligned to 4 bytes
    ilp32, // 64-bit integers aligned to 8 bytes
};
constexpr abi here = sizeof(void *) == 8 ? lp64 : alignof(bpf_map_create_opts) == 4 ? i386 : ilp32;
constexpr const char *abi_names[] = {"LP64", "i386", "ILP32"};

// A member of the options: its size where pointers have 8 and 4 bytes, its offset in each ABI, its place in
// the kernel's attr (the token's and the hash pointer's are the only ones that differ in name).
struct member {
    const char *name;
    size_t size;
    size_t offset[3];
    size_t attr;
};
constexpr size_t pointer = sizeof(void *);
constexpr member members[] = {
    {"btf_fd", 4, {8, 4, 4}, 48},
    {"btf_key_type_id", 4, {12, 8, 8}, 52},
    {"btf_value_type_id", 4, {16, 12, 12}, 56},
    {"btf_vmlinux_value_type_id", 4, {20, 16, 16}, 60},
    {"inner_map_fd", 4, {24, 20, 20}, 20},
    {"map_flags", 4, {28, 24, 24}, 16},
    {"map_extra", 8, {32, 28, 32}, 64},
    {"numa_node", 4, {40, 36, 40}, 24},
    {"map_ifindex", 4, {44, 40, 44}, 44},
    {"value_type_btf_obj_fd", 4, {48, 44, 48}, 72},
    {"token_fd", 4, {52, 48, 52}, 76},
    {"excl_prog_hash", pointer, {56, 52, 56}, 80},
    {"excl_prog_hash_size", 4, {64, 56, 60}, 88},
};
constexpr size_t log_opts_offset[] = {72, 60, 64};
constexpr size_t known_end[] = {80, 64, 68};
constexpr size_t layouts[][4] = {{48, 56, 72, 80}, {44, 52, 60, 64}, {48, 56, 64, 72}};
static_assert(sizeof(bpf_map_create_opts) == layouts[here][3]);

constexpr size_t largest_sz = 4200;
alignas(8) unsigned char caller[largest_sz + 16];

struct {
    int calls;
    bool logged;
    unsigned char attr[92];
} asked;

unsigned long long combinations, wrong;

// The attr a served caller must produce.
void expect(unsigned char (&attr)[92], size_t sz)
{
    std::memset(attr, 0, sizeof(attr));
    const uint32_t arguments[] = {BPF_MAP_TYPE_ARRAY, 4, 4, 1};
    std::memcpy(attr, arguments, sizeof(arguments));
    for (const member &member : members) {
        const size_t offset = member.offset[here];
        if (offset + member.size > sz)
            continue;
        if (member.size == 4 || member.attr == 64) {
            std::memcpy(attr + member.attr, caller + offset, member.size);
        } else {
            uintptr_t address;
            std::memcpy(&address, caller + offset, sizeof(address));
            const uint64_t widened = address;
            std::memcpy(attr + member.attr, &widened, sizeof(widened));
        }
    }
}

bool must_refuse(size_t sz)
{
    if (sz < sizeof(size_t) || sz > 4096)
        return true;
    static const unsigned char zeros[4096] = {};
    return sz > known_end[here] && std::memcmp(caller + known_end[here], zeros, sz - known_end[here]) != 0;
}

// One combination: the caller's bytes as they stand, with this sz. `dirty` only names it.
void run(size_t layout, size_t sz, size_t dirty)
{
    std::memcpy(caller, &sz, sizeof(sz));
    asked.calls = 0;
    asked.logged = false;
    const int result = bpf_map_create(BPF_MAP_TYPE_ARRAY, nullptr, 4, 4, 1,
                                      reinterpret_cast<const bpf_map_create_opts *>(caller));
    combinations++;
    bool right;
    if (must_refuse(sz)) {
        right = result == -EINVAL && asked.calls == 0;
    } else {
        unsigned char expected[92];
        expect(expected, sz);
        uintptr_t log = 0;
        if (log_opts_offset[here] + pointer <= sz)
            std::memcpy(&log, caller + log_opts_offset[here], sizeof(log));
        right = result == 3 && asked.calls == 1 && asked.logged == (log != 0) &&
                std::memcmp(asked.attr, expected, sizeof(expected)) == 0;
    }
    if (!right && wrong++ < 20)
        std::printf("wrong: layout %zu, sz %zu, set byte at %zu: result %d, %d calls\n", layout, sz, dirty,
                    result, asked.calls);
}

// The caller of one layout: each member it knows has a value of its own, all else is zero. Its log_opts, if
// it knows it, is NULL.
void fill(size_t layout)
{
    std::memset(caller, 0, sizeof(caller));
    for (size_t i = sizeof(size_t); i < layout && i < log_opts_offset[here]; i++)
        caller[i] = static_cast<unsigned char>(0x80 + i);
    if (here == lp64 && layout >= 72) // padding between members, which no caller need care for
        std::memset(caller + 68, layout == 72 ? 0xee : 0, 4);
}

// Offsets inside a log_opts that sz covers cannot hold a byte of garbage, for it is a pointer: there, a whole
// one.
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
    asked.calls++;
    asked.logged = command != BPF_MAP_CREATE;
    if (nr != __NR_bpf || size != sizeof(asked.attr))
        return -ENOSYS;
    std::memcpy(asked.attr, reinterpret_cast<const void *>(attr), sizeof(asked.attr));
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
    std::printf("%d passed, %d failed\n", wrong == 0, wrong != 0);
    return wrong != 0;
}
