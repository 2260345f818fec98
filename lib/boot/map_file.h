// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_MAP_FILE_H
#define BAREBPF_LIB_BOOT_MAP_FILE_H

#include "barebpf/map_file.h"
#include "lib/core/own_structs.h"

namespace barebpf
{

BAREBPF_GROWS(barebpf_map_file)
BAREBPF_GROWS(barebpf_map_line)
BAREBPF_GROWS(barebpf_map_plan)

// A part of the text. It has no end of its own, and may hold any byte but NUL.
struct map_file_word {
    const char *at;
    size_t size;
    uint32_t line;
    uint32_t column;
    bool quoted; // the quotes are not part of it
};

// Where reading has got to.
struct map_file_cursor {
    const char *at;
    const char *end;
    const char *line_start;
    uint32_t line; // of `at`, from 1 on
};

// Where the blanks at `at` end. Words begin with bytes above ' '.
inline const char *behind_blanks(const char *at, const char *end)
{
    while (at != end && static_cast<unsigned char>(*at) <= ' ' && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    return at;
}

// Moves to the next word. False at the end of the line.
bool skip_blanks(map_file_cursor *cursor);

// What comes next on a line.
enum class next_is : uint8_t {
    word,
    end,   // of the line, or of the text
    nul,   // a NUL byte
    quote, // a quote that does not end
};

// Reads the next word of a line. The cursor stops at the line's end.
next_is next_word(map_file_cursor *cursor, map_file_word *word);

// Moves to the start of the next line.
void skip_line(map_file_cursor *cursor);

// A line as it is read.
struct map_file_reading {
    barebpf_map_file *file;
    barebpf_map_line *line;
    map_file_cursor cursor;
    uint64_t key_end; // what read_plain_set() reads is smaller
    uint64_t value_end;
};

// Makes a line empty, except for what the caller has set.
void clear_line(barebpf_map_line *line);

// Begins where the file has got to.
void start_reading(map_file_reading *r, barebpf_map_file *file, barebpf_map_line *line);

// Reads the next element of the last map, as barebpf_map_file_next() does. Returns 1; 0, with the file before
// it, if another line follows or none; or -EINVAL.
int next_element(map_file_reading *r);

// Notes what is wrong, and with which word. Always false.
bool wrong_line(map_file_reading *r, uint32_t rule, const char *about = nullptr);
bool wrong_word(map_file_reading *r, uint32_t rule, const map_file_word &word, const char *about = nullptr);
bool wrong_number(map_file_reading *r, uint32_t rule, const map_file_word &word, uint64_t given,
                  uint64_t allowed, const char *about = nullptr);

// Takes the next word, if there is one: next_is::word or next_is::end. False after a wrong byte, which is
// then noted.
bool take_word(map_file_reading *r, map_file_word *word, next_is *what);

inline bool is_word(const map_file_word &word, const char *text)
{
    size_t i = 0;
    while (i < word.size && text[i] && word.at[i] == text[i])
        i++;
    return i == word.size && !text[i];
}

// True if the word is the beginning of `text`, as bpftool shortens its words.
inline bool shortens(const map_file_word &word, const char *text)
{
    size_t i = 0;
    while (i < word.size && text[i] && word.at[i] == text[i])
        i++;
    return i && i == word.size;
}

// The words behind the command of a line, and what remains of its room.
constexpr uint32_t most_line_words = 64;
struct map_file_words {
    map_file_word word[most_line_words];
    uint32_t count;
    char *room;
    size_t left;
};

// The word as a string in the line's room, or nullptr when it does not fit, which is then noted.
const char *string_of_word(map_file_reading *r, map_file_words *words, const map_file_word &word);

// Words with values that map, mount and mkdir lines share. True if `words` has one at *i, which is then moved
// past it, also when its value is wrong, which is then noted.
bool read_map_line(map_file_reading *r, map_file_words *words);
bool read_mode(map_file_reading *r, const map_file_word &word);
bool read_owner(map_file_reading *r, const map_file_word &word);

// A `set` line whose first word has been taken: checks it, and writes element number `element` of it.
bool read_set_line(map_file_reading *r, uint64_t element);

// Reads a whole line `set KEY VALUE` of two numbers, as nearly all are, in one pass over its bytes; of the
// line only its number is noted. False, with nothing read, for every other line, right or wrong, which the
// other functions are for: also for the first one of a map, after which find_plain_elements() says what
// follows.
bool read_plain_set(map_file_reading *r);
void find_plain_elements(map_file_reading *r);

// Bytes of a value of the last map, of all CPUs where each has its own; more than value_room where they have
// no room.
uint64_t value_bytes(const barebpf_map_file &file);

// Checks that a file can give the elements of the last map.
bool has_settable_elements(uint32_t map_type);

} // namespace barebpf

#endif
