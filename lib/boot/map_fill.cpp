// SPDX-License-Identifier: BSD-2-Clause
#include "apply_structs.h"
#include "lib/core/errno.h"

namespace barebpf
{
namespace
{

constexpr uint32_t largest_batch = 8192;

// Elements that are read and not yet set. Each part of the scratch has one of three things of all of them.
struct pending_elements {
    char *lines; // numbers of their lines
    char *keys;
    char *values;
    size_t key_size;
    size_t value_size; // of all CPUs
    uint32_t room;
    uint32_t count;
};

struct map_filling {
    barebpf_map_filling *given;
    map_file_reading reading;
    pending_elements pending;
    int fd;
    bool in_batches;
};

// Divides the scratch; without room for one element, notes how much that takes.
bool divide_scratch(pending_elements *to, barebpf_map_filling *of)
{
    to->key_size = of->file->key_size;
    to->value_size = static_cast<size_t>(value_bytes(*of->file));
    const size_t each = sizeof(uint32_t) + to->key_size + to->value_size;
    of->scratch_needed = each;
    size_t line_bytes = 0, key_bytes = 0;
    to->room = to->count = 0;
    for (size_t left = of->scratch_size; left >= each && to->room < largest_batch; left -= each) {
        to->room++;
        line_bytes += sizeof(uint32_t);
        key_bytes += to->key_size;
    }
    to->lines = static_cast<char *>(of->scratch);
    to->keys = to->lines + line_bytes;
    to->values = to->keys + key_bytes;
    return to->room != 0;
}

// No batches of this type, or on this kernel (before 5.6): nothing was set then.
bool lacks_batches(int refused)
{
    return refused == -EINVAL || refused == -EOPNOTSUPP || refused == -ENOTSUPP;
}

int set_one_by_one(map_filling *f, uint32_t from)
{
    const pending_elements &all = f->pending;
    const char *key = all.keys, *value = all.values, *line = all.lines;
    for (uint32_t i = 0; i < all.count; i++) {
        const int refused =
            i < from ? 0 : barebpf_map_update_elem(f->fd, all.key_size ? key : nullptr, value, 0);
        if (refused) {
            copy(&f->given->failed_line, line, sizeof(uint32_t));
            return refused;
        }
        f->given->elements += i >= from;
        key += all.key_size;
        value += all.value_size;
        line += sizeof(uint32_t);
    }
    return 0;
}

// A batch that ended early is gone on with singly, so that the refused element is known. A failure before the
// first element may leave the count as it was.
int set_pending(map_filling *f)
{
    const uint32_t count = f->pending.count;
    uint32_t done = count;
    if (count < 2 || !f->pending.key_size || !f->in_batches)
        return set_one_by_one(f, 0);
    const int refused = barebpf_map_update_batch(f->fd, f->pending.keys, f->pending.values, &done, 0);
    if (!refused) {
        f->given->elements += count;
        return 0;
    }
    f->in_batches = !lacks_batches(refused);
    if (!f->in_batches || done >= count)
        done = 0;
    f->given->elements += done;
    return set_one_by_one(f, done);
}

// Reads elements behind each other, until there is no room or no more of them. Returns 1 if there may be
// more, 0 if not, or -EINVAL.
int fill_pending(map_filling *f)
{
    barebpf_map_file *file = f->given->file;
    pending_elements *all = &f->pending;
    char *key = all->keys, *value = all->values, *line = all->lines;
    for (all->count = 0; all->count < all->room; all->count++) {
        file->key = key;
        file->value = value;
        const int result = next_element(&f->reading);
        if (result != 1)
            return result;
        move_word<sizeof(uint32_t), 1>(line, &f->given->line->line);
        key += all->key_size;
        value += all->value_size;
        line += sizeof(uint32_t);
    }
    return 1;
}

int fill_map(map_filling *f)
{
    for (;;) {
        const int more = fill_pending(f);
        if (const int refused = set_pending(f))
            return refused;
        if (more != 1)
            return more;
    }
}

bool can_fill(const barebpf_map_filling *given)
{
    return given && is_served(*given) && given->file && given->line && is_served(*given->file) &&
           is_served(*given->line) && given->file->at <= given->file->size &&
           (given->file->text || !given->file->size) && (given->scratch || !given->scratch_size);
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_fill_is_needed(const struct barebpf_map_file *file)
{
    if (!file || !is_served(*file))
        return 0;
    size_t at = file->at;
    while (at < file->size && (file->text[at] == ' ' || file->text[at] == '\t' || file->text[at] == '\n' ||
                               file->text[at] == '\r'))
        at++;
    if (at >= file->size)
        return 0;
    const char first = file->text[at];
    return first == 's' || first == '"' || first == '\'' || first == '#' || first == '\\';
}

extern "C" int barebpf_map_fill(int fd, void *filling)
{
    map_filling f;
    f.given = static_cast<barebpf_map_filling *>(filling);
    f.fd = fd;
    f.in_batches = true;
    if (!can_fill(f.given))
        return with_errno(-EINVAL);
    f.given->elements = f.given->scratch_needed = 0;
    f.given->failed_line = 0;
    if (!barebpf_map_fill_is_needed(f.given->file))
        return 0;
    if (!divide_scratch(&f.pending, f.given))
        return with_errno(-ENOBUFS);
    barebpf_map_file *file = f.given->file;
    const size_t at = file->at;
    const uint32_t line = file->line;
    clear_line(f.given->line);
    start_reading(&f.reading, file, f.given->line);
    const int result = fill_map(&f);
    file->at = at;
    file->line = line;
    file->element = 0;
    file->key = file->value = nullptr;
    return with_errno(result);
}
