// SPDX-License-Identifier: BSD-2-Clause
#include "map_file.h"

#include "lib/core/errno.h"
#include "lib/facts/number.h"
#include "map_file_keywords.h"

namespace barebpf
{
namespace
{

// The states of barebpf_map_file.filling.
enum filling : uint32_t {
    before_maps,
    after_map,
    after_wrong_map,
};

bool can_be_read(const barebpf_map_file &file, const barebpf_map_line &line)
{
    return file.at <= file.size && (file.text || !file.size) && file.room && !file.key == !file.value &&
           line.spec && line.policy && is_served(*line.spec) && is_served(*line.policy);
}

uint32_t octal_of(const map_file_word &word)
{
    uint32_t number = 0;
    for (size_t i = 0; i < word.size && number <= 0777; i++) {
        if (digit_of(word.at[i]) > 7)
            return BAREBPF_LINE_UNSET;
        number = number * 8 + digit_of(word.at[i]);
    }
    return word.size && number <= 0777 ? number : BAREBPF_LINE_UNSET;
}

// A decimal id and what follows it; an absent one is left alone.
bool read_id(const char **at, const char *end, uint32_t *id)
{
    uint64_t number = 0;
    if (*at == end || *(*at) == ':')
        return true;
    if (digit_of(**at) > 9 || read_number(at, end, &number) || number >= BAREBPF_LINE_UNSET)
        return false;
    *id = static_cast<uint32_t>(number);
    return true;
}

// The rest of a line, for commands that have few words.
bool take_words(map_file_reading *r, map_file_words *words)
{
    words->count = 0;
    words->room = r->file->room;
    words->left = r->file->room_size;
    map_file_word beyond;
    next_is what = next_is::end;
    while (words->count < most_line_words) {
        if (!take_word(r, &words->word[words->count], &what))
            return false;
        if (what == next_is::end)
            return true;
        words->count++;
    }
    if (!take_word(r, &beyond, &what))
        return false;
    return what == next_is::end || wrong_number(r, BAREBPF_WRONG_WORDS, beyond, 0, most_line_words);
}

// PATH [mode MODE] [owner OWNER], the last for directories alone.
bool read_place_line(map_file_reading *r, map_file_words *words, const char *command)
{
    if (!words->count)
        return wrong_line(r, BAREBPF_WRONG_PATH, command);
    if (!words->word[0].size)
        return wrong_word(r, BAREBPF_WRONG_EMPTY, words->word[0], command);
    r->line->path = string_of_word(r, words, words->word[0]);
    if (!r->line->path)
        return false;
    const uint32_t kind = r->line->kind;
    for (uint32_t i = 1; i < words->count; i += 2) {
        const map_file_word &keyword = words->word[i];
        const bool mode = kind != BAREBPF_LINE_INCLUDE && is_word(keyword, "mode");
        if (!mode && !(kind == BAREBPF_LINE_MKDIR && is_word(keyword, "owner")))
            return wrong_word(r, BAREBPF_WRONG_MORE, keyword, command);
        if ((mode ? r->line->mode : r->line->owner & r->line->group) != BAREBPF_LINE_UNSET)
            return wrong_word(r, BAREBPF_WRONG_TWICE, keyword, mode ? "mode" : "owner");
        if (i + 1 == words->count)
            return wrong_word(r, BAREBPF_WRONG_NO_VALUE, keyword, mode ? "mode" : "owner");
        if (!(mode ? read_mode(r, words->word[i + 1]) : read_owner(r, words->word[i + 1])))
            return false;
    }
    return true;
}

const command_spelling *command_spelling_of(const map_file_word &word)
{
    for (const command_spelling &entry : line_commands)
        if (is_word(word, entry.name))
            return &entry;
    return nullptr;
}

// `map create` and `create`, also shortened, as bpftool takes them.
bool take_create(map_file_reading *r, const map_file_word &first)
{
    if (shortens(first, "create"))
        return true;
    if (!shortens(first, "map"))
        return wrong_word(r, BAREBPF_WRONG_COMMAND, first);
    map_file_word word;
    next_is what = next_is::end;
    if (!take_word(r, &word, &what))
        return false;
    if (what == next_is::end)
        return wrong_word(r, BAREBPF_WRONG_MAP_COMMAND, first);
    return shortens(word, "create") || wrong_word(r, BAREBPF_WRONG_MAP_COMMAND, word);
}

bool read_create(map_file_reading *r, const map_file_word &first)
{
    BAREBPF_UNINITIALIZED map_file_words words;
    r->line->kind = BAREBPF_LINE_MAP;
    r->file->filling = after_wrong_map;
    if (!take_create(r, first) || !take_words(r, &words) || !read_map_line(r, &words))
        return false;
    r->file->filling = after_map;
    return true;
}

bool read_place(map_file_reading *r, const command_spelling &command)
{
    BAREBPF_UNINITIALIZED map_file_words words;
    r->file->filling = before_maps;
    return take_words(r, &words) && read_place_line(r, &words, command.name);
}

bool read_line(map_file_reading *r, const map_file_word &first)
{
    const command_spelling *command = command_spelling_of(first);
    if (!command)
        return read_create(r, first);
    r->line->kind = command->kind;
    if (command->kind == BAREBPF_LINE_SET)
        return read_set_line(r, r->file->element);
    return read_place(r, *command);
}

// True if the line just read has more elements to write.
bool has_more_elements(map_file_reading *r)
{
    const bool more = r->file->key && r->line->kind == BAREBPF_LINE_SET && !r->line->wrong &&
                      r->file->element + 1 < r->line->elements;
    r->file->element = more ? r->file->element + 1 : 0;
    return more;
}

void go_on(map_file_reading *r)
{
    if (has_more_elements(r))
        return start_reading(r, r->file, r->line);
    skip_line(&r->cursor);
    r->file->at = static_cast<size_t>(r->cursor.at - r->file->text);
    r->file->line = r->cursor.line - 1;
}

// One line: 1 if it has something to return, 0 if not, -EINVAL if it is wrong.
int read_any_line(map_file_reading *r)
{
    map_file_word first;
    next_is what = next_is::end;
    const bool right = take_word(r, &first, &what);
    if (right && what == next_is::end)
        return 0;
    r->line->at = static_cast<size_t>(r->cursor.line_start - r->file->text);
    r->line->line = first.line;
    r->line->column = first.column;
    if (!right) {
        r->file->filling = after_wrong_map; // it may have been one
        return -EINVAL;
    }
    if (r->file->filling == after_wrong_map && is_word(first, "set"))
        return 0;
    return read_line(r, first) ? 1 : -EINVAL;
}

// The same, and moves to where reading goes on.
int read_whole_line(map_file_reading *r)
{
    const int result = read_any_line(r);
    go_on(r);
    if (result == 1 && r->line->kind == BAREBPF_LINE_SET)
        find_plain_elements(r);
    return result;
}

int read_next_line(barebpf_map_file *file, barebpf_map_line *line)
{
    map_file_reading r;
    start_reading(&r, file, line);
    while (r.cursor.at != r.cursor.end) {
        if (read_plain_set(&r))
            continue;
        const int result = read_whole_line(&r);
        const bool checked = result == 1 && line->kind == BAREBPF_LINE_SET && !file->key;
        if (checked)
            clear_line(line);
        else if (result)
            return result;
    }
    return 0;
}

// True unless the next line is that of something else.
bool may_be_element(const map_file_reading &r)
{
    map_file_cursor ahead = r.cursor;
    map_file_word first;
    const next_is what = next_word(&ahead, &first);
    return what == next_is::end || (what == next_is::word && is_word(first, "set"));
}

} // namespace

void clear_line(barebpf_map_line *line)
{
    const size_t sz = line->sz;
    barebpf_map_spec *spec = line->spec;
    barebpf_policy *policy = line->policy;
    if (sz >= sizeof(*line))
        clear(line);
    for (size_t i = sizeof(sz); sz < sizeof(*line) && i < covered_end<barebpf_map_line>(sz); i++)
        hidden(reinterpret_cast<char *>(line))[i] = '\0';
    line->sz = sz;
    line->spec = spec;
    line->policy = policy;
    line->mode = BAREBPF_LINE_UNSET;
    line->owner = BAREBPF_LINE_UNSET;
    line->group = BAREBPF_LINE_UNSET;
}

void start_reading(map_file_reading *r, barebpf_map_file *file, barebpf_map_line *line)
{
    r->file = file;
    r->line = line;
    r->cursor.at = file->text + file->at;
    r->cursor.end = file->text + file->size;
    r->cursor.line_start = r->cursor.at;
    r->cursor.line = file->line + 1;
    r->key_end = r->value_end = 0;
}

int next_element(map_file_reading *r)
{
    while (r->cursor.at != r->cursor.end) {
        if (read_plain_set(r))
            return 1;
        if (!may_be_element(*r))
            return 0;
        if (const int result = read_whole_line(r))
            return result;
    }
    return 0;
}

bool read_mode(map_file_reading *r, const map_file_word &word)
{
    r->line->mode = octal_of(word);
    return r->line->mode != BAREBPF_LINE_UNSET || wrong_word(r, BAREBPF_WRONG_MODE, word, "mode");
}

bool read_owner(map_file_reading *r, const map_file_word &word)
{
    const char *const end = word.at + word.size;
    const char *at = word.at;
    bool right = word.size && read_id(&at, end, &r->line->owner);
    if (right && at != end) {
        const char separator = *at++;
        right = separator == ':' && at != end && read_id(&at, end, &r->line->group) && at == end;
    }
    return right || wrong_word(r, BAREBPF_WRONG_OWNER, word, "owner");
}

} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_file_next(struct barebpf_map_file *file, struct barebpf_map_line *line)
{
    if (!file || !line || !is_served(*file) || !is_served(*line))
        return with_errno(-EINVAL);
    clear_line(line);
    if (!can_be_read(*file, *line))
        return with_errno(-EINVAL);
    const int result = read_next_line(file, line);
    return result < 0 ? with_errno(result) : result;
}

extern "C" const char *barebpf_map_file_word(uint32_t index)
{
    constexpr uint32_t first_words = 2;
    if (index < first_words)
        return index ? "create" : "map";
    index -= first_words;
    if (index < count_of(line_commands))
        return line_commands[index].name;
    index -= count_of(line_commands);
    if (index < count_of(description_keywords))
        return description_keywords[index];
    index -= count_of(description_keywords);
    if (index < count_of(map_keywords))
        return map_keywords[index].name;
    index -= count_of(map_keywords);
    if (index < count_of(existing_names))
        return existing_names[index];
    index -= count_of(existing_names);
    if (index < count_of(concession_words))
        return concession_words[index];
    index -= count_of(concession_words);
    if (index < count_of(memlock_words))
        return memlock_words[index];
    index -= count_of(memlock_words);
    return index < count_of(data_words) ? data_words[index] : nullptr;
}
