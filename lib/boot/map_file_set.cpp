// SPDX-License-Identifier: BSD-2-Clause
#include "lib/facts/number.h"
#include "lib/facts/types.h"
#include "value.h"

namespace barebpf
{
namespace
{

using namespace map_type;

constexpr type_set percpu_values =
    types_of(percpu_hash, percpu_array, lru_percpu_hash); // an element has a value for each CPU
constexpr type_set indexed = types_of(array, percpu_array, devmap, cpumap);

// The others' elements are descriptors or belong to other objects, or there are none.
constexpr type_set settable =
    percpu_values | indexed |
    types_of(hash, lru_hash, lpm_trie, devmap_hash, queue, stack, bloom_filter, rhash);

bool has_percpu_values(const barebpf_map_file &file)
{
    return has(percpu_values, file.map_type);
}

// Bytes from one CPU's value to the next's.
uint64_t stride_of(const barebpf_map_file &file)
{
    return has_percpu_values(file) ? (uint64_t{file.value_size} + 7) & ~uint64_t{7} : file.value_size;
}

bool fits_room(map_file_reading *r)
{
    const barebpf_map_file &file = *r->file;
    if (file.key_size > file.key_room) {
        r->line->given = file.key_size;
        r->line->allowed = file.key_room;
        return wrong_line(r, BAREBPF_WRONG_ELEMENT, "key");
    }
    if (value_bytes(file) > file.value_room) {
        r->line->given = value_bytes(file);
        r->line->allowed = file.value_room;
        return wrong_line(r, BAREBPF_WRONG_ELEMENT, "value");
    }
    return true;
}

bool can_be_set(map_file_reading *r)
{
    r->line->wrong_type = r->file->map_type;
    if (!has_settable_elements(r->file->map_type))
        return wrong_line(r, BAREBPF_WRONG_SET_TYPE);
    if (has_percpu_values(*r->file) && !r->file->cpus)
        return wrong_line(r, BAREBPF_WRONG_CPUS, "value");
    return fits_room(r);
}

// Takes the next word, and another if this one is `keyword`, which may be left out.
bool take_datum_word(map_file_reading *r, const char *keyword, uint32_t missing, map_file_word *word)
{
    next_is what = next_is::end;
    if (!take_word(r, word, &what))
        return false;
    if (what == next_is::word && !word->quoted && is_word(*word, keyword) && !take_word(r, word, &what))
        return false;
    return what == next_is::word || wrong_line(r, missing, keyword);
}

bool is_index_in_bounds(map_file_reading *r, const map_file_word &word, uint64_t last)
{
    if (!has(indexed, r->file->map_type) || last < r->file->max_entries)
        return true;
    return wrong_number(r, BAREBPF_WRONG_INDEX, word, last, r->file->max_entries, "key");
}

bool read_key_range(map_file_reading *r, const map_file_word &word, uint64_t element)
{
    key_range range;
    if (!read_range(r, r->file->key_size, word, &range) || !is_index_in_bounds(r, word, range.last))
        return false;
    const uint64_t more = range.last - range.first;
    r->line->elements = more == UINT64_MAX ? more : more + 1;
    if (r->file->key)
        put_number(r->file->key, r->file->key_size, range.first + element);
    return true;
}

bool read_key(map_file_reading *r, uint64_t element)
{
    map_file_word word;
    if (!r->file->key_size)
        return true;
    if (!take_datum_word(r, "key", BAREBPF_WRONG_NO_KEY, &word))
        return false;
    if (is_range(word))
        return read_key_range(r, word, element);
    datum key("key", r->file->key, r->file->key_size);
    return read_datum(r, &key, word) && (!key.is_number || is_index_in_bounds(r, word, key.number));
}

char *value_of_cpu(const barebpf_map_file &file, uint32_t cpu)
{
    char *at = static_cast<char *>(file.value);
    for (uint32_t i = 0; at && i < cpu; i++)
        at += stride_of(file);
    return at;
}

// The kernel copies whole strides, so that the bytes behind a value matter as little as they may.
void end_value(const barebpf_map_file &file, char *value)
{
    for (uint64_t i = file.value_size; value && i < stride_of(file); i++)
        hidden(value)[i] = '\0';
}

bool read_value_of_cpu(map_file_reading *r, const map_file_word &word, uint32_t cpu)
{
    datum value("value", value_of_cpu(*r->file, cpu), r->file->value_size);
    if (!read_datum(r, &value, word))
        return false;
    end_value(*r->file, value.to);
    return true;
}

void zero_values_from(const barebpf_map_file &file, uint32_t cpu)
{
    char *to = value_of_cpu(file, cpu);
    char *const end = value_of_cpu(file, file.cpus);
    for (; to != end; to = hidden(to + 1))
        *to = '\0';
}

// `percpu` and a value for each CPU in turn; those without one have 0.
bool read_percpu(map_file_reading *r, const map_file_word &percpu)
{
    uint32_t cpu = 0;
    for (;; cpu++) {
        map_file_word word;
        next_is what = next_is::end;
        if (!take_word(r, &word, &what))
            return false;
        if (what == next_is::end)
            break;
        if (cpu == r->file->cpus)
            return wrong_number(r, BAREBPF_WRONG_PERCPU_COUNT, word, 0, cpu, "percpu");
        if (!read_value_of_cpu(r, word, cpu))
            return false;
    }
    zero_values_from(*r->file, cpu);
    return cpu || wrong_word(r, BAREBPF_WRONG_NO_DATA, percpu, "percpu");
}

void repeat_value(const barebpf_map_file &file)
{
    const char *first = static_cast<const char *>(file.value);
    for (uint32_t cpu = 1; first && cpu < file.cpus; cpu++)
        copy(value_of_cpu(file, cpu), first, static_cast<size_t>(stride_of(file)));
}

bool ends_here(map_file_reading *r)
{
    map_file_word word;
    next_is what = next_is::end;
    if (!take_word(r, &word, &what))
        return false;
    return what == next_is::end || wrong_word(r, BAREBPF_WRONG_MORE, word, "set");
}

bool read_value_words(map_file_reading *r)
{
    map_file_word word;
    if (!r->file->value_size)
        return ends_here(r);
    if (!take_datum_word(r, "value", BAREBPF_WRONG_NO_DATA, &word))
        return false;
    const bool percpu = has_percpu_values(*r->file);
    if (percpu && !word.quoted && is_word(word, "percpu"))
        return read_percpu(r, word);
    if (!read_value_of_cpu(r, word, 0) || !ends_here(r))
        return false;
    if (percpu)
        repeat_value(*r->file);
    return true;
}

} // namespace

void find_plain_elements(map_file_reading *r)
{
    const barebpf_map_file &file = *r->file;
    const uint64_t largest = largest_number(file.key_size);
    const bool bounded = has(indexed, file.map_type) && file.max_entries < largest;
    r->key_end = bounded ? file.max_entries : largest;
    r->value_end = has_percpu_values(file) ? 0 : largest_number(file.value_size);
}

bool read_plain_set(map_file_reading *r)
{
    const char *const end = r->cursor.end;
    const char *at = behind_blanks(r->cursor.at, end);
    if (end - at < 3 || at[0] != 's' || at[1] != 'e' || at[2] != 't')
        return false;
    at += 3;
    uint64_t numbers[2];
    for (uint64_t &number : numbers) {
        const char *const word = behind_blanks(at, end);
        if (word == at)
            return false;
        at = word;
        if (read_number(&at, end, &number))
            return false;
    }
    at = behind_blanks(at, end);
    const bool is_last = at == end;
    if ((!is_last && *at != '\n') || numbers[0] >= r->key_end || numbers[1] >= r->value_end)
        return false;
    if (!is_last)
        at++;
    barebpf_map_file *file = r->file;
    if (file->key) {
        r->line->line = r->cursor.line;
        put_number(file->key, file->key_size, numbers[0]);
        put_number(file->value, file->value_size, numbers[1]);
    }
    r->cursor.at = r->cursor.line_start = at;
    file->at = static_cast<size_t>(at - file->text);
    file->line = r->cursor.line++;
    return true;
}

uint64_t value_bytes(const barebpf_map_file &file)
{
    if (!has_percpu_values(file))
        return file.value_size;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < file.cpus && sum <= file.value_room; i++)
        sum += stride_of(file);
    return sum;
}

bool has_settable_elements(uint32_t map_type)
{
    return has(settable, map_type);
}

bool read_set_line(map_file_reading *r, uint64_t element)
{
    r->line->elements = 1;
    r->line->element = element;
    if (!r->file->filling)
        return wrong_line(r, BAREBPF_WRONG_SET_FIRST);
    return can_be_set(r) && read_key(r, element) && read_value_words(r);
}

} // namespace barebpf
