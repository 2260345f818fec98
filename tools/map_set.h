// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_MAP_SET_H
#define BAREBPF_TOOLS_MAP_SET_H

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <linux/bpf.h>

#include "barebpf/map_file.h"
#include "prediction.h"

namespace barebpf::tool
{

// What a map file says, and where.
struct map_text {
    std::string path;
    std::string text;
};

// How a line begins in a message: "maps:3:5".
std::string line_place(const map_text &text, uint32_t line, uint32_t column);

// A directory to make or a bpffs to mount.
struct place_line {
    uint32_t kind; // BAREBPF_LINE_MKDIR or BAREBPF_LINE_MOUNT
    uint32_t file;
    uint32_t line;
    uint32_t column;
    uint32_t mode;
    uint32_t owner;
    uint32_t group;
    std::string path;
};

// Something wrong in a file.
struct problem {
    std::string place; // "maps:3:5"
    std::string text;
    std::vector<std::string> lines = {}; // more about it, with a label each
};

// A map line of type, sizes, entries, flags and name alone, without `set` lines, as most are: it need not be
// read a second time.
struct plain_map {
    uint16_t map_type = 0; // BPF_MAP_TYPE_UNSPEC: the line is not plain
    uint16_t key_size = 0;
    uint32_t value_size = 0;
    uint32_t max_entries = 0;
    uint32_t map_flags = 0;
    char name[BPF_OBJ_NAME_LEN] = ""; // "" without one

    bool is_known() const { return map_type != 0; }
};

// A line with what it points to.
struct whole_line {
    // That of an entry, as a reader would fill it, but for the place of its pin.
    void recall(const barebpf_map_plan_entry &entry, const plain_map &map);

    barebpf_map_line line{};
    barebpf_map_spec spec{};
    barebpf_policy policy{};
};

// A reader of one text, with the memory it needs.
class map_reader : public whole_line
{
public:
    map_reader(const std::string &text, uint32_t cpus, uint32_t page_size);
    map_reader(const map_reader &) = delete;
    map_reader &operator=(const map_reader &) = delete;

    // As barebpf_map_file_next(), which cannot fail otherwise.
    int next() { return barebpf_map_file_next(&file, &line); }

    // Goes to the line of an entry of the plan.
    void go_to(const barebpf_map_plan_entry &entry);

    // Has the line of an entry as if it had been read.
    void recall_line(const barebpf_map_plan_entry &entry, const plain_map &map);

    // The line that was read last, if recall() makes the same of it.
    plain_map plain(const barebpf_map_plan_entry &entry) const;

    barebpf_map_file file{};

private:
    std::vector<char> room;
};

// What all files together say.
class map_set
{
public:
    // Reads the files and those they include, and works out the order. What is wrong becomes a problem. The
    // maps are for this kernel, which is predicted to make or refuse them.
    explicit map_set(const std::vector<std::string> &paths);
    // The same for other machines, with this page size, and without a prediction.
    map_set(const std::vector<std::string> &paths, uint32_t page_size);

    std::string place(const barebpf_map_plan_entry &entry) const;
    // As prediction::refusal_of().
    const reason *refusal_of(const barebpf_map_line &line) { return rules->refusal_of(line); }
    std::string pin(const barebpf_map_plan_entry &entry) const { return {entry.pin, entry.pin_size}; }

    // All entries, as the library's functions take them.
    barebpf_map_plan plan();

    std::deque<map_text> texts; // which stay where they are when one is added
    std::vector<place_line> places;
    std::vector<barebpf_map_plan_entry> entries;
    std::vector<plain_map> plain; // of each entry
    std::vector<bool> broken;     // of each entry: it, or one of its `set` lines, is wrong
    std::vector<problem> problems;
    std::vector<problem>
        predictions; // maps that this kernel would refuse, by the rules, and that may not be left out
    uint32_t cpus;   // possible ones
    uint32_t page_size;

private:
    struct inclusion; // the files that led to one

    void read(const std::string &path, const std::string &where, const inclusion *from);
    void read_lines(uint32_t file, const inclusion *here);
    void add_wrong_line(uint32_t file, const map_reader &reader);
    void add_map(uint32_t file, const map_reader &reader);
    void add_place(uint32_t file, const map_reader &reader);
    void read_all(const std::vector<std::string> &paths);
    void put_in_order();

    std::optional<prediction> rules;
};

} // namespace barebpf::tool

#endif
