// SPDX-License-Identifier: BSD-2-Clause
#include "lib/core/names.h"
#include "lib/facts/number.h"
#include "map_file.h"
#include "map_file_keywords.h"

namespace barebpf
{
namespace
{

// A map line is read in two steps. The words that bpftool lacks are taken out of it; what remains is a
// description as barebpf_map_words_parse() reads it.
struct description_words {
    const char *string[most_line_words];
    uint8_t index[most_line_words]; // of each in the line
    uint32_t count;
};

struct map_line_reading {
    map_file_reading *r;
    map_file_words *words;
    description_words *rest;
    uint32_t at;   // index of the next word
    uint32_t seen; // bits of map_keyword
};

bool keep_word(map_line_reading *m)
{
    const char *string = string_of_word(m->r, m->words, m->words->word[m->at]);
    if (!string)
        return false;
    m->rest->string[m->rest->count] = string;
    m->rest->index[m->rest->count++] = static_cast<uint8_t>(m->at++);
    return true;
}

bool has_more(const map_line_reading &m)
{
    return m.at < m.words->count;
}

// The rule against a value that means something else by the time the file is read: 0 without one.
uint32_t rule_against(const map_file_word &keyword, const map_file_word &value)
{
    if (shortens(keyword, "inner_map"))
        return is_word(value, "id") || is_word(value, "name") ? BAREBPF_WRONG_INNER : 0;
    const bool token = shortens(keyword, "token") && !shortens(keyword, "type");
    return token && is_word(value, "fd") ? BAREBPF_WRONG_TOKEN : 0;
}

// A keyword of barebpf_map_words_parse() with its value, which may look like a keyword of ours.
bool keep_pair(map_line_reading *m)
{
    const map_file_word &keyword = m->words->word[m->at];
    if (!keep_word(m) || !has_more(*m))
        return m->r->line->wrong == 0;
    const map_file_word &value = m->words->word[m->at];
    if (const uint32_t rule = rule_against(keyword, value))
        return wrong_word(m->r, rule, value, rule == BAREBPF_WRONG_INNER ? "inner_map" : "token");
    const bool pinned = shortens(keyword, "inner_map") && is_word(value, "pinned");
    if (!keep_word(m))
        return false;
    return !pinned || !has_more(*m) || keep_word(m);
}

// The number in a word that has nothing else.
bool read_small_number(map_file_reading *r, const map_file_word &word, const char *about, uint32_t *number)
{
    uint64_t large = 0;
    const char *at = word.at;
    const uint32_t rule = read_number(&at, word.at + word.size, &large);
    if (rule == BAREBPF_WORD_RANGE || (!rule && large > UINT32_MAX))
        return wrong_number(r, BAREBPF_WRONG_LARGE, word, 0, UINT32_MAX, about);
    if (rule || at != word.at + word.size)
        return wrong_word(r, BAREBPF_WRONG_NUMBER, word, about);
    *number = static_cast<uint32_t>(large);
    return true;
}

bool read_exists(map_file_reading *r, const map_file_word &word)
{
    for (uint32_t i = 0; i < count_of(existing_names); i++)
        if (is_word(word, existing_names[i])) {
            r->line->exists = i;
            return true;
        }
    return wrong_word(r, BAREBPF_WRONG_EXISTS, word, "exists");
}

uint32_t concession_bits(const map_file_word &word)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < count_of(concession_words); i++) {
        if (is_word(word, concession_words[i]))
            return 1u << i;
        bits |= 1u << i;
    }
    return is_word(word, "all") ? bits : 0;
}

// Names separated by commas; `all`; or `none`, which stands alone.
bool read_concessions(map_file_reading *r, const map_file_word &word)
{
    const char *const end = word.at + word.size;
    map_file_word name;
    name.line = word.line;
    uint32_t given = 0;
    for (const char *at = word.at;; at++) {
        name.at = at;
        while (at != end && *at != ',')
            at++;
        name.size = static_cast<size_t>(at - name.at);
        name.column = word.column + static_cast<uint32_t>(name.at - word.at);
        const uint32_t bits = concession_bits(name);
        if (!bits && !(name.size == word.size && is_word(name, "none")))
            return wrong_word(r, BAREBPF_WRONG_GIVE_UP, name, "give_up");
        given |= bits;
        if (at == end)
            break;
    }
    r->line->policy->give_up = given;
    return true;
}

