// SPDX-License-Identifier: BSD-2-Clause
#include "fill.h"

#include <algorithm>
#include <cerrno>

#include "barebpf/barebpf.h"

namespace barebpf::tool
{
namespace
{

constexpr size_t batch_bytes = 256 << 10;
constexpr size_t largest_batch = 8192;

// No batches of this type, or on this kernel (before 5.6): nothing was set then.
bool lacks_batches(int error)
{
    return error == -EINVAL || error == -EOPNOTSUPP || error == -524;
}

// True if the reader returned an element; otherwise it stays where it is.
bool take_element(map_reader *reader)
{
    const barebpf_map_file before = reader->file;
    if (reader->next() == 1 && reader->line.kind == BAREBPF_LINE_SET)
        return true;
    reader->file = before;
    return false;
}

} // namespace

bool may_have_elements(const map_reader &reader)
{
    const barebpf_map_file &file = reader.file;
    size_t at = file.at;
    while (at < file.size &&
           (file.text[at] == ' ' || file.text[at] == '\t' || file.text[at] == '\n' || file.text[at] == '\r'))
        at++;
    return at < file.size && (file.text[at] == 's' || file.text[at] == '#' || file.text[at] == '\\');
}

size_t whole_value_size(uint32_t map_type, uint32_t value_size, uint32_t cpus)
{
    switch (map_type) {
    case BAREBPF_MAP_TYPE_PERCPU_HASH:
    case BAREBPF_MAP_TYPE_PERCPU_ARRAY:
    case BAREBPF_MAP_TYPE_LRU_PERCPU_HASH:
    case BAREBPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
        return (size_t{value_size} + 7) / 8 * 8 * cpus;
    default:
        return value_size;
    }
}

int filler::set_one_by_one(int map, uint32_t from, uint32_t count)
{
    for (uint32_t i = from; i < count; i++) {
        const char *key = key_size ? keys.data() + i * key_size : nullptr;
        line = lines[i];
        if (const int error = barebpf_map_update_elem(map, key, values.data() + i * value_size, 0))
            return error;
        elements++;
    }
    return 0;
}

int filler::set_all(int map, uint32_t count)
{
    uint32_t done = count;
    if (count < 2 || !key_size || !in_batches)
        return set_one_by_one(map, 0, count);
    const int error = barebpf_map_update_batch(map, keys.data(), values.data(), &done, 0);
    if (!error) {
        elements += count;
        return 0;
    }
    // A batch that ended early is gone on with singly, so that the refused element is known. A failure before
    // the first element may leave the count as it was.
    in_batches = !lacks_batches(error);
    done = in_batches && done < count ? done : 0;
    elements += done;
    return set_one_by_one(map, done, count);
}

void filler::make_room(const barebpf_map_file &file)
{
    key_size = file.key_size;
    value_size = whole_value_size(file.map_type, file.value_size, file.cpus);
    const size_t most =
        std::clamp<size_t>(batch_bytes / std::max<size_t>(key_size + value_size, 1), 1, largest_batch);
    keys.resize(std::max<size_t>(most * key_size, 1));
    values.resize(std::max<size_t>(most * value_size, 1));
    lines.resize(most);
}

int filler::fill(map_reader *reader, int map)
{
    elements = 0;
    in_batches = true;
    barebpf_map_file &file = reader->file;
    make_room(file);
    int error = 0;
    uint32_t count = 0;
    for (bool more = true; more && !error;) {
        file.key = keys.data() + count * key_size;
        file.value = values.data() + count * value_size;
        more = take_element(reader);
        if (more)
            lines[count++] = reader->line.line;
        if (count == lines.size() || !more) {
            error = set_all(map, count);
            count = 0;
        }
    }
    file.key = file.value = nullptr;
    return error;
}

} // namespace barebpf::tool
