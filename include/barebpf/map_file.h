/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_MAP_FILE_H
#define BAREBPF_MAP_FILE_H

/*
 * Map files: maps described in a text, one a line, with the values they start with. barebpf-maps(5) describes
 * the format. This reads it, and plans the order in which the maps are made; it makes nothing.
 *
 * Every function is freestanding, needs no heap and makes no syscall. It reads the text in place, in one
 * pass, and never beyond its end, so that a file can be mapped read-only. A function that fails returns
 * -errno, and sets errno too if the program has one. The structs follow the rules for sz in barebpf.h.
 */
#include "boot.h"

#ifdef __cplusplus
extern "C" {
#endif

/* BAREBPF_LINE_*: what a line is. */
enum {
    BAREBPF_LINE_MAP = 1, /* [map] create PIN ...: a map to make and pin */
    BAREBPF_LINE_SET,     /* set KEY VALUE: an element of the map above it */
    BAREBPF_LINE_MOUNT,   /* mount PATH: a bpffs to mount */
    BAREBPF_LINE_MKDIR,   /* mkdir PATH: a directory to make */
    BAREBPF_LINE_INCLUDE  /* include PATH: a file to read here */
};

/* In place of a mode, uid or gid: the line has none. */
#define BAREBPF_LINE_UNSET 0xffffffffu

/* Bytes that are enough room for the words of any line whose paths are not longer than the kernel allows. */
#define BAREBPF_LINE_ROOM 20480

/*
 * barebpf_map_file: the state of reading a text. Zero the whole struct, then set sz to sizeof(struct
 * barebpf_map_file), and the members marked "in". The text, and what the pointers point to, stay the
 * caller's. A copy of the struct, made after any line, can be read on from there.
 */
struct barebpf_map_file {
    size_t sz;
    const char *text;   /* in: the whole file; it need not end with a NUL or a newline */
    size_t size;        /* in: bytes of it */
    char *room;         /* in: memory for the words of a map, mount, mkdir or include line, as strings */
    size_t room_size;   /* in: bytes of it: BAREBPF_LINE_ROOM; a line that does not fit is an error */
    void *key;          /* in: where the key of an element is written; NULL: elements are only checked */
    void *value;        /* in: where its value is written; NULL exactly if key is */
    size_t key_room;    /* in: bytes of key: a line with a larger one is an error, also if key is NULL */
    size_t value_room;  /* in: likewise of value: of all CPUs together where each has its own, at 8 bytes'
                           steps */
    uint32_t page_size; /* in: what `page` stands for; 0: unknown, and `page` an error */
    uint32_t cpus;      /* in: possible CPUs; 0: unknown, and elements that depend on them an error */
    size_t at;          /* the byte where the next line begins */
    uint32_t line;      /* lines before it */
    uint32_t filling;   /* whether `set` may come: 0 no map line yet, 1 after one, 2 after a wrong one */
    uint32_t map_type;  /* of the last map line, as are the next three */
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint64_t element; /* elements already written of the `set` line at `at` */
};
#define barebpf_map_file__releases(X) X(element) /* 0.1.0 */

/*
 * BAREBPF_WRONG_*: what is wrong with a line. Those up to BAREBPF_WRONG_LARGE are the rules of
 * barebpf_map_words_parse(): the BAREBPF_WORD_* of the same number.
 */
enum {
    BAREBPF_WRONG_KEYWORD = BAREBPF_WORD_KEYWORD,
    BAREBPF_WRONG_TWICE = BAREBPF_WORD_ONCE,
    BAREBPF_WRONG_NO_VALUE = BAREBPF_WORD_VALUE,
    BAREBPF_WRONG_MISSING = BAREBPF_WORD_NEEDED,
    BAREBPF_WRONG_TYPE = BAREBPF_WORD_TYPE,
    BAREBPF_WRONG_FLAG = BAREBPF_WORD_FLAG,
    BAREBPF_WRONG_NUMBER = BAREBPF_WORD_NUMBER,
    BAREBPF_WRONG_LARGE = BAREBPF_WORD_RANGE,
    BAREBPF_WRONG_INNER,        /* an inner map by id or name, not by its pin */
    BAREBPF_WRONG_TOKEN,        /* a token by the number of a descriptor, not by a directory */
    BAREBPF_WRONG_NUL,          /* a NUL byte */
    BAREBPF_WRONG_QUOTE,        /* a quote that does not end on its line */
    BAREBPF_WRONG_WORDS,        /* more words than a line may have */
    BAREBPF_WRONG_ROOM,         /* words that do not fit into room */
    BAREBPF_WRONG_COMMAND,      /* a line that begins with none of the commands */
    BAREBPF_WRONG_MAP_COMMAND,  /* map, but not create */
    BAREBPF_WRONG_PIN,          /* a map line without a PIN */
    BAREBPF_WRONG_DOT,          /* a PIN with a dot in its name, which a bpffs refuses */
    BAREBPF_WRONG_PATH,         /* mount, mkdir or include without a path */
    BAREBPF_WRONG_EMPTY,        /* a path of no bytes */
    BAREBPF_WRONG_MORE,         /* a word behind the end of the line's grammar */
    BAREBPF_WRONG_MODE,         /* not an octal mode */
    BAREBPF_WRONG_OWNER,        /* not UID, UID:GID or :GID */
    BAREBPF_WRONG_EXISTS,       /* not fail, keep, replace or migrate */
    BAREBPF_WRONG_GIVE_UP,      /* not a list of what may be given up */
    BAREBPF_WRONG_MEMLOCK,      /* not never, when_needed or scoped, with a size */
    BAREBPF_WRONG_RELEASE,      /* not a kernel release */
    BAREBPF_WRONG_SET_FIRST,    /* set before any map line */
    BAREBPF_WRONG_SET_TYPE,     /* set for a map type whose elements a file cannot give */
    BAREBPF_WRONG_NO_KEY,       /* set without a key */
    BAREBPF_WRONG_NO_DATA,      /* set without a value, or percpu without one */
    BAREBPF_WRONG_DATA,         /* not a number, hex, a string in quotes or nr_cpus */
    BAREBPF_WRONG_WIDTH,        /* a number where there are not 1, 2, 4 or 8 bytes */
    BAREBPF_WRONG_FIT,          /* a number that does not fit */
    BAREBPF_WRONG_HEX,          /* not bytes in hexadecimal */
    BAREBPF_WRONG_HEX_SHORT,    /* fewer bytes than the key or value has */
    BAREBPF_WRONG_HEX_LONG,     /* more */
    BAREBPF_WRONG_STRING,       /* a string longer than the key or value */
    BAREBPF_WRONG_RANGE,        /* a range that ends before it begins */
    BAREBPF_WRONG_RANGE_PLACE,  /* a range that is not a key */
    BAREBPF_WRONG_INDEX,        /* a key beyond the end of an array */
    BAREBPF_WRONG_CPUS,         /* the number of CPUs is needed and not known */
    BAREBPF_WRONG_PERCPU,       /* percpu for a map that has one value for all CPUs, or as a key */
    BAREBPF_WRONG_PERCPU_COUNT, /* more values than CPUs */
    BAREBPF_WRONG_ELEMENT,      /* a key or value larger than its room */
    BAREBPF_WRONG_PINNED_TWICE, /* a second line with the same PIN */
    BAREBPF_WRONG_CYCLE         /* an inner map that needs this map first */
};

/*
 * barebpf_map_line: one line. Zero the whole struct, then set sz to sizeof(struct barebpf_map_line), and spec
 * and policy. Strings lie in the file's room until the next line is read that is not a `set` line. A line and
 * a column count from 1, a column in bytes; a line that a backslash continues begins where its first word is.
 */
struct barebpf_map_line {
    size_t sz;
    struct barebpf_map_spec *spec; /* in: receives a map; its descriptors and map_ifindex stay 0 */
    struct barebpf_policy *policy; /* in: receives give_up, memlock and backoff; without those words as
                                      bpf_map_create(), which also cuts the name */
    uint32_t kind;                 /* BAREBPF_LINE_* */
    uint32_t line;                 /* where its first word is */
    uint32_t column;
    uint32_t optional;       /* map: 1 if the map may be left out where the kernel does not make it */
    size_t at;               /* the byte of the text where its first line begins */
    uint64_t elements;       /* set: how many elements the line has */
    uint64_t element;        /* set: which of them was written, from 0 on */
    uint64_t given;          /* after EINVAL: the number that broke the rule */
    uint64_t allowed;        /* and the largest, or the right one */
    const char *path;        /* mount, mkdir, include */
    const char *pin;         /* map */
    const char *pin_at;      /* the same in the text, without an end of its own */
    const char *inner_map;   /* map: pin of the template of its inner maps, for inner_map_fd, or NULL */
    const char *inner_at;    /* the same in the text */
    const char *offload_dev; /* map: network device, for map_ifindex, or NULL */
    const char *btf;         /* map: file of raw BTF, for btf_fd, or NULL */
    const char *key_type;    /* map: name of a type in it, for btf_key_type_id; NULL for none, or one by id */
    const char *value_type; /* map: the same for btf_value_type_id; of a struct_ops map a type of the kernel's
                               own BTF, for btf_vmlinux_value_type_id */
    const char *token;      /* map: directory of a bpffs to make a token from, for token_fd, or NULL */
    size_t padding;         /* 0 */
    uint32_t mode;          /* of a pin, mount or directory, or BAREBPF_LINE_UNSET */
    uint32_t owner;         /* uid, or BAREBPF_LINE_UNSET */
    uint32_t group;         /* gid, or BAREBPF_LINE_UNSET */
    uint32_t exists;        /* BAREBPF_EXISTS_* */
    uint32_t freeze;        /* 1: freeze the map once it is filled */
    uint32_t since;         /* first release that is to have the map, as by KERNEL_VERSION(); 0: every one */
    uint32_t wrong;         /* after EINVAL: BAREBPF_WRONG_*, as are all below, given and allowed */
    uint32_t wrong_line;    /* where the wrong word is, or the line, where a word is missing */
    uint32_t wrong_column;
    uint32_t wrong_type;    /* the map's type, where the rule depends on it */
    const char *wrong_word; /* in the text, without an end of its own; NULL where a word is missing */
    size_t wrong_size;      /* bytes of it */
    const char *about;      /* keyword or part of the line that it concerns, or NULL */
};
#define barebpf_map_line__releases(X) X(about) /* 0.1.0 */

/*
 * barebpf_map_file_next() reads the next line, skipping empty ones and comments. With file->key, a `set` line
 * is returned once for each of its elements, whose key and value are written; without, it is only checked,
 * and skipped if it is right.
 *
 * Returns 1 and fills *line; 0 at the end of the text. EINVAL for a line that breaks a rule, which *line
 * names: the next call goes on with the line after it, so that a loop finds all that is wrong; `set` lines
 * below a wrong map line are skipped. EINVAL with line->wrong 0 when a struct's sz, or a pointer marked "in",
 * is wrong.
 */
BAREBPF_API int barebpf_map_file_next(struct barebpf_map_file *file, struct barebpf_map_line *line);

/*
 * barebpf_map_line_text() writes what is wrong with a line, as a sentence that names the word and the rule,
 * with its NUL, into text, which has room for size bytes; bytes of the word that a terminal may not be shown
 * are escaped. Returns the bytes the whole sentence needs with its NUL; EINVAL for a line that broke no rule.
 */
BAREBPF_API int barebpf_map_line_text(const struct barebpf_map_line *line, char *text, size_t size);

/* In place of an entry's index: none. */
#define BAREBPF_NO_ENTRY 0xffffffffu

/*
 * barebpf_map_plan_entry: a map line in a plan. The members are the library's; it keeps its size in all
 * releases.
 */
struct barebpf_map_plan_entry {
    const char *pin;   /* in the text, as is inner; pin_size and inner_size bytes */
    const char *inner; /* NULL without one */
    size_t at;         /* of the line */
    uint32_t pin_size;
    uint32_t inner_size;
    uint32_t file;   /* as passed to barebpf_map_plan_add() */
    uint32_t line;   /* where its first word is */
    uint32_t column; /* likewise */
    uint32_t after;  /* index of the entry whose map is the inner map, or BAREBPF_NO_ENTRY */
    uint32_t order;  /* of entry number n: index of the one to make as number n */
    uint32_t wrong;  /* BAREBPF_WRONG_PINNED_TWICE, BAREBPF_WRONG_CYCLE or 0 */
    uint32_t other;  /* the entry that has the same PIN */
    uint32_t bucket; /* of the table of pins */
    uint32_t next;   /* in its bucket */
    uint32_t back;   /* on the way to inner maps; then bytes of pin that name a directory that is missing */
    uint32_t state;
    uint32_t is_new; /* whether the pin cannot be there yet, once that was looked at */
};

/*
 * barebpf_map_plan: the order in which the maps of files are made. Zero the whole struct, then set sz to
 * sizeof(struct barebpf_map_plan), and the members marked "in". The texts must stay as long as the plan.
 */
struct barebpf_map_plan {
    size_t sz;
    struct barebpf_map_plan_entry *entries; /* in: memory for entries */
    uint32_t room;                          /* in: how many; it may be moved and grow between two calls */
    uint32_t count;                         /* how many are used */
};
#define barebpf_map_plan__releases(X) X(count) /* 0.1.0 */

/*
 * barebpf_map_plan_add() adds a map line that barebpf_map_file_next() has just returned. file is any number
 * of the caller's for its text. To read the line again later, set the at of a struct barebpf_map_file to the
 * entry's at, and its line to the entry's line less one. Returns the entry's index; ENOSPC
 * when there is no room; EINVAL when the line is no map, or the sz of a struct is wrong.
 *
 * barebpf_map_plan_order() works out the order when all lines are added: that of the lines, except that a map
 * comes after its inner map. A pin and an inner map are the same if they are spelled alike; an inner map that
 * no line pins must exist already. Returns how many entries are wrong: those with the PIN of an earlier one,
 * and those that need each other's maps as inner maps. It takes time in proportion to the number of entries
 * and no memory.
 *
 * barebpf_map_plan_wrong() fills a line with what is wrong with an entry, for barebpf_map_line_text().
 * Returns 0; ENOENT when nothing is, or there is no such entry.
 */
BAREBPF_API int barebpf_map_plan_add(struct barebpf_map_plan *plan, const struct barebpf_map_line *line,
                                     uint32_t file);
BAREBPF_API int barebpf_map_plan_order(struct barebpf_map_plan *plan);
BAREBPF_API int barebpf_map_plan_wrong(const struct barebpf_map_plan *plan, uint32_t index,
                                       struct barebpf_map_line *line);

/*
 * barebpf_btf_find() finds a type by its name in size bytes of raw BTF of this machine's byte order, for
 * key_type and value_type: an int, struct, union, enum, typedef or float. It returns the first with an id
 * above `after`, which is 0 for the first of all; another call with the id found tells whether the name is
 * ambiguous. The bytes are not trusted, and nothing outside of them is read.
 * Returns the id; ENOENT when no such type has the name; EINVAL when the bytes are not raw BTF, or have a
 * kind of type that is newer than 0.1.0.
 */
BAREBPF_API int barebpf_btf_find(const void *btf, size_t size, const char *name, uint32_t after);

/*
 * barebpf_map_file_word() lists the words of the format: commands, keywords and named values, from index 0
 * on; NULL after the last. Map types and flags are not among them.
 */
BAREBPF_API const char *barebpf_map_file_word(uint32_t index);

#ifdef __cplusplus
}
#endif

#endif