// Bytes with a unit of K, M or G.
bool read_bytes(const char *at, const char *end, uint64_t *bytes)
{
    if (read_number(&at, end, bytes) || !*bytes)
        return false;
    const unsigned int tens = at == end ? 0 : *at == 'K' ? 1 : *at == 'M' ? 2 : *at == 'G' ? 3 : 4;
    for (unsigned int i = 0; i < 10 * tens; i++)
        if (__builtin_add_overflow(*bytes, *bytes, bytes))
            return false;
    return tens < 4 && at + (tens > 0) == end;
}

bool read_memlock(map_file_reading *r, const map_file_word &word)
{
    barebpf_policy *policy = r->line->policy;
    const char *const end = word.at + word.size;
    map_file_word name;
    name.at = word.at;
    for (name.size = 0; name.size < word.size && word.at[name.size] != ':';)
        name.size++;
    uint32_t how = 0;
    while (how < count_of(memlock_words) && !is_word(name, memlock_words[how]))
        how++;
    if (how == count_of(memlock_words))
        return wrong_word(r, BAREBPF_WRONG_MEMLOCK, word, "memlock");
    policy->memlock = how;
    policy->memlock_most = 0;
    if (name.size == word.size)
        return true;
    return (how && read_bytes(name.at + name.size + 1, end, &policy->memlock_most)) ||
           wrong_word(r, BAREBPF_WRONG_MEMLOCK, word, "memlock");
}

// "5.8" or "5.10.3", as KERNEL_VERSION() makes it.
bool read_since(map_file_reading *r, const map_file_word &word)
{
    const char *const end = word.at + word.size;
    const char *at = word.at;
    uint32_t release = 0;
    uint32_t parts = 0;
    for (; parts < 3 && at != end; parts++) {
        uint32_t number = 0;
        const char *first = at;
        for (; at != end && digit_of(*at) < 10 && number < 256; at++)
            number = number * 10 + digit_of(*at);
        if (at == first || number > 255 || (at != end && (*at != '.' || at + 1 == end)))
            break;
        release |= number << (16 - 8 * parts);
        at += at != end;
    }
    if (at != end || parts < 2 || release < 1u << 16)
        return wrong_word(r, BAREBPF_WRONG_RELEASE, word, "since");
    r->line->since = release;
    return true;
}

bool read_keyword(map_line_reading *m, map_keyword keyword)
{
    map_file_reading *r = m->r;
    const map_file_word &word = m->words->word[m->at];
    switch (keyword) {
    case map_keyword::mode:
        return read_mode(r, word);
    case map_keyword::owner:
        return read_owner(r, word);
    case map_keyword::freeze:
        r->line->freeze = 1;
        return true;
    case map_keyword::exists:
        return read_exists(r, word);
    case map_keyword::give_up:
        return read_concessions(r, word);
    case map_keyword::memlock:
        return read_memlock(r, word);
    case map_keyword::backoff:
        return read_small_number(r, word, "backoff", &r->line->policy->backoff_ms);
    case map_keyword::optional:
        r->line->optional = 1;
        return true;
    case map_keyword::since:
        return read_since(r, word);
    }
    return false;
}

const keyword_spelling *keyword_spelling_of(const map_file_word &word)
{
    for (const keyword_spelling &entry : map_keywords)
        if (is_word(word, entry.name))
            return &entry;
    return nullptr;
}

bool take_keyword(map_line_reading *m, const keyword_spelling &entry)
{
    const map_file_word &word = m->words->word[m->at];
    const uint32_t bit = 1u << static_cast<unsigned int>(entry.stands_for);
    if (m->seen & bit)
        return wrong_word(m->r, BAREBPF_WRONG_TWICE, word, entry.name);
    m->seen |= bit;
    m->at++;
    if (m->words->count - m->at < entry.values)
        return wrong_word(m->r, BAREBPF_WRONG_NO_VALUE, word, entry.name);
    if (!read_keyword(m, entry.stands_for))
        return false;
    m->at += entry.values;
    return true;
}

