// SPDX-License-Identifier: BSD-2-Clause
#include "map_file.h"

namespace barebpf
{
namespace
{

uint32_t column_of(const map_file_cursor &cursor, const char *at)
{
    const auto column = static_cast<size_t>(at - cursor.line_start) + 1;
    return column > UINT32_MAX ? UINT32_MAX : static_cast<uint32_t>(column);
}

void start_next_line(map_file_cursor *cursor, const char *start)
{
    cursor->at = start;
    cursor->line_start = start;
    cursor->line++;
}

// Where the line goes on if the backslash at `at` continues it: behind the newline, or at the text's end;
// otherwise nullptr.
const char *continuation_of(const map_file_cursor &cursor, const char *at)
{
    const char *behind = at + 1;
    if (behind != cursor.end && *behind == '\r')
        behind++;
    if (behind == cursor.end)
        return behind;
    return *behind == '\n' ? behind + 1 : nullptr;
}

next_is read_quoted(map_file_cursor *cursor, map_file_word *word)
{
    const char quote = *cursor->at;
    const char *at = cursor->at + 1;
    while (at != cursor->end && *at && *at != '\n' && *at != quote)
        at++;
    word->at = cursor->at + 1;
    word->size = static_cast<size_t>(at - word->at);
    word->quoted = true;
    cursor->at = at;
    if (at == cursor->end || *at == '\n')
        return next_is::quote;
    if (!*at)
        return next_is::nul;
    cursor->at++;
    return next_is::word;
}

// True if a word ends before this byte. All that end one come before '$', but for a backslash.
bool ends_word(const map_file_cursor &cursor, const char *at)
{
    const char c = *at;
    if (static_cast<unsigned char>(c) > '#')
        return c == '\\' && continuation_of(cursor, at);
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '#' || !c;
}

} // namespace

bool skip_blanks(map_file_cursor *cursor)
{
    for (;;) {
        cursor->at = behind_blanks(cursor->at, cursor->end);
        if (cursor->at == cursor->end || *cursor->at == '\n' || *cursor->at == '#')
            return false;
        const char *behind = *cursor->at == '\\' ? continuation_of(*cursor, cursor->at) : nullptr;
        if (!behind)
            return true;
        start_next_line(cursor, behind);
    }
}

next_is next_word(map_file_cursor *cursor, map_file_word *word)
{
    if (!skip_blanks(cursor))
        return next_is::end;
    word->line = cursor->line;
    word->column = column_of(*cursor, cursor->at);
    if (*cursor->at == '"' || *cursor->at == '\'')
        return read_quoted(cursor, word);
    const char *at = cursor->at;
    while (at != cursor->end && !ends_word(*cursor, at))
        at++;
    word->at = cursor->at;
    word->size = static_cast<size_t>(at - cursor->at);
    word->quoted = false;
    cursor->at = at;
    return at != cursor->end && !*at ? next_is::nul : next_is::word;
}

void skip_line(map_file_cursor *cursor)
{
    map_file_word word;
    while (skip_blanks(cursor))
        if (next_word(cursor, &word) == next_is::nul)
            cursor->at++;
    // A backslash in a comment continues nothing.
    while (cursor->at != cursor->end && *cursor->at != '\n')
        cursor->at++;
    if (cursor->at != cursor->end)
        start_next_line(cursor, cursor->at + 1);
}

bool wrong_line(map_file_reading *r, uint32_t rule, const char *about)
{
    r->line->wrong = rule;
    r->line->wrong_line = r->line->line;
    r->line->wrong_column = r->line->column;
    r->line->wrong_word = nullptr;
    r->line->wrong_size = 0;
    r->line->about = about;
    return false;
}

bool wrong_word(map_file_reading *r, uint32_t rule, const map_file_word &word, const char *about)
{
    wrong_line(r, rule, about);
    r->line->wrong_line = word.line;
    r->line->wrong_column = word.column;
    r->line->wrong_word = word.at;
    r->line->wrong_size = word.size;
    return false;
}

bool wrong_number(map_file_reading *r, uint32_t rule, const map_file_word &word, uint64_t given,
                  uint64_t allowed, const char *about)
{
    r->line->given = given;
    r->line->allowed = allowed;
    return wrong_word(r, rule, word, about);
}

bool take_word(map_file_reading *r, map_file_word *word, next_is *what)
{
    *what = next_word(&r->cursor, word);
    if (*what == next_is::word || *what == next_is::end)
        return true;
    if (*what == next_is::quote)
        return wrong_word(r, BAREBPF_WRONG_QUOTE, *word);
    word->column = column_of(r->cursor, r->cursor.at);
    word->at = r->cursor.at;
    word->size = 1;
    return wrong_word(r, BAREBPF_WRONG_NUL, *word);
}

const char *string_of_word(map_file_reading *r, map_file_words *words, const map_file_word &word)
{
    if (word.size >= words->left) {
        wrong_number(r, BAREBPF_WRONG_ROOM, word, 0, r->file->room_size);
        return nullptr;
    }
    char *string = words->room;
    copy(string, word.at, word.size);
    string[word.size] = '\0';
    words->room += word.size + 1;
    words->left -= word.size + 1;
    return string;
}

} // namespace barebpf
