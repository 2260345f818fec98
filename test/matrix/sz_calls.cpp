// SPDX-License-Identifier: BSD-2-Clause
//
// The sz contract of every other options struct: each layout ever released, each sz up to well beyond the
// newest and around a page, a set byte at each offset within it and just past it. What must come out is
// computed here from the released layouts alone. Plain C library only, so that it runs under qemu-user for
// architectures that have no test framework.
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "layouts.h"
#include "lib/core/sys.h"
#include "test/tally.h"

using namespace barebpf::test;

namespace
{

constexpr size_t largest_sz = 4200;
constexpr size_t dense_sz = 160;
constexpr size_t most_members = 5;
constexpr uint32_t true_size = 77; // what the kernel says of its log
alignas(8) unsigned char caller[largest_sz + 16];
uint32_t count;

// A member of the options: its size (0 ends the list), its offset in each ABI, and its place in the attr.
struct option {
    size_t size;
    size_t offset[3];
    size_t attr;
};

// A function with options, called with them.
struct function {
    const char *name;
    int (*call)(const void *opts);
    long command;
    int result; // of the kernel
    size_t attr_size;
    unsigned char fixed[56]; // the attr without options
    option options[most_members + 1];
    size_t known_end[3];
    size_t layouts[3][4]; // 0 ends the list
};

template <typename T> T *given(const void *opts)
{
    return static_cast<T *>(const_cast<void *>(opts));
}

int update_batch(const void *opts)
{
    count = 3;
    return bpf_map_update_batch(9, nullptr, nullptr, &count, given<bpf_map_batch_opts>(opts));
}

int delete_batch(const void *opts)
{
    count = 3;
    return bpf_map_delete_batch(9, nullptr, &count, given<bpf_map_batch_opts>(opts));
}

int lookup_batch(const void *opts)
{
    count = 3;
    return bpf_map_lookup_batch(9, nullptr, nullptr, nullptr, nullptr, &count,
                                given<bpf_map_batch_opts>(opts));
}

int lookup_and_delete_batch(const void *opts)
{
    count = 3;
    return bpf_map_lookup_and_delete_batch(9, nullptr, nullptr, nullptr, nullptr, &count,
                                           given<bpf_map_batch_opts>(opts));
}

int pin(const void *opts)
{
    return bpf_obj_pin_opts(9, nullptr, given<struct bpf_obj_pin_opts>(opts));
}

int get(const void *opts)
{
    return bpf_obj_get_opts(nullptr, given<struct bpf_obj_get_opts>(opts));
}

int map_by_id(const void *opts)
{
    return bpf_map_get_fd_by_id_opts(9, given<bpf_get_fd_by_id_opts>(opts));
}

int btf_by_id(const void *opts)
{
    return bpf_btf_get_fd_by_id_opts(9, given<bpf_get_fd_by_id_opts>(opts));
}

int token(const void *opts)
{
    return bpf_token_create(9, given<bpf_token_create_opts>(opts));
}

int btf(const void *opts)
{
    return bpf_btf_load(nullptr, 9, given<bpf_btf_load_opts>(opts));
}

// A 32-bit number in the machine's order.
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define WORD(n) n, 0, 0, 0
#else
#define WORD(n) 0, 0, 0, n
#endif
// clang-format off: its releases differ
#define WORDS_OF_BATCH \
    { \
        WORD(0), WORD(0), WORD(0), WORD(0), WORD(0), WORD(0), WORD(0), WORD(0), WORD(3), WORD(9) \
    }
#define BATCH \
    56, WORDS_OF_BATCH, {{8, {8, 4, 8}, 40}, {8, {16, 12, 16}, 48}}, {24, 20, 24}, \
    { \
        {24}, {20}, \
        { \
            24 \
        } \
    }
// clang-format on

constexpr size_t log_buf = 8; // where a pointer becomes a 64-bit number of the attr
constexpr function functions[] = {
    {"bpf_map_update_batch", update_batch, 26, 0, BATCH},
    {"bpf_map_delete_batch", delete_batch, 27, 0, BATCH},
    {"bpf_map_lookup_batch", lookup_batch, 24, 0, BATCH},
    {"bpf_map_lookup_and_delete_batch", lookup_and_delete_batch, 25, 0, BATCH},
    {"bpf_obj_pin_opts",
     pin,
     6,
     0,
     20,
     {WORD(0), WORD(0), WORD(9)},
     {{4, {8, 4, 4}, 12}, {4, {12, 8, 8}, 16}},
     {16, 12, 12},
     {{16}, {12}, {12}}},
    {"bpf_obj_get_opts",
     get,
     7,
     5,
     20,
     {},
     {{4, {8, 4, 4}, 12}, {4, {12, 8, 8}, 16}},
     {16, 12, 12},
     {{16}, {8, 12}, {8, 12}}},
    {"bpf_map_get_fd_by_id_opts",
     map_by_id,
     14,
     5,
     12,
     {WORD(9)},
     {{4, {8, 4, 4}, 8}},
     {16, 12, 12},
     {{16}, {8, 12}, {8, 12}}},
    {"bpf_btf_get_fd_by_id_opts",
     btf_by_id,
     19,
     5,
     16,
     {WORD(9)},
     {{4, {8, 4, 4}, 8}, {4, {12, 8, 8}, 12}},
     {16, 12, 12},
     {{16}, {8, 12}, {8, 12}}},
    {"bpf_token_create",
     token,
     36,
     5,
     8,
     {WORD(0), WORD(9)},
     {{4, {8, 4, 4}, 0}},
     {12, 8, 8},
     {{16}, {8}, {8}}},
    {"bpf_btf_load",
     btf,
     18,
     5,
     40,
     {WORD(0), WORD(0), WORD(0), WORD(0), WORD(9)},
     {{pointer, {8, 4, 4}, log_buf},
      {4, {20, 12, 12}, 20},
      {4, {16, 8, 8}, 24},
      {4, {28, 20, 20}, 32},
      {4, {32, 24, 24}, 36}},
     {36, 28, 28},
     {{24, 32, 40}, {16, 20, 28}, {16, 20, 28}}},
};
#undef WORD
#undef BATCH
#undef WORDS_OF_BATCH
constexpr size_t true_size_offset[] = {24, 16, 16};

struct {
    int calls;
    int result;
    long command;
    long size;
    unsigned char attr[56];
} kernel;

unsigned long long combinations, wrong;

// Puts the options that sz covers whole into the attr.
void take_options(unsigned char *attr, const function &tried, size_t sz)
{
    for (const option *one = tried.options; one->size; one++) {
        if (one->offset[here] + one->size > sz)
            continue;
        const unsigned char *from = caller + one->offset[here];
        if (tried.call != btf || one->attr != log_buf) {
            std::memcpy(attr + one->attr, from, one->size);
            continue;
        }
        uintptr_t address;
        std::memcpy(&address, from, sizeof(address));
        const uint64_t widened = address;
        std::memcpy(attr + one->attr, &widened, sizeof(widened));
    }
}

// Of BPF_BTF_LOAD: a log needs a buffer, and without a level is left out of the first call. False when it is
// refused.
bool settle_log(unsigned char *attr)
{
    uint64_t buffer;
    uint32_t size, level;
    std::memcpy(&buffer, attr + log_buf, sizeof(buffer));
    std::memcpy(&size, attr + 20, sizeof(size));
    std::memcpy(&level, attr + 24, sizeof(level));
    if (size && !buffer)
        return false;
    if (!level) {
        std::memset(attr + log_buf, 0, sizeof(buffer));
        std::memset(attr + 20, 0, sizeof(size));
    }
    return true;
}

bool served(const function &tried, const unsigned char *expected, int result)
{
    return kernel.calls == 1 && kernel.command == tried.command &&
           kernel.size == static_cast<long>(tried.attr_size) && result == tried.result &&
           std::memcmp(kernel.attr, expected, tried.attr_size) == 0;
}

// Nothing of the caller's memory is written but the size of a log, where there is room for it.
bool is_unwritten(const function &tried, const unsigned char *before, size_t sz)
{
    unsigned char after[dense_sz];
    std::memcpy(after, before, sizeof(after));
    const size_t offset = true_size_offset[here];
    if (tried.call == btf && kernel.calls && offset + sizeof(true_size) <= sz)
        std::memcpy(after + offset, &true_size, sizeof(true_size));
    return std::memcmp(after, caller, sizeof(after)) == 0;
}

// One combination: the caller's bytes as they stand, with this sz. `dirty` is the only set byte beyond the
// members, if it is there.
void run(const function &tried, size_t layout, size_t sz, size_t dirty)
{
    std::memcpy(caller, &sz, sizeof(sz));
    unsigned char before[dense_sz];
    std::memcpy(before, caller, sizeof(before));
    kernel.calls = 0;
    kernel.result = tried.result;
    const int result = tried.call(caller);
    combinations++;
    unsigned char expected[56];
    std::memcpy(expected, tried.fixed, sizeof(expected));
    take_options(expected, tried, sz);
    const bool broken = sz < sizeof(size_t) || sz > 4096 || (dirty >= tried.known_end[here] && dirty < sz);
    const bool refused = broken || (tried.call == btf && !settle_log(expected));
    const bool right = refused ? result == -EINVAL && kernel.calls == 0 : served(tried, expected, result);
    if ((!right || !is_unwritten(tried, before, sz)) && wrong++ < 20)
        std::printf("wrong: %s, layout %zu, sz %zu, set byte at %zu: result %d, %d calls\n", tried.name,
                    layout, sz, dirty, result, kernel.calls);
    std::memcpy(caller, before, sizeof(before));
}

// The caller of one layout: each member it knows has a value of its own, all else is zero.
void fill(const function &tried, size_t layout)
{
    std::memset(caller, 0, sizeof(caller));
    for (const option *one = tried.options; one->size; one++)
        for (size_t i = 0; i < one->size && one->offset[here] + one->size <= layout; i++)
            caller[one->offset[here] + i] = static_cast<unsigned char>(0x80 + one->offset[here] + i);
}

void run_layout(const function &tried, size_t layout, size_t sz)
{
    fill(tried, layout);
    run(tried, layout, sz, SIZE_MAX);
    const size_t last = std::min(sz, largest_sz);
    for (size_t offset = sizeof(size_t); offset <= last; offset++) {
        if (offset > dense_sz && offset + 16 < last)
            continue;
        const unsigned char before = caller[offset];
        caller[offset] ^= 0x5a;
        run(tried, layout, sz, offset);
        caller[offset] = before;
    }
}

} // namespace