bool split_words(map_line_reading *m)
{
    if (has_more(*m) && !keep_word(m)) // the PIN
        return false;
    while (has_more(*m)) {
        const keyword_spelling *own = keyword_spelling_of(m->words->word[m->at]);
        if (!(own ? take_keyword(m, *own) : keep_pair(m)))
            return false;
    }
    return true;
}

// Notes the rule that barebpf_map_words_parse() found broken, and the word it means.
bool wrong_description(const map_line_reading &m, const barebpf_map_words &read)
{
    if (!read.pin && read.rule == BAREBPF_WORD_KEYWORD && read.wrong == 0)
        return wrong_word(m.r, BAREBPF_WRONG_PIN, m.words->word[0]);
    if (read.wrong >= m.rest->count)
        return wrong_line(m.r, read.rule, read.keyword);
    const map_file_word &whole = m.words->word[m.rest->index[read.wrong]];
    map_file_word word;
    word.at = whole.at + read.offset;
    word.size = whole.size - read.offset;
    word.line = whole.line;
    word.column = whole.column + read.offset;
    if (read.rule == BAREBPF_WORD_FLAG)
        for (size_t i = 0; i < word.size; i++)
            if (word.at[i] == ',')
                word.size = i;
    const bool extra = read.keyword && same_text(read.keyword, "extra");
    return wrong_number(m.r, read.rule, word, 0, extra ? UINT64_MAX : UINT32_MAX, read.keyword);
}

bool has_dot_in_name(const char *pin)
{
    bool dot = false;
    for (; *pin; pin++)
        dot = *pin == '.' || (dot && *pin != '/');
    return dot;
}

// Where a string of the description stands in the text.
const char *text_of_string(const map_line_reading &m, const char *string)
{
    for (uint32_t i = 0; string && i < m.rest->count; i++)
        if (m.rest->string[i] == string)
            return m.words->word[m.rest->index[i]].at;
    return nullptr;
}

bool read_description(const map_line_reading &m)
{
    map_file_reading *r = m.r;
    barebpf_map_words read;
    clear(&read);
    read.sz = sizeof(read);
    if (barebpf_map_words_parse(&read, r->line->spec, m.rest->string, m.rest->count, r->file->page_size))
        return wrong_description(m, read);
    if (!read.pin)
        return wrong_word(r, BAREBPF_WRONG_PIN, m.words->word[0]);
    if (has_dot_in_name(read.pin))
        return wrong_word(r, BAREBPF_WRONG_DOT, m.words->word[0]);
    r->line->pin = read.pin;
    r->line->pin_at = m.words->word[0].at;
    r->line->inner_map = read.inner_map;
    r->line->inner_at = text_of_string(m, read.inner_map);
    r->line->offload_dev = read.offload_dev;
    r->line->btf = read.btf;
    r->line->key_type = read.key_type;
    r->line->value_type = read.value_type;
    r->line->token = read.token;
    return true;
}

void start_line(barebpf_map_line *line)
{
    clear_bytes(line->spec, sizeof(size_t), covered_end<barebpf_map_spec>(line->spec->sz));
    clear_bytes(line->policy, sizeof(size_t), covered_end<barebpf_policy>(line->policy->sz));
    line->policy->give_up = BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_END;
    line->policy->memlock = BAREBPF_MEMLOCK_WHEN_NEEDED;
}

} // namespace

bool read_map_line(map_file_reading *r, map_file_words *words)
{
    BAREBPF_UNINITIALIZED description_words rest;
    rest.count = 0;
    map_line_reading m;
    m.r = r;
    m.words = words;
    m.rest = &rest;
    m.at = 0;
    m.seen = 0;
    start_line(r->line);
    if (!words->count)
        return wrong_line(r, BAREBPF_WRONG_PIN);
    if (!split_words(&m) || !read_description(m))
        return false;
    const barebpf_map_spec *spec = r->line->spec;
    r->file->map_type = spec->map_type;
    r->file->key_size = spec->key_size;
    r->file->value_size = spec->value_size;
    r->file->max_entries = spec->max_entries;
    return true;
}

} // namespace barebpf
