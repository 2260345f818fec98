// SPDX-License-Identifier: BSD-2-Clause
// A pinned map that the first start of a program makes and fills, and every later one finds. Usage: ensure
// PIN, in a bpffs
#include <barebpf/map.hpp>
#include <stdio.h>

using limits = barebpf::map<uint32_t, uint64_t>;

static bool start(const char *pin, uint32_t entries)
{
    barebpf::ensure_report report;
    const auto map = limits::ensure(
        pin, {.type = barebpf::map_type::hash, .max_entries = entries, .name = "limits"},
        [](limits &made) { return made.set(7, 100); }, // before anyone can see it
        {.mode = 0640}, &report);
    if (map) {
        printf("%s, 7: %llu\n", report.what() == barebpf::ensured::created ? "made" : "found",
               static_cast<unsigned long long>(*map->get(7)));
        return true;
    }
    for (uint32_t i = 0; i < report.difference_count; i++) {
        char text[128];
        barebpf_difference_text(&report, i, 0, text, sizeof(text));
        printf("%s: %s\n", map.error().name(), text);
    }
    return false;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: ensure PIN\n");
        return 2;
    }
    if (!start(argv[1], 16) || !start(argv[1], 16))
        return 1;
    return start(argv[1], 32) ? 1 : 0;
}
// Prints:
// made, 7: 100
// found, 7: 100
// EEXIST: max_entries is 16, not 32
