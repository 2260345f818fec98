// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "lib/core/errno.h"
#include "lib/core/names.h"
#include "lib/core/own_structs.h"
#include "number.h"
#include "requirements.h"

namespace barebpf
{
namespace
{

enum class keyword {
    type,
    name,
    key,
    value,
    entries,
    flags,
    offload_dev,
    inner_map,
    numa,
    extra,
    btf,
    key_type,
    value_type,
    token,
    none
};

// In the order in which bpftool matches a shortened word, so that `e` is entries; words that bpftool lacks
// come last.
struct spelling {
    keyword stands_for;
    char name[12];
};
constexpr spelling keywords[] = {
    {keyword::type, "type"},
    {keyword::name, "name"},
    {keyword::key, "key"},
    {keyword::value, "value"},
    {keyword::entries, "entries"},
    {keyword::flags, "flags"},
    {keyword::offload_dev, "dev"},
    {keyword::inner_map, "inner_map"},
    {keyword::numa, "numa"},
    {keyword::extra, "extra"},
    {keyword::offload_dev, "offload_dev"},
    {keyword::btf, "btf"},
    {keyword::key_type, "key_type"},
    {keyword::value_type, "value_type"},
    {keyword::token, "token"},
};

constexpr uint32_t bit(keyword one)
{
    return 1u << static_cast<unsigned int>(one);
}

// Words that a description needs unless the type requires 0 there.
struct needed_word {
    keyword word;
    member of;
};
constexpr needed_word needed_words[] = {
    {keyword::key, member::key_size},
    {keyword::value, member::value_size},
    {keyword::entries, member::max_entries},
};

// State of parsing one description; words before words[at] are read.
struct sentence {
    barebpf_map_words *read;
    barebpf_map_spec *spec;
    const char *const *words;
    uint32_t count;
    uint32_t page_size;
    uint32_t at;
    uint32_t seen;
};

bool begins_with(const char *text, const char *start)
{
    while (*start && *text == *start)
        text++, start++;
    return !*start;
}

bool has_slash(const char *text)
{
    while (*text && *text != '/')
        text++;
    return *text;
}

keyword keyword_of(const char *word)
{
    for (const spelling &entry : keywords)
        if (*word && begins_with(entry.name, word))
            return entry.stands_for;
    return keyword::none;
}

// The full spelling of a keyword; of two spellings the longer one, which comes later.
const char *spelled_out(keyword one)
{
    const char *text = nullptr;
    for (const spelling &entry : keywords)
        if (entry.stands_for == one)
            text = entry.name;
    return text;
}

bool refuse(sentence *s, uint32_t rule, uint32_t wrong, keyword about, uint32_t offset = 0)
{
    s->read->rule = rule;
    s->read->wrong = wrong;
    s->read->keyword = spelled_out(about);
    s->read->offset = offset;
    return false;
}

// The same for a text that ends with a NUL.
uint32_t read_leading_number(const char **text, uint64_t *number)
{
    const char *end = *text;
    while (*end)
        end++;
    return read_number(text, end, number);
}

// The same for a number that nothing may follow.
uint32_t read_whole_number(const char *text, uint64_t *number)
{
    const uint32_t rule = read_leading_number(&text, number);
    return !rule && *text ? uint32_t{BAREBPF_WORD_NUMBER} : rule;
}

// The bytes a unit stands for; 0 for an unknown unit.
uint32_t unit_of(const char *text, uint32_t page_size)
{
    if (!*text || same_text(text, "B"))
        return 1;
    if (same_text(text, "page"))
        return page_size;
    if (text[1] && !same_text(text + 1, "iB"))
        return 0;
    switch (*text) {
    case 'k':
    case 'K':
        return 1u << 10;
    case 'm':
    case 'M':
        return 1u << 20;
    case 'g':
    case 'G':
        return 1u << 30;
    default:
        return 0;
    }
}

bool read_size(sentence *s, keyword about, const char *text, uint32_t *size)
{
    uint64_t number = 1;
    if (!same_text(text, "page"))
        if (const uint32_t rule = read_leading_number(&text, &number))
            return refuse(s, rule, s->at, about);
    const uint32_t unit = unit_of(text, s->page_size);
    if (!unit)
        return refuse(s, BAREBPF_WORD_NUMBER, s->at, about);
    if (number > UINT32_MAX || __builtin_mul_overflow(static_cast<uint32_t>(number), unit, size))
        return refuse(s, BAREBPF_WORD_RANGE, s->at, about);
    return true;
}

bool read_numa(sentence *s, const char *text)
{
    uint64_t number = 0;
    uint32_t rule = read_whole_number(text, &number);
    if (!rule && number > UINT32_MAX)
        rule = BAREBPF_WORD_RANGE;
    if (rule)
        return refuse(s, rule, s->at, keyword::numa);
    s->spec->numa_node = static_cast<uint32_t>(number);
    s->spec->map_flags |= BAREBPF_F_NUMA_NODE;
    return true;
}

bool read_extra(sentence *s, const char *text)
{
    if (const uint32_t rule = read_whole_number(text, &s->spec->map_extra))
        return refuse(s, rule, s->at, keyword::extra);
    return true;
}

// A name in lower case, with room for the kernel's longest prefix.
struct lower_name {
    char text[sizeof("bpf_map_type_") + sizeof(named_number::name)];
};

// Copies a name in lower case, up to a comma or the end, and moves *text there; false when it is longer than
// any name.
bool read_name(const char **text, lower_name *lower)
{
    unsigned int length = 0;
    const char *at = *text;
    for (; *at && *at != ','; at++) {
        if (length == sizeof(lower->text) - 1)
            return false;
        lower->text[length++] = *at >= 'A' && *at <= 'Z' ? static_cast<char>(*at - 'A' + 'a') : *at;
    }
    lower->text[length] = '\0';
    *text = at;
    return true;
}

template <size_t size> const char *without(const char (&prefix)[size], const lower_name &name)
{
    return begins_with(name.text, prefix) ? name.text + (size - 1) : name.text;
}

// Reads the name of a flag, up to a comma or the end, and moves *text there. Returns 0, or the rule that was
// broken.
uint32_t read_flag_name(const char **text, uint32_t *bits)
{
    lower_name lower;
    const char *at = *text;
    if (!read_name(&at, &lower))
        return BAREBPF_WORD_FLAG;
    const int found = barebpf_map_flag_by_name(without("bpf_f_", lower));
    if (found < 0)
        return BAREBPF_WORD_FLAG;
    *text = at;
    *bits = 1u << found;
    return 0;
}

// The same for a flag by name or number.
uint32_t read_flag(const char **text, uint32_t *bits)
{
    if (digit_of(**text) > 9)
        return read_flag_name(text, bits);
    uint64_t number = 0;
    if (const uint32_t rule = read_leading_number(text, &number))
        return rule;
    if (**text && **text != ',')
        return BAREBPF_WORD_NUMBER;
    *bits = static_cast<uint32_t>(number);
    return number > UINT32_MAX ? uint32_t{BAREBPF_WORD_RANGE} : 0;
}

bool read_flags(sentence *s, const char *text)
{
    for (const char *at = text;; at++) {
        const auto offset = static_cast<uint32_t>(at - text);
        uint32_t bits = 0;
        if (const uint32_t rule = read_flag(&at, &bits))
            return refuse(s, rule, s->at, keyword::flags, offset);
        s->spec->map_flags |= bits;
        if (!*at)
            return true;
    }
}

// Reads the name of a type. Returns 0, or the rule that was broken.
uint32_t read_type_name(const char *text, uint32_t *map_type)
{
    lower_name lower;
    if (!read_name(&text, &lower) || *text)
        return BAREBPF_WORD_TYPE;
    const int found = barebpf_map_type_by_name(without("bpf_map_type_", lower));
    if (found < 0)
        return BAREBPF_WORD_TYPE;
    *map_type = static_cast<uint32_t>(found);
    return 0;
}

// The same for the number of a type, which may be newer than the names here.
uint32_t read_type_number(const char *text, uint32_t *map_type)
{
    uint64_t number = 0;
    const uint32_t rule = read_whole_number(text, &number);
    if (rule)
        return rule == BAREBPF_WORD_RANGE ? rule : uint32_t{BAREBPF_WORD_TYPE};
    *map_type = static_cast<uint32_t>(number);
    return number > UINT32_MAX ? uint32_t{BAREBPF_WORD_RANGE} : 0;
}

bool read_type(sentence *s, const char *text)
{
    uint32_t map_type = 0;
    const uint32_t rule =
        digit_of(*text) > 9 ? read_type_name(text, &map_type) : read_type_number(text, &map_type);
    if (rule)
        return refuse(s, rule, s->at, keyword::type);
    s->spec->map_type = map_type;
    return true;
}

// Reads an id, or the number of a descriptor.
bool read_index(sentence *s, keyword about, const char *text, uint32_t *index)
{
    uint64_t number = 0;
    uint32_t rule = read_whole_number(text, &number);
    if (!rule && number > UINT32_MAX)
        rule = BAREBPF_WORD_RANGE;
    if (rule)
        return refuse(s, rule, s->at, about);
    *index = static_cast<uint32_t>(number);
    return true;
}

// Moves on to the word after a word such as `id`; false if that is the last.
bool has_next(sentence *s, keyword about)
{
    s->at++;
    return s->at < s->count || refuse(s, BAREBPF_WORD_VALUE, s->at - 1, about);
}

bool read_map_id(sentence *s, keyword about, const char *text)
{
    uint32_t *const id = &s->read->inner_map_id;
    return read_index(s, about, text, id) && (*id || refuse(s, BAREBPF_WORD_NUMBER, s->at, about));
}

bool read_inner_map(sentence *s, const char *text)
{
    const bool by_id = same_text(text, "id"), by_name = same_text(text, "name");
    if ((by_id || by_name || same_text(text, "pinned")) && !has_next(s, keyword::inner_map))
        return false;
    text = s->words[s->at];
    if (by_id)
        return read_map_id(s, keyword::inner_map, text);
    (by_name ? s->read->inner_map_name : s->read->inner_map) = text;
    return true;
}

// A BTF type by its id, or by its name, which is looked up by the caller.
bool read_type_of(sentence *s, keyword about, const char *text, uint32_t *id, const char **name)
{
    if (digit_of(*text) < 10)
        return read_index(s, about, text, id);
    *name = text;
    return true;
}

bool read_token(sentence *s, const char *text)
{
    if (!same_text(text, "fd")) {
        s->read->token = text;
        return true;
    }
    if (!has_next(s, keyword::token))
        return false;
    s->spec->map_flags |= BAREBPF_F_TOKEN_FD;
    return read_index(s, keyword::token, s->words[s->at], &s->spec->token_fd);
}

bool read_type_or_token(sentence *s, keyword about, const char *text)
{
    barebpf_map_spec *const spec = s->spec;
    switch (about) {
    case keyword::btf:
        s->read->btf = text;
        return true;
    case keyword::key_type:
        return read_type_of(s, about, text, &spec->btf_key_type_id, &s->read->key_type);
    case keyword::value_type:
        return read_type_of(s, about, text, &spec->btf_value_type_id, &s->read->value_type);
    case keyword::token:
        return read_token(s, text);
    default:
        return refuse(s, BAREBPF_WORD_KEYWORD, s->at, keyword::none);
    }
}

bool read_value(sentence *s, keyword about, const char *text)
{
    switch (about) {
    case keyword::type:
        return read_type(s, text);
    case keyword::name:
        s->spec->name = text;
        return true;
    case keyword::key:
        return read_size(s, about, text, &s->spec->key_size);
    case keyword::value:
        return read_size(s, about, text, &s->spec->value_size);
    case keyword::entries:
        return read_size(s, about, text, &s->spec->max_entries);
    case keyword::flags:
        return read_flags(s, text);
    case keyword::offload_dev:
        s->read->offload_dev = text;
        return true;
    case keyword::inner_map:
        return read_inner_map(s, text);
    case keyword::numa:
        return read_numa(s, text);
    case keyword::extra:
        return read_extra(s, text);
    default:
        return read_type_or_token(s, about, text);
    }
}

bool read_pair(sentence *s)
{
    const keyword about = keyword_of(s->words[s->at]);
    if (about == keyword::none)
        return refuse(s, BAREBPF_WORD_KEYWORD, s->at, keyword::none);
    if (s->seen & bit(about))
        return refuse(s, BAREBPF_WORD_ONCE, s->at, about);
    s->seen |= bit(about);
    if (s->at + 1 == s->count)
        return refuse(s, BAREBPF_WORD_VALUE, s->at, about);
    s->at++;
    const bool done = read_value(s, about, s->words[s->at]);
    s->at++;
    return done;
}

bool starts_with_pin(const sentence &s)
{
    if (s.count == 0 || keyword_of(s.words[0]) != keyword::none)
        return false;
    return has_slash(s.words[0]) || (s.count > 1 && keyword_of(s.words[1]) != keyword::none);
}

// Types are given with a BTF object, and the kernel takes no such object without the type of the value. That
// of a struct_ops map is in the kernel's own BTF.
bool has_btf_of_types(sentence *s)
{
    const bool has_btf = s->seen & bit(keyword::btf), has_value = s->seen & bit(keyword::value_type);
    if (has_btf && !has_value)
        return refuse(s, BAREBPF_WORD_NEEDED, s->count, keyword::value_type);
    if (!has_btf && (has_value || s->seen & bit(keyword::key_type)))
        return refuse(s, BAREBPF_WORD_NEEDED, s->count, keyword::btf);
    if (s->spec->map_type == BAREBPF_MAP_TYPE_STRUCT_OPS && has_value) {
        s->spec->btf_vmlinux_value_type_id = s->spec->btf_value_type_id;
        s->spec->btf_value_type_id = 0;
    }
    return true;
}

bool complete(sentence *s)
{
    if (!(s->seen & bit(keyword::type)))
        return refuse(s, BAREBPF_WORD_NEEDED, s->count, keyword::type);
    for (const needed_word &needed : needed_words)
        if (!(s->seen & bit(needed.word)) && !must_be_zero(needed.of, s->spec->map_type))
            return refuse(s, BAREBPF_WORD_NEEDED, s->count, needed.word);
    return has_btf_of_types(s);
}

bool read_all(sentence *s)
{
    if (starts_with_pin(*s))
        s->read->pin = s->words[s->at++];
    while (s->at < s->count)
        if (!read_pair(s))
            return false;
    return complete(s);
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_words_parse(struct barebpf_map_words *read, struct barebpf_map_spec *spec,
                                       const char *const *words, uint32_t count, uint32_t page_size)
{
    barebpf_map_words found;
    barebpf_map_spec described;
    if (!read_struct(&found, read))
        return with_errno(-EINVAL);
    clear(&found);
    found.sz = read->sz;
    const bool valid = read_struct(&described, spec);
    bool done = false;
    if (valid) {
        sentence s;
        s.read = &found;
        s.spec = &described;
        s.words = words;
        s.count = count;
        s.page_size = page_size;
        s.at = 0;
        s.seen = 0;
        done = read_all(&s);
        write_struct(spec, described);
    }
    write_struct(read, found);
    return with_errno(done ? 0 : -EINVAL);
}