namespace barebpf::arch
{

long call(long nr, long command, long attr, long size, long, long)
{
    kernel.calls++;
    kernel.command = command;
    kernel.size = size;
    if (nr != __NR_bpf || size > static_cast<long>(sizeof(kernel.attr)))
        return -ENOSYS;
    std::memcpy(kernel.attr, reinterpret_cast<const void *>(attr), static_cast<size_t>(size));
    if (command == 18)
        std::memcpy(reinterpret_cast<unsigned char *>(attr) + 28, &true_size, sizeof(true_size));
    return kernel.result;
}

} // namespace barebpf::arch

int main()
{
    for (const function &tried : functions) {
        for (const size_t layout : tried.layouts[here]) {
            if (!layout)
                continue;
            for (size_t sz = 0; sz <= dense_sz; sz++)
                run_layout(tried, layout, sz);
            for (size_t sz = 4096 - 9; sz <= 4096 + 9; sz++)
                run_layout(tried, layout, sz);
            run_layout(tried, layout, SIZE_MAX / 2 + 1);
            run_layout(tried, layout, SIZE_MAX);
        }
    }
    std::printf("sz matrix of the calls, %s, %s-endian: %llu combinations, %llu wrong\n", abi_names[here],
                __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "little" : "big", combinations, wrong);
    barebpf::test::tally checks;
    checks.count(wrong == 0);
    return checks.end();
}
