// SPDX-License-Identifier: BSD-2-Clause
#include <asm/resource.h>

#include "barebpf/bpf.h"
#include "lib/core/errno.h"
#include "lib/core/known.h"
#include "lib/core/mem.h"
#include "lib/core/sys.h"
#include "process.h"
#include "test/numbers.h"

namespace
{

struct system_call {
    long nr;
    long arguments[5];
    unsigned char attr[96]; // what a bpf(2) pointed at
};

// The scripted kernel: gives its answers in turn and records the system calls.
struct scripted_kernel {
    long answers[3];
    system_call calls[3];
    long count;
} kernel;

void script(long first, long second = -EIO, long third = -EIO)
{
    barebpf::clear(&kernel);
    kernel.answers[0] = first;
    kernel.answers[1] = second;
    kernel.answers[2] = third;
}

// The sizes libbpf has released the opts with on this ABI: 0.6, 1.4, 1.7 and what becomes 1.8.
struct u64_after_u32 {
    uint32_t first;
    uint64_t second;
};
constexpr bool lp64 = sizeof(long) == 8;
constexpr bool packs_u64 = sizeof(u64_after_u32) == 12; // i386
constexpr uint32_t layouts[] = {packs_u64 ? 44 : 48, packs_u64 ? 52 : 56,
                                lp64        ? 72
                                : packs_u64 ? 60
                                            : 64,
                                lp64        ? 80
                                : packs_u64 ? 64
                                            : 72};
static_assert(sizeof(bpf_map_create_opts) == layouts[3]);

// Where the kernel reads each option that create() sets, and the first layout that has it.
constexpr struct {
    unsigned int offset;
    unsigned int size;
    uint64_t value;
    unsigned int layout;
} fields[] = {
    {0, 4, 13, 0},          {4, 4, 0x05060708, 0},  {8, 4, 0x090a0b0c, 0},  {12, 4, 0x0d0e0f10, 0},
    {16, 4, 0x11121314, 0}, {20, 4, 0x15161718, 0}, {24, 4, 0x191a1b1c, 0}, {28, 1, 'l', 0},
    {29, 1, 'o', 0},        {30, 1, 'n', 0},        {31, 1, 'g', 0},        {32, 1, 'e', 0},
    {33, 1, 'r', 0},        {34, 1, '_', 0},        {35, 1, 't', 0},        {36, 1, 'h', 0},
    {37, 1, 'a', 0},        {38, 1, 'n', 0},        {39, 1, '_', 0},        {40, 1, '1', 0},
    {41, 1, '5', 0},        {42, 1, '_', 0},        {44, 4, 0x1d1e1f20, 0}, {48, 4, 0x21222324, 0},
    {52, 4, 0x25262728, 0}, {56, 4, 0x292a2b2c, 0}, {60, 4, 0x2d2e2f30, 0}, {64, 8, 0x3132333435363738, 0},
    {72, 4, 0x393a3b3c, 1}, {76, 4, 0x3d3e3f40, 1}, {80, 8, 0x81828384, 2}, {88, 4, 0x41424344, 2},
};

void fill(bpf_map_create_opts *opts)
{
    barebpf::clear(opts);
    opts->sz = sizeof(*opts);
    opts->map_flags = 0x11121314;
    opts->inner_map_fd = 0x15161718;
    opts->numa_node = 0x191a1b1c;
    opts->map_ifindex = 0x1d1e1f20;
    opts->btf_fd = 0x21222324;
    opts->btf_key_type_id = 0x25262728;
    opts->btf_value_type_id = 0x292a2b2c;
    opts->btf_vmlinux_value_type_id = 0x2d2e2f30;
    opts->map_extra = 0x3132333435363738;
    opts->value_type_btf_obj_fd = 0x393a3b3c;
    opts->token_fd = 0x3d3e3f40;
    opts->excl_prog_hash = reinterpret_cast<const void *>(0x81828384ul);
    opts->excl_prog_hash_size = 0x41424344;
}

int create(const bpf_map_create_opts *opts)
{
    return bpf_map_create(BPF_MAP_TYPE_HASH_OF_MAPS, "longer_than_15_bytes", 0x05060708, 0x090a0b0c,
                          0x0d0e0f10, opts);
}

// The expected byte `at` of the attr if the caller's opts have this layout.
unsigned char expected(unsigned int at, unsigned int layout)
{
    for (const auto &field : fields) {
        const unsigned int byte = at - field.offset;
        if (at < field.offset || byte >= field.size || field.layout > layout)
            continue;
        const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
        uint64_t value = field.value;
        for (unsigned int left = little ? byte : field.size - 1 - byte; left; left--)
            value >>= 8; // by 8 at a time: for more, some 32-bit compilers call a function
        return static_cast<unsigned char>(value);
    }
    return 0;
}

void check_bytes()
{
    bpf_map_create_opts opts;
    for (unsigned int layout = 0; layout < 4; layout++) {
        fill(&opts);
        opts.sz = layouts[layout];
        script(9);
        check(create(&opts) == 9 && kernel.count == 1, "bytes: one call makes a map");
        const system_call &made = kernel.calls[0];
        check(made.nr == __NR_bpf && made.arguments[0] == 0, "bytes: the call is BPF_MAP_CREATE");
        check(made.arguments[2] == barebpf::test::attr_size, "bytes: the attr is 92 bytes");
        for (unsigned int at = 0; at < sizeof(made.attr); at++)
            check(made.attr[at] == expected(at, layout),
                  "bytes: each member is where the kernel looks for it");
    }
}

// The result for zeroed opts of this sz whose byte `set`, if any, is not zero.
int create_sized(size_t sz, size_t set = 0)
{
    union {
        bpf_map_create_opts opts;
        unsigned char bytes[4104];
    } given;
    barebpf::clear(&given);
    given.bytes[set] = set ? 1 : 0;
    given.opts.sz = sz;
    script(9);
    return create(&given.opts);
}

void check_sz()
{
    for (const uint32_t layout : layouts)
        check(create_sized(layout) == 9, "bytes: opts of every released size are served");
    check(create_sized(sizeof(size_t)) == 9, "bytes: opts of nothing but sz are served");
    check(create_sized(sizeof(size_t) - 1) == -EINVAL && kernel.count == 0,
          "bytes: sz without room for sz is refused");
    check(create_sized(0) == -EINVAL && kernel.count == 0, "bytes: sz 0 is refused");
    check(create_sized(4096) == 9, "bytes: a page of opts is served");
    check(create_sized(4097) == -EINVAL && kernel.count == 0, "bytes: more than a page of opts is refused");

    constexpr size_t end = offsetof(bpf_map_create_opts, log_opts) + sizeof(void *);
    check(create_sized(end + 8) == 9, "bytes: a zero tail is served");
    check(create_sized(end + 8, end) == -EINVAL && kernel.count == 0,
          "bytes: a set byte behind the last member is refused");
    check(create_sized(end, end) == 9, "bytes: what sz does not cover is not read");
    check(create_sized(layouts[0] - 1, layouts[0] - 4) == 9 && kernel.calls[0].attr[44] == 0,
          "bytes: half a member counts as none");
}

void check_descriptors()
{
    for (int fd = 0; fd < 3; fd++) {
        script(fd, 7, 0);
        check(create(nullptr) == 7 && kernel.count == 3, "bytes: a standard descriptor is moved");
        const long *moved = kernel.calls[1].arguments;
        check(moved[0] == fd && moved[1] == 1030 && moved[2] == 3, "bytes: F_DUPFD_CLOEXEC, from 3 on");
        check(kernel.calls[2].nr == __NR_close && kernel.calls[2].arguments[0] == fd,
              "bytes: the old one is closed");
        script(fd, -EMFILE, 0);
        check(create(nullptr) == -EMFILE && kernel.count == 3, "bytes: it is closed when it cannot be moved");
    }
    script(-ENOMEM);
    check(create(nullptr) == -ENOMEM && kernel.count == 1, "bytes: an error is handed on");
}

void check_fallback()
{
    script(-EPERM, -EPERM);
    check(create(nullptr) == -EPERM && kernel.count == 2, "bytes: after EPERM the limit is read");
    check(kernel.calls[1].nr == __NR_prlimit64 && kernel.calls[1].arguments[1] == RLIMIT_MEMLOCK,
          "bytes: of locked memory");
    barebpf::learned.names.learn(barebpf::known::unknown);
    script(-EINVAL, 7);
    check(create(nullptr) == 7 && kernel.count == 2, "bytes: after EINVAL the map is made without its name");
    check(kernel.calls[0].attr[28] && !kernel.calls[1].attr[28], "bytes: only the name is gone");
}

} // namespace

long barebpf::arch::call(long nr, long a, long b, long c, long d, long e)
{
    check(kernel.count < 3, "bytes: no system call is unexpected");
    system_call &call = kernel.calls[kernel.count];
    call.nr = nr;
    const long arguments[] = {a, b, c, d, e};
    for (int i = 0; i < 5; i++)
        call.arguments[i] = barebpf::hidden(arguments)[i];
    if (nr == __NR_bpf) {
        check(c <= long{sizeof(call.attr)}, "bytes: the attr is no longer than it says");
        barebpf::copy(call.attr, reinterpret_cast<const void *>(b), static_cast<size_t>(c));
    }
    return kernel.answers[kernel.count++];
}

int run()
{
    check_bytes();
    check_sz();
    check_descriptors();
    check_fallback();
    return 0;
}
