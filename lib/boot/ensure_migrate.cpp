// SPDX-License-Identifier: BSD-2-Clause
#include "ensure_migrate.h"

#include "lib/calls/attr.h"
#include "lib/calls/possible_cpus.h"
#include "lib/core/errno.h"
#include "lib/core/mem.h"
#include "lib/core/sys.h"
#include "lib/explain/causes.h"
#include "lib/facts/described.h"

namespace barebpf
{
namespace
{

// One copying of all elements. The keys change places at each step.
struct passage {
    int from;
    int to;
    char *key;
    char *next;
    char *value;
};

template <sys::command which> int call_elem(int fd, const char *key, const char *value)
{
    elem_attr attr;
    attr.map_fd = static_cast<uint32_t>(fd);
    attr.padding = 0;
    attr.key = reinterpret_cast<uintptr_t>(key);
    attr.value = reinterpret_cast<uintptr_t>(value);
    attr.flags = 0;
    return sys::bpf<which>(&attr);
}

// The key after `key`, the first for nullptr. A key that is gone counts as nullptr.
int find_next(const passage &all, const char *key)
{
    next_key_attr attr;
    attr.map_fd = static_cast<uint32_t>(all.from);
    attr.padding = 0;
    attr.key = reinterpret_cast<uintptr_t>(key);
    attr.next_key = reinterpret_cast<uintptr_t>(all.next);
    return sys::bpf<sys::command::map_get_next_key>(&attr);
}

// The errors of a map that is full, or an array that ends before this index.
bool is_lack_of_room(int refused)
{
    return refused == -E2BIG || refused == -ENOSPC;
}

// Copies one element; one that is gone meanwhile is left out uncounted.
int copy_element(barebpf_ensure_report *report, const passage &all)
{
    const int found = call_elem<sys::command::map_lookup_elem>(all.from, all.key, all.value);
    if (found < 0)
        return found == -ENOENT ? 0 : found;
    const int stored = call_elem<sys::command::map_update_elem>(all.to, all.key, all.value);
    if (stored < 0 && !is_lack_of_room(stored))
        return stored;
    (stored < 0 ? report->left_out : report->copied)++;
    return 0;
}

// The walk begins anew when an element is deleted during it, so its steps are limited.
int copy_all(barebpf_ensure_report *report, passage *all, uint32_t max_entries)
{
    const char *last = nullptr;
    for (uint64_t step = 0; step < uint64_t{max_entries} * 2 + 16; step++) {
        const int found = find_next(*all, last);
        if (found < 0)
            return found == -ENOENT ? 0 : found;
        char *free = all->key;
        all->key = all->next;
        all->next = free;
        last = all->key;
        if (const int refused = copy_element(report, *all))
            return refused;
    }
    return -EBUSY;
}

uint64_t round_up_to_8(uint64_t size)
{
    return (size + 7) & ~uint64_t{7};
}

// Bytes of one value as a lookup returns it, or -errno.
int64_t bytes_of_value(const map_description &old)
{
    if (copying_of(old.map_type) != copying::per_cpu)
        return static_cast<int64_t>(round_up_to_8(old.value_size));
    const int cpus = count_possible_cpus();
    if (cpus < 0)
        return cpus;
    return static_cast<int64_t>(round_up_to_8(old.value_size) * static_cast<uint32_t>(cpus));
}

// Scratch of a caller who passes none.
constexpr size_t own_scratch = 2048;

bool refuse_migration(barebpf_ensure_report *report, field member)
{
    report->uncopied = static_cast<uint32_t>(member);
    return false;
}

bool can_migrate(barebpf_ensure_report *report, const map_description &old, const map_create_attr &wanted)
{
    const copying how = copying_of(old.map_type);
    if (how == copying::no || how != copying_of(wanted.map_type))
        return refuse_migration(report, field::map_type);
    if (old.key_size != wanted.key_size)
        return refuse_migration(report, field::key_size);
    if (old.value_size != wanted.value_size)
        return refuse_migration(report, field::value_size);
    return true;
}

} // namespace

int prepare_migration(barebpf_ensure_report *report, const barebpf_ensure_opts &opts,
                      const map_description &old, const map_create_attr &wanted, migration *to)
{
    if (!can_migrate(report, old, wanted))
        return -EOPNOTSUPP;
    const int64_t value = bytes_of_value(old);
    if (value < 0)
        return static_cast<int>(value);
    to->key = round_up_to_8(old.key_size);
    to->value = static_cast<uint64_t>(value);
    const uint64_t needed = 2 * to->key + to->value;
    if (needed <= (opts.scratch ? opts.scratch_size : own_scratch))
        return 0;
    report->scratch_needed = needed;
    return -ENOBUFS;
}

int migrate(barebpf_ensure_report *report, const barebpf_ensure_opts &opts, const migration &sizes, int from,
            uint32_t max_entries, int to)
{
    struct {
        alignas(8) char bytes[own_scratch];
    } own BAREBPF_UNINITIALIZED;
    char *scratch = opts.scratch ? static_cast<char *>(opts.scratch) : own.bytes;
    passage all = {from, to, scratch, scratch + sizes.key, scratch + 2 * sizes.key};
    return copy_all(report, &all, max_entries);
}

} // namespace barebpf
