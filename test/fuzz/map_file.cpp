// SPDX-License-Identifier: BSD-2-Clause
//
// Reads any bytes as a map file. What must hold for all of them is checked here; libFuzzer and the sanitizers
// find the rest. The text has no byte behind it, and neither have the buffers.
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "barebpf/map_file.h"

namespace
{

constexpr size_t room_size = 256;
constexpr size_t key_room = 16;
constexpr size_t value_room = 128;
constexpr int most_lines = 200; // ranges have many elements

void require(bool holds)
{
    if (!holds)
        std::abort();
}

struct reader {
    barebpf_map_file file;
    barebpf_map_line line;
    barebpf_map_spec spec;
    barebpf_policy policy;
    std::unique_ptr<char[]> room{new char[room_size]};
    std::unique_ptr<char[]> key{new char[key_room]};
    std::unique_ptr<char[]> value{new char[value_room]};

    reader(const char *text, size_t size)
    {
        std::memset(&file, 0, sizeof(file));
        std::memset(&line, 0, sizeof(line));
        std::memset(&spec, 0, sizeof(spec));
        std::memset(&policy, 0, sizeof(policy));
        file.sz = sizeof(file);
        line.sz = sizeof(line);
        spec.sz = sizeof(spec);
        policy.sz = sizeof(policy);
        file.text = text;
        file.size = size;
        file.room = room.get();
        file.room_size = room_size;
        file.key_room = key_room;
        file.value_room = value_room;
        file.page_size = 4096;
        file.cpus = 3;
        line.spec = &spec;
        line.policy = &policy;
    }
};

void check_string(const char *string)
{
    require(!string || std::strlen(string) < room_size);
}

void check_line(const reader &r)
{
    require(r.line.wrong == 0 && r.line.kind >= BAREBPF_LINE_MAP && r.line.kind <= BAREBPF_LINE_INCLUDE);
    require((r.line.kind == BAREBPF_LINE_MAP) == (r.line.pin != nullptr));
    require(r.line.kind != BAREBPF_LINE_SET || r.line.element < r.line.elements);
    for (const char *string : {r.line.path, r.line.pin, r.line.inner_map, r.line.offload_dev, r.line.btf,
                               r.line.key_type, r.line.value_type, r.line.token})
        check_string(string);
}

void check_error(const reader &r)
{
    char text[64];
    const size_t begin = static_cast<size_t>(r.line.wrong_word - r.file.text);
    require(!r.line.wrong_word || (begin <= r.file.size && r.line.wrong_size <= r.file.size - begin));
    require(r.line.wrong && r.line.wrong_line >= 1 && r.line.wrong_column >= 1);
    require(barebpf_map_line_text(&r.line, text, sizeof(text)) > 1 && *text);
    for (const char *at = text; *at; at++)
        require(*at >= ' ' && *at < 0x7f);
}

// Returns how many errors a text has. Elements are written, or only checked.
int read_text(const char *text, size_t size, bool write)
{
    reader r(text, size);
    if (write)
        r.file.key = r.key.get(), r.file.value = r.value.get();
    int errors = 0;
    for (int i = 0; i < most_lines; i++) {
        const size_t at = r.file.at;
        const uint64_t element = r.file.element;
        const int result = barebpf_map_file_next(&r.file, &r.line);
        require(r.file.at <= size && r.file.at >= at);
        if (result == 0) {
            require(r.file.at == size);
            return errors;
        }
        require(r.file.at > at || r.file.element > element);
        errors += result < 0;
        result < 0 ? check_error(r) : check_line(r);
    }
    return -1;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const std::unique_ptr<char[]> text{new char[size]};
    std::memcpy(text.get(), data, size);
    const int checked = read_text(text.get(), size, false);
    const int written = read_text(text.get(), size, true);
    require(checked < 0 || written < 0 || checked == written);
    return 0;
}
