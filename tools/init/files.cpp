// SPDX-License-Identifier: BSD-2-Clause
#include "files.h"

#include "journal.h"
#include "lib/core/machine.h"

namespace barebpf::init
{
namespace
{

constexpr size_t largest_file = 256 << 20;
constexpr size_t largest_key = 4096;
constexpr size_t largest_value = 16 << 20;

bool is_directory(const char *path)
{
    const int directory = sys::open_directory_anywhere(path);
    if (directory >= 0)
        sys::close(directory);
    return directory >= 0;
}

// Where the name of a file begins in its path.
size_t start_of_name(const char *path)
{
    size_t start = 0;
    for (size_t i = 0; path[i]; i++)
        if (path[i] == '/')
            start = i + 1;
    return start;
}

// Size of an open file, or -errno. Before Linux 4.11 nothing says which file it is.
int64_t look_at(map_text *to, int file)
{
    constexpr uint32_t kind = 0170000, regular = 0100000, directory = 0040000;
    sys::file_status about;
    clear(&about);
    if (sys::status_of_open(file, &about) < 0) {
        constexpr long to_the_end = 2;
        return static_cast<int64_t>(arch::call(__NR_lseek, file, 0, to_the_end, 0, 0));
    }
    if ((about.mode & kind) == directory)
        return -EISDIR;
    if ((about.mode & kind) != regular)
        return -ENODEV;
    to->device = about.device;
    to->inode = about.inode;
    return static_cast<int64_t>(about.size);
}

} // namespace

int map_open_file(map_text *to, int file)
{
    const int64_t size = look_at(to, file);
    if (size < 0)
        return static_cast<int>(size);
    if (size > int64_t{largest_file})
        return -EFBIG;
    to->size = static_cast<size_t>(size);
    if (!to->size)
        return 0;
    const long mapped = map_memory(to->size, file);
    if (is_error(mapped))
        return static_cast<int>(mapped);
    to->text = reinterpret_cast<const char *>(mapped);
    return 0;
}

void line_reader::start(const map_text &text)
{
    const uint32_t known_page = file.page_size, known_cpus = file.cpus;
    clear(&file);
    clear(&line);
    clear(&spec);
    clear(&policy);
    file.sz = sizeof(file);
    file.text = text.text;
    file.size = text.size;
    file.room = room;
    file.room_size = sizeof(room);
    file.key_room = largest_key;
    file.value_room = largest_value;
    file.page_size = known_page ? known_page : page_size();
    const int cpus = known_cpus ? static_cast<int>(known_cpus) : barebpf_possible_cpus();
    file.cpus = cpus > 0 ? static_cast<uint32_t>(cpus) : 0;
    spec.sz = sizeof(spec);
    policy.sz = sizeof(policy);
    line.sz = sizeof(line);
    line.spec = &spec;
    line.policy = &policy;
}

// To read on from the same place, into a room of its own.
void line_reader::start_like(const line_reader &other)
{
    copy(&file, &other.file, sizeof(file));
    file.room = room;
    clear(&line);
    clear(&spec);
    clear(&policy);
    spec.sz = sizeof(spec);
    policy.sz = sizeof(policy);
    line.sz = sizeof(line);
    line.spec = &spec;
    line.policy = &policy;
}

void line_reader::go_to(size_t at, uint32_t lines_before)
{
    file.at = at;
    file.line = lines_before;
    file.element = 0;
    file.filling = 0;
}

int line_reader::next()
{
    return barebpf_map_file_next(&file, &line);
}

// Always false.
bool map_set::out_of_memory()
{
    problems++;
    message(severity::error, "out of memory: not all lines were read").send();
    return false;
}

void map_set::cannot_read(const char *path, const origin &from, int error, const char *why)
{
    problems++;
    message text(severity::error);
    if (from.text != none) {
        text.put_place(path_of(from.text), from.line, from.column);
    } else {
        text.put_visible(path, length_of(path));
        text.put(": ");
    }
    text.put("cannot read ");
    text.put_in_quotes(path);
    text.put(": ");
    if (why)
        text.put(why);
    else
        text.put_errno(error);
    text.send();
}

bool map_set::is_being_read(const map_text &text, uint32_t by) const
{
    for (; text.inode && by != none; by = texts[by].included_by)
        if (texts[by].inode == text.inode && texts[by].device == text.device)
            return true;
    return false;
}

// Reports what is wrong. The text is empty then.
int map_set::map_text_into(map_text *to, const char *path, const origin &from)
{
    const int file = open_file(path);
    int result = file < 0 ? file : map_open_file(to, file);
    if (file >= 0)
        sys::close(file);
    const char *why = nullptr;
    if (result == -EISDIR)
        why = "it is a directory";
    else if (result == -ENODEV)
        why = "it is no regular file";
    else if (!result && is_being_read(*to, from.text))
        why = "it is being read already, so that the include would never end";
    else if (!result && from.text != none && depth == deepest_include)
        why = "files are included at most 16 deep";
    if (result || why)
        cannot_read(path, from, result, why);
    return result ? result : why ? -EINVAL : 0;
}

// Opens a file; a relative path starts at the directory of the text that includes it. Returns false, and says
// why, if it cannot be read.
bool map_set::open_text(const char *path, const origin &from)
{
    const bool absolute = path[0] == '/' || from.text == none;
    const size_t before = absolute ? 0 : start_of_name(path_of(from.text));
    const size_t size = length_of(path) + 1;
    map_text *text = texts.add();
    if (!text || grow(&paths, paths_size + before + size) < 0)
        return out_of_memory();
    char *whole = paths.bytes + paths_size;
    if (before)
        copy(whole, path_of(from.text), before);
    copy(whole + before, path, size);
    text->path = paths_size;
    text->included_by = from.text;
    paths_size += before + size;
    return map_text_into(text, whole, from) == 0;
}

void map_set::start_text(uint32_t text)
{
    current = text;
    reader.start(texts[text]);
}

void map_set::include()
{
    const origin from = {current, reader.line.line, reader.line.column};
    const position here = {reader.file.at, reader.file.line, current};
    if (!open_text(reader.line.path, from))
        return;
    above[depth++] = here;
    start_text(texts.count - 1);
}

void map_set::add_map()
{
    barebpf_map_plan_entry *entry = broken.add() ? entries.add() : nullptr;
    plan.sz = sizeof(plan);
    plan.entries = entries.begin();
    plan.room = entries.count;
    if (!entry || barebpf_map_plan_add(&plan, &reader.line, current) < 0)
        out_of_memory();
}

void map_set::add_place()
{
    place_line *place = places.add();
    if (!place) {
        out_of_memory();
        return;
    }
    place->at = reader.line.at;
    place->text = current;
    place->line = reader.line.line - 1;
}

void map_set::add_wrong_line()
{
    const barebpf_map_line &line = reader.line;
    problems++;
    message text(severity::error);
    text.put_place(path_of(current), line.wrong_line, line.wrong_column);
    char sentence[512];
    if (barebpf_map_line_text(&line, sentence, sizeof(sentence)) > 0)
        text.put(sentence);
    text.send();
    if (line.kind == BAREBPF_LINE_SET && reader.file.filling && plan.count &&
        entries[plan.count - 1].file == current)
        broken[plan.count - 1] = true;
}

void map_set::take_line(int result)
{
    if (result < 0)
        return add_wrong_line();
    switch (reader.line.kind) {
    case BAREBPF_LINE_MAP:
        return add_map();
    case BAREBPF_LINE_INCLUDE:
        return include();
    case BAREBPF_LINE_SET:
        return;
    default:
        return add_place();
    }
}

void map_set::read_texts()
{
    for (;;) {
        if (const int result = reader.next()) {
            take_line(result);
        } else if (depth) {
            const position &back = above[--depth];
            start_text(back.text);
            reader.go_to(back.at, back.line);
        } else {
            return;
        }
    }
}

void map_set::read(const char *path)
{
    if (is_directory(path)) {
        const char **directory = directories.add();
        if (directory)
            *directory = path;
        else
            out_of_memory();
        return;
    }
    read_file(path);
}

void map_set::read_file(const char *path)
{
    if (!open_text(path, {none, 0, 0}))
        return;
    start_text(texts.count - 1);
    read_texts();
}

void map_set::read_files(barebpf_map_files *files)
{
    int found = 0;
    while ((found = barebpf_map_files_next(files)) == 1) {
        const char *directory = barebpf_map_files_path(files, files->directory);
        const size_t size = length_of(directory);
        char path[5000];
        if (size > sizeof(path) - sizeof(files->name) - 1)
            return cannot_read(directory, {none, 0, 0}, -ENAMETOOLONG);
        copy(path, directory, size);
        path[size] = '/';
        copy(path + size + 1, files->name, sizeof(files->name));
        read_file(path);
    }
    if (found < 0)
        cannot_read(barebpf_map_files_path(files, files->directory), {none, 0, 0}, found);
}

void map_set::read_directories()
{
    barebpf_map_files files;
    clear(&files);
    files.sz = sizeof(files);
    files.directories = directories.begin();
    files.count = directories.count;
    if (files.count)
        read_files(&files);
}

void map_set::read_usual_directories()
{
    barebpf_map_files files;
    clear(&files);
    files.sz = sizeof(files);
    read_files(&files);
}

void map_set::report_wrong_entry(uint32_t index)
{
    const barebpf_map_plan_entry &entry = plan.entries[index];
    barebpf_map_line line;
    clear(&line);
    line.sz = sizeof(line);
    if (barebpf_map_plan_wrong(&plan, index, &line) < 0)
        return;
    problems++;
    message text(severity::error);
    text.put_place(path_of(entry.file), entry.line, entry.column);
    char sentence[512];
    if (barebpf_map_line_text(&line, sentence, sizeof(sentence)) > 0)
        text.put(sentence);
    text.send();
}

void map_set::put_in_order()
{
    plan.sz = sizeof(plan);
    const int wrong = barebpf_map_plan_order(&plan);
    for (uint32_t i = 0; i < plan.count; i++) {
        if (wrong > 0 && plan.entries[i].wrong)
            report_wrong_entry(i);
        if (is_wrong(i))
            barebpf_map_plan_fail(&plan, i);
    }
}

} // namespace barebpf::init
