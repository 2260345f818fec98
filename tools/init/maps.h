// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_INIT_MAPS_H
#define BAREBPF_TOOLS_INIT_MAPS_H

#include "files.h"
#include "journal.h"

namespace barebpf::init
{

// One run over all lines: directories and mounts in their order, then the maps, and what became of them.
class application
{
public:
    map_set set;

    // Returns false if something could not be done.
    bool run();

private:
    void apply_place(const place_line &place);
    int apply_directory(uint32_t text);
    int apply_mount(uint32_t text);
    void report_directory(const barebpf_directory &done);
    void apply_entry(uint32_t index);
    void apply_map(uint32_t index);
    void make_map(uint32_t index);
    bool open_objects(const barebpf_map_plan_entry &entry);
    int load_btf(const char *path);
    int make_token(const char *path);
    void close_objects();
    int ensure();
    static int fill(int map, void *application);
    int grow_scratch(uint64_t size);
    void report_map(const barebpf_map_plan_entry &entry);
    void report_left_out(const barebpf_map_plan_entry &entry);
    void report_refusal(const barebpf_map_plan_entry &entry, int error);
    void report_missing(uint32_t index, const char *lacks, size_t size);
    void report_object(const barebpf_map_plan_entry &entry, const char *what, const char *path, int error);
    void report_differences(severity level);
    void report_totals();

    line_reader reader;
    line_reader elements; // those of the map; it reads on from the map's line
    region scratch;
    barebpf_ensure_opts opts;
    barebpf_ensure_report report;
    barebpf_report creation;
    barebpf_map_filling filling;
    uint32_t release;
    uint32_t counts[7];
    uint32_t failures;
    uint32_t changes;
};

} // namespace barebpf::init

#endif
