// SPDX-License-Identifier: BSD-2-Clause
#include "random_calls.h"
#include "test/numbers.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <new>
#include <sys/mman.h>

namespace barebpf::parity
{
namespace
{

constexpr size_t page = 4096;
constexpr size_t writable = 4 * page;
constexpr size_t top_bit = SIZE_MAX / 2 + 1;

// Where bpf_log_opts really ends, before its padding.
constexpr size_t log_end = offsetof(bpf_log_opts, true_size) + sizeof(bpf_log_opts::true_size);

size_t whole_words(size_t bytes)
{
    return (bytes + sizeof(size_t) - 1) / sizeof(size_t) * sizeof(size_t);
}

} // namespace

guarded_memory::guarded_memory()
{
    void *start = mmap(nullptr, writable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED)
        throw std::bad_alloc();
    end = static_cast<unsigned char *>(start) + writable;
    mprotect(end, page, PROT_NONE);
}

guarded_memory::~guarded_memory()
{
    munmap(end - writable, writable + page);
}

uint32_t random_calls::value()
{
    const uint32_t interesting[] = {0, 1, UINT32_MAX, static_cast<uint32_t>(random())};
    return interesting[below(std::size(interesting))];
}

long random_calls::refusal()
{
    const long special[] = {1, test::enotsupp, 4095};
    return one_in(4) ? -special[below(std::size(special))] : -1 - static_cast<long>(below(133));
}

kernel random_calls::next_kernel()
{
    kernel next;
    const long answers[] = {static_cast<long>(below(3)), 3 + static_cast<long>(below(1000)), refusal()};
    next.map_create = answers[below(std::size(answers))];
    const long with_log[] = {next.map_create, -EINVAL, -ENOSPC, -EFAULT};
    next.map_create_with_log = with_log[below(std::size(with_log))];
    next.log_true_size = value();
    next.duplicate = one_in(3) ? refusal() : 3 + static_cast<long>(below(1000));
    next.close = one_in(3) ? refusal() : 0;
    return next;
}

call random_calls::next_call()
{
    call next{};
    next.map_type = one_in(4) ? value() : static_cast<uint32_t>(below(41));
    next.name = name();
    next.key_size = value();
    next.value_size = value();
    next.max_entries = value();
    next.opts = opts();
    return next;
}

// Up to 64 bytes of any value. One that fills the kernel's field need not even end: nothing of its end may be
// read.
const char *random_calls::name()
{
    if (one_in(8))
        return nullptr;
    const size_t length = one_in(2) ? below(17) : below(65);
    const bool ends = length < 15 || one_in(2);
    unsigned char *bytes = name_memory.last(length + ends);
    for (size_t i = 0; i < length; i++)
        bytes[i] = static_cast<unsigned char>(one_in(64) ? 0 : 1 + below(255));
    if (ends)
        bytes[length] = 0;
    return reinterpret_cast<const char *>(bytes);
}

size_t random_calls::opts_sz()
{
    const size_t released[] = {48, 56, 72, 80};
    const size_t around_a_page[] = {page - 8, page - 1, page, page + 1, page + 8, 2 * page, 3 * page};
    const size_t with_top_bit[] = {top_bit + page, SIZE_MAX - 7, SIZE_MAX};
    switch (below(20)) {
    case 0:
        return around_a_page[below(std::size(around_a_page))];
    case 1:
        return with_top_bit[below(std::size(with_top_bit))];
    default:
        return one_in(2) ? released[below(std::size(released))] : below(129);
    }
}

// How much of its opts a caller cares to set.
size_t random_calls::cut()
{
    const size_t whole_releases[] = {48, 48, 56, 72, 80, 8 + below(121)};
    return whole_releases[below(std::size(whole_releases))];
}

// Interesting members up to a cut, zero beyond it but for a stray byte now and then.
void random_calls::fill(unsigned char *bytes, size_t size)
{
    std::memset(bytes, 0, size);
    const size_t end = std::min(size, cut());
    for (size_t i = 0; i < end; i += sizeof(uint32_t)) {
        const uint32_t word = value();
        std::memcpy(bytes + i, &word, std::min(sizeof(word), end - i));
    }
    if (size > 8 && one_in(8))
        bytes[8 + below(size - 8)] = static_cast<unsigned char>(1 + below(255));
}

// Opts of any sz. What lies behind them is not zero, and as often as not cannot even be read.
const void *random_calls::opts()
{
    if (one_in(16))
        return nullptr;
    const size_t sz = opts_sz();
    const size_t size = std::max(sizeof(sz), sz < top_bit ? sz : sizeof(bpf_map_create_opts));
    const size_t room = whole_words(size) + (one_in(2) ? 128 : 0);
    unsigned char *bytes = opts_memory.last(room);
    fill(bytes, size);
    std::memset(bytes + size, 0xff, room - size);
    std::memcpy(bytes, &sz, sizeof(sz));
    bpf_log_opts *log_opts = log();
    if (size >= offsetof(bpf_map_create_opts, log_opts) + sizeof(log_opts))
        std::memcpy(bytes + offsetof(bpf_map_create_opts, log_opts), &log_opts, sizeof(log_opts));
    return bytes;
}

bpf_log_opts *random_calls::log()
{
    if (one_in(2))
        return nullptr;
    const size_t sizes[] = {
        offsetof(bpf_log_opts, true_size), log_end, sizeof(bpf_log_opts), below(129), page + 8, SIZE_MAX};
    const size_t sz = one_in(4) ? sizes[below(std::size(sizes))] : sizeof(bpf_log_opts);
    const size_t size = std::max(sizeof(sz), sz < top_bit ? sz : sizeof(bpf_log_opts));
    unsigned char *bytes = log_memory.last(whole_words(size));
    fill(bytes, size);
    if (!one_in(4))
        std::fill(bytes + std::min(size, log_end), bytes + size, 0);
    std::memcpy(bytes, &sz, sizeof(sz));
    return reinterpret_cast<bpf_log_opts *>(bytes);
}

} // namespace barebpf::parity
