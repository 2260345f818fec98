// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_INIT_FILES_H
#define BAREBPF_TOOLS_INIT_FILES_H

#include "barebpf/apply.h"
#include "memory.h"

namespace barebpf::init
{

// A map file, mapped into memory.
struct map_text {
    const char *text;
    size_t size;
    size_t path;     // where it begins in the paths
    uint64_t device; // with the inode, which file it is; 0 before Linux 4.11
    uint64_t inode;
    uint32_t included_by; // index of another text, or none
    uint32_t depth;       // of includes
};
constexpr uint32_t none = UINT32_MAX;

// A mkdir or mount line.
struct place_line {
    size_t at;
    uint32_t text;
    uint32_t line; // lines before it
};

// What is needed to read lines, and the line that was read.
struct line_reader {
    barebpf_map_file file;
    barebpf_map_line line;
    barebpf_map_spec spec;
    barebpf_policy policy;
    char room[BAREBPF_LINE_ROOM];

    void start(const map_text &text);
    void start_like(const line_reader &other);
    void go_to(size_t at, uint32_t lines_before);
    int next();
};

// Maps an open file that is only read. Returns 0; -EISDIR, -ENODEV for what is no regular file, or another
// -errno.
int map_open_file(map_text *to, int file);

// What all files together say.
class map_set
{
public:
    // Reads a file and those it includes. A directory is only noted.
    void read(const char *path);

    // Reads the map files of the directories that were noted, or of the usual ones.
    void read_directories();
    void read_usual_directories();

    // Works out the order of the maps, and marks those with a wrong line as missing.
    void put_in_order();

    // True if a line of this entry is wrong, which was reported.
    bool is_wrong(uint32_t index) const { return plan.entries[index].wrong || broken[index]; }

    const char *path_of(uint32_t text) const { return paths.bytes + texts[text].path; }

    list<map_text> texts;
    list<place_line> places;
    barebpf_map_plan plan;
    uint32_t problems; // that were reported

private:
    static constexpr uint32_t deepest_include = 16;

    // Where a file is named: a line of a text, or nowhere.
    struct origin {
        uint32_t text;
        uint32_t line;
        uint32_t column;
    };
    struct position {
        size_t at;
        uint32_t line;
        uint32_t text;
    };

    void read_file(const char *path);
    bool open_text(const char *path, const origin &from);
    int map_text_into(map_text *to, const char *path, const origin &from);
    bool is_being_read(const map_text &text, uint32_t by) const;
    void start_text(uint32_t text);
    void read_texts();
    void take_line(int result);
    void include();
    void add_map();
    void add_place();
    void add_wrong_line();
    void report_wrong_entry(uint32_t index);
    void read_files(barebpf_map_files *files);
    void cannot_read(const char *path, const origin &from, int error, const char *why = nullptr);
    bool out_of_memory();

    list<barebpf_map_plan_entry> entries;
    region paths;
    size_t paths_size;
    list<bool> broken; // of each entry: one of its `set` lines is wrong
    list<const char *> directories;
    line_reader reader;
    uint32_t current;                // text that is read
    position above[deepest_include]; // of the texts that include it
    uint32_t depth;                  // how many these are
};

} // namespace barebpf::init

#endif
