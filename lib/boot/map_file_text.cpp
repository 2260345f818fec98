// SPDX-License-Identifier: BSD-2-Clause
#include "lib/core/errno.h"
#include "lib/rules/writer.h"
#include "map_file.h"
#include "map_file_keywords.h"

namespace barebpf
{
namespace
{

// A sentence about a wrong line.
struct line_sentence : writer {
    const barebpf_map_line *line;

    using writer::put;

    // The wrong word in quotes; of a long one the first bytes.
    void put_wrong_word()
    {
        constexpr size_t longest = 64;
        put('\'');
        for (size_t i = 0; i < line->wrong_size && i < longest; i++)
            put_visible(line->wrong_word[i]);
        put(line->wrong_size > longest ? "...'" : "'");
    }

    template <typename T, size_t count> void put_list(const T (&words)[count], const char *last)
    {
        for (size_t i = 0; i < count; i++) {
            put(i == 0 ? "" : i + 1 == count ? last : ", ");
            put(words[i]);
        }
    }

    void put_bytes(uint64_t bytes)
    {
        put_decimal(bytes);
        put(bytes == 1 ? " byte" : " bytes");
    }

    void put_word_is(const char *what)
    {
        if (line->about) {
            put(line->about);
            put(": ");
        }
        put_wrong_word();
        put(what);
    }
};

bool is_about(const barebpf_map_line &line, const char *keyword)
{
    size_t i = 0;
    while (line.about && keyword[i] && line.about[i] == keyword[i])
        i++;
    return line.about && line.about[i] == keyword[i];
}

void put_not_number(line_sentence *s)
{
    const bool size =
        is_about(*s->line, "key") || is_about(*s->line, "value") || is_about(*s->line, "entries");
    s->put_word_is(size ? " is not a size (such as 12, 0x10, 64K, 1M or page)"
                        : " is not a number (such as 12 or 0x10)");
}

void put_too_large(line_sentence *s)
{
    s->put_word_is(" is too large; the maximum is ");
    s->put_decimal(s->line->allowed);
}

// The rules of barebpf_map_words_parse(). False for any other.
bool put_description_rule(line_sentence *s)
{
    switch (s->line->wrong) {
    case BAREBPF_WRONG_KEYWORD:
        s->put_word_is(" is not a keyword; a map line has ");
        s->put_list(description_keywords, ", ");
        s->put(", ");
        for (const keyword_spelling &entry : map_keywords) {
            s->put(&entry == map_keywords                                ? ""
                   : &entry + 1 == map_keywords + count_of(map_keywords) ? " and "
                                                                         : ", ");
            s->put(entry.name);
        }
        return true;
    case BAREBPF_WRONG_TWICE:
        s->put(s->line->about);
        s->put(" is given twice");
        return true;
    case BAREBPF_WRONG_NO_VALUE:
        s->put(s->line->about);
        s->put(" needs a value");
        return true;
    case BAREBPF_WRONG_MISSING:
        s->put(s->line->about);
        s->put(" is missing");
        return true;
    case BAREBPF_WRONG_TYPE:
        s->put_word_is(" is not a map type: a name that `barebpf help types` lists, or a number");
        return true;
    case BAREBPF_WRONG_FLAG:
        s->put_word_is(" is not a flag: a name that `barebpf help flags` lists, or a number");
        return true;
    case BAREBPF_WRONG_NUMBER:
        put_not_number(s);
        return true;
    case BAREBPF_WRONG_LARGE:
        put_too_large(s);
        return true;
    case BAREBPF_WRONG_INNER:
        s->put_word_is(" is not supported; give the path of a pinned map");
        return true;
    case BAREBPF_WRONG_TOKEN:
        s->put_word_is(" is not supported; give the directory where a bpffs is mounted");
        return true;
    default:
        return false;
    }
}

void put_commands(line_sentence *s)
{
    s->put_word_is(" is not a command; a line begins with map create");
    for (const command_spelling &entry : line_commands) {
        s->put(&entry + 1 == line_commands + count_of(line_commands) ? " or " : ", ");
        s->put(entry.name);
    }
}

// Rules of lines as such. False for any other.
bool put_line_rule(line_sentence *s)
{
    switch (s->line->wrong) {
    case BAREBPF_WRONG_NUL:
        s->put("a NUL byte; a map file is text");
        return true;
    case BAREBPF_WRONG_QUOTE:
        s->put("a quote begins before ");
        s->put_wrong_word();
        s->put(" and does not end on this line");
        return true;
    case BAREBPF_WRONG_WORDS:
        s->put("a line has at most ");
        s->put_decimal(s->line->allowed);
        s->put(" words behind its command");
        return true;
    case BAREBPF_WRONG_ROOM:
        s->put("the words of this line take more than ");
        s->put_bytes(s->line->allowed);
        return true;
    case BAREBPF_WRONG_COMMAND:
        put_commands(s);
        return true;
    case BAREBPF_WRONG_MAP_COMMAND:
        s->put_word_is(": of bpftool's commands a map file has only map create");
        return true;
    case BAREBPF_WRONG_PIN:
        s->put("a map line needs a PIN, its path in a bpffs, before the keywords");
        return true;
    case BAREBPF_WRONG_DOT:
        s->put_word_is(" cannot be pinned: a bpffs does not allow dots in names");
        return true;
    case BAREBPF_WRONG_PATH:
        s->put(s->line->about);
        s->put(" needs a path");
        return true;
    case BAREBPF_WRONG_EMPTY:
        s->put(s->line->about);
        s->put(": the path is empty");
        return true;
    case BAREBPF_WRONG_MORE:
        s->put_word_is(" is unexpected here");
        return true;
    default:
        return false;
    }
}

// Rules of the keywords that bpftool lacks. False for any other.
bool put_keyword_rule(line_sentence *s)
{
    switch (s->line->wrong) {
    case BAREBPF_WRONG_MODE:
        s->put_word_is(" is not an octal mode from 0 to 0777");
        return true;
    case BAREBPF_WRONG_OWNER:
        s->put_word_is(" is not UID, UID:GID or :GID in numbers below 4294967295");
        return true;
    case BAREBPF_WRONG_EXISTS:
        s->put_word_is(" is not ");
        s->put_list(existing_names, " or ");
        return true;
    case BAREBPF_WRONG_GIVE_UP:
        s->put_word_is(" is not ");
        s->put_list(concession_words, ", ");
        s->put(" or all; none stands alone");
        return true;
    case BAREBPF_WRONG_MEMLOCK:
        s->put_word_is(" is not ");
        s->put_list(memlock_words, " or ");
        s->put(", the last two with :SIZE (such as scoped:64M) if limited");
        return true;
    case BAREBPF_WRONG_RELEASE:
        s->put_word_is(" is not a kernel release such as 5.8 or 5.10.3");
        return true;
    default:
        return false;
    }
}

void put_width(line_sentence *s)
{
    s->put_word_is(": a number has 1, 2, 4 or 8 bytes, and the ");
    s->put(s->line->about);
    s->put(" has ");
    s->put_decimal(s->line->given);
    s->put("; write hex and its bytes");
}

// " has N bytes, and the key has M".
void put_sizes(line_sentence *s, const char *what)
{
    s->put_word_is(what);
    s->put_bytes(s->line->given);
    s->put(", and the ");
    s->put(s->line->about);
    s->put(" has ");
    s->put_decimal(s->line->allowed);
}

// " is 2 bytes after 3, and the key has 4".
void put_hex_long(line_sentence *s)
{
    s->put_word_is(" is ");
    s->put_bytes((s->line->wrong_size + 1) / 2);
    s->put(" after ");
    s->put_decimal(s->line->given);
    s->put(", and the ");
    s->put(s->line->about);
    s->put(" has ");
    s->put_decimal(s->line->allowed);
}

// Rules of the elements' data. False for any other.
bool put_data_rule(line_sentence *s)
{
    switch (s->line->wrong) {
    case BAREBPF_WRONG_DATA:
        s->put_word_is(" is not a number, hex with bytes, a string in quotes or nr_cpus");
        return true;
    case BAREBPF_WRONG_WIDTH:
        put_width(s);
        return true;
    case BAREBPF_WRONG_FIT:
        s->put_word_is(" does not fit into ");
        s->put_bytes(s->line->given);
        return true;
    case BAREBPF_WRONG_HEX:
        s->put_word_is(" is not a byte in hexadecimal, such as 0a");
        return true;
    case BAREBPF_WRONG_HEX_SHORT:
        put_sizes(s, " is followed by ");
        return true;
    case BAREBPF_WRONG_HEX_LONG:
        put_hex_long(s);
        return true;
    case BAREBPF_WRONG_STRING:
        put_sizes(s, " has ");
        return true;
    case BAREBPF_WRONG_RANGE:
        s->put_word_is(" ends before it begins");
        return true;
    case BAREBPF_WRONG_RANGE_PLACE:
        s->put_word_is(" is a range; only a key can be one");
        return true;
    default:
        return false;
    }
}

void put_index(line_sentence *s)
{
    s->put_word_is(": the last of the map's ");
    s->put_decimal(s->line->allowed);
    s->put(" keys is ");
    s->put_decimal(s->line->allowed - 1);
}

// Rules of `set` lines. False for any other.
bool put_set_rule(line_sentence *s)
{
    switch (s->line->wrong) {
    case BAREBPF_WRONG_SET_FIRST:
        s->put("set has no map line above it");
        return true;
    case BAREBPF_WRONG_SET_TYPE:
        s->put("set: the elements of ");
        s->put_type_with_article(s->line->wrong_type);
        s->put(" cannot be given in a file");
        return true;
    case BAREBPF_WRONG_NO_KEY:
    case BAREBPF_WRONG_NO_DATA:
        s->put(is_about(*s->line, "percpu") ? "percpu needs at least one value" : "set needs a ");
        s->put(is_about(*s->line, "percpu") ? "" : s->line->about);
        return true;
    case BAREBPF_WRONG_INDEX:
        put_index(s);
        return true;
    case BAREBPF_WRONG_CPUS:
        s->put(s->line->about);
        s->put(": the number of possible CPUs is not known");
        return true;
    case BAREBPF_WRONG_PERCPU:
        s->put(s->line->about);
        s->put(": percpu is for the values of ");
        s->put("percpu_hash, percpu_array and lru_percpu_hash");
        return true;
    case BAREBPF_WRONG_PERCPU_COUNT:
        s->put_word_is(" is one too many: there are ");
        s->put_decimal(s->line->allowed);
        s->put(s->line->allowed == 1 ? " possible CPU" : " possible CPUs");
        return true;
    case BAREBPF_WRONG_ELEMENT:
        s->put("set: the ");
        s->put(s->line->about);
        s->put(" has more than the ");
        s->put_bytes(s->line->allowed);
        s->put(" that a file can give");
        return true;
    default:
        return false;
    }
}

// Rules between lines. False for any other.
bool put_plan_rule(line_sentence *s)
{
    switch (s->line->wrong) {
    case BAREBPF_WRONG_PINNED_TWICE:
        s->put_word_is(" is pinned by an earlier line too; a PIN has one line");
        return true;
    case BAREBPF_WRONG_CYCLE:
        s->put_word_is(" needs this map to be made first, and is needed by it");
        return true;
    default:
        return false;
    }
}

bool put_line_sentence(line_sentence *s)
{
    return put_description_rule(s) || put_line_rule(s) || put_keyword_rule(s) || put_data_rule(s) ||
           put_set_rule(s) || put_plan_rule(s);
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_line_text(const struct barebpf_map_line *line, char *text, size_t size)
{
    if (!line || !is_served(*line))
        return with_errno(-EINVAL);
    line_sentence s;
    s.text = text;
    s.room = text ? size : 0;
    s.length = 0;
    s.line = line;
    if (!put_line_sentence(&s))
        return with_errno(-EINVAL);
    return static_cast<int>(s.end() + 1);
}
