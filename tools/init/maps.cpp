// SPDX-License-Identifier: BSD-2-Clause
#include "maps.h"

#include "barebpf/bpf.h"

namespace barebpf::init
{
namespace
{

constexpr size_t usual_scratch = 256 << 10;

// What becomes of a map, by the index of its count.
enum outcome : uint32_t {
    unchanged,
    created,
    kept,
    replaced,
    migrated,
    changed,
    skipped
};
constexpr char outcome_names[][10] = {"unchanged", "created", "kept",   "replaced",
                                      "migrated",  "changed", "skipped"};

outcome outcome_of(const barebpf_ensure_report &report)
{
    switch (report.outcome) {
    case BAREBPF_ENSURED_CREATED:
        return created;
    case BAREBPF_ENSURED_KEPT:
        return kept;
    case BAREBPF_ENSURED_REPLACED:
        return replaced;
    case BAREBPF_ENSURED_MIGRATED:
        return migrated;
    default:
        return report.did & BAREBPF_DID_ATTRIBUTES ? changed : unchanged;
    }
}

// A word and the blanks to the column behind it, as barebpf apply prints them.
void put_outcome(message *text, const char *word)
{
    text->put(word);
    for (size_t i = length_of(word); i < 10; i++)
        text->put(' ');
}

void put_octal(message *text, uint32_t mode)
{
    for (int shift = 9; shift >= 0; shift -= 3)
        text->put(static_cast<char>('0' + (mode >> shift & 7)));
}

void report_id(const char *what, uint32_t was, uint32_t is)
{
    message text(severity::info, "  ");
    text.put(what);
    text.put(" is ");
    text.put_decimal(was);
    text.put(", not ");
    text.put_decimal(is);
    text.send();
}

} // namespace

void application::report_directory(const barebpf_directory &done)
{
    if (!done.made && !done.changed)
        return;
    changes++;
    message text(severity::info);
    put_outcome(&text, "directory");
    text.put_visible(done.path, length_of(done.path));
    text.send();
    if (done.made)
        message(severity::info, "  it did not exist").send();
    if (done.changed & BAREBPF_ENSURE_MODE) {
        message mode(severity::info, "  mode is ");
        put_octal(&mode, done.was_mode);
        mode.put(", not ");
        put_octal(&mode, done.mode);
        mode.send();
    }
    if (done.changed & BAREBPF_ENSURE_UID)
        report_id("owner", done.was_owner, done.owner);
    if (done.changed & BAREBPF_ENSURE_GID)
        report_id("group", done.was_group, done.group);
}

int application::apply_directory(uint32_t file)
{
    static constexpr char steps[][20] = {"use the directory", "make", "use the directory",
                                         "change the owner of", "change the mode of"};
    barebpf_directory directory;
    clear(&directory);
    directory.sz = sizeof(directory);
    directory.path = reader.line.path;
    directory.mode = reader.line.mode;
    directory.owner = reader.line.owner;
    directory.group = reader.line.group;
    const int result = barebpf_directory_ensure(&directory);
    if (result == 0) {
        report_directory(directory);
        return 0;
    }
    message text(severity::error);
    text.put_place(set.path_of(file), reader.line.line, reader.line.column);
    text.put_in_quotes(directory.path);
    text.put(": cannot ");
    text.put(steps[directory.step - 1]);
    text.put(' ');
    text.put_in_quotes(directory.path, directory.failed_at ? directory.failed_at : length_of(directory.path));
    text.put(": ");
    text.put_errno(result);
    text.send();
    return result;
}

int application::apply_mount(uint32_t file)
{
    const char *path = reader.line.path;
    const int result =
        barebpf_bpffs_mount(path, reader.line.mode == BAREBPF_LINE_UNSET ? 0 : reader.line.mode);
    if (result == 0)
        return 0;
    message text(result < 0 ? severity::error : severity::info);
    if (result > 0) {
        changes++;
        put_outcome(&text, "bpffs");
        text.put_visible(path, length_of(path));
    } else {
        text.put_place(set.path_of(file), reader.line.line, reader.line.column);
        text.put_in_quotes(path);
        text.put(": cannot mount a bpffs there: ");
        text.put_errno(result);
    }
    text.send();
    return result;
}

void application::apply_place(const place_line &place)
{
    reader.start(set.texts[place.text]);
    reader.go_to(place.at, place.line);
    if (reader.next() != 1 || !reader.line.path) {
        failures++;
        message text(severity::error, "a file has been changed while it was read: ");
        text.put_in_quotes(set.path_of(place.text));
        return text.send();
    }
    const bool directory = reader.line.kind == BAREBPF_LINE_MKDIR;
    if ((directory ? apply_directory(place.text) : apply_mount(place.text)) >= 0)
        return;
    failures++;
    barebpf_map_plan_fail_below(&set.plan, reader.line.path);
}

namespace
{

// How a message about a map begins.
void put_map(message *text, const map_set &set, const barebpf_map_plan_entry &entry)
{
    text->put_place(set.path_of(entry.file), entry.line, entry.column);
    text->put_in_quotes(entry.pin, entry.pin_size);
    text->put(": ");
}

} // namespace

void application::report_missing(uint32_t index, const char *lacks, size_t size)
{
    const barebpf_map_plan_entry &entry = set.plan.entries[index];
    const bool left_out = reader.line.optional;
    message text(left_out ? severity::notice : severity::error);
    put_map(&text, set, entry);
    text.put(left_out ? "skipped: " : "not made: ");
    if (lacks == entry.inner)
        text.put("its inner map ");
    text.put_in_quotes(lacks, size);
    text.put(" is missing");
    text.send();
    if (left_out)
        counts[skipped]++;
    else
        failures++;
}

void application::report_object(const barebpf_map_plan_entry &entry, const char *what, const char *path,
                                int error)
{
    failures++;
    message text(severity::error);
    put_map(&text, set, entry);
    text.put(what);
    text.put(' ');
    text.put_in_quotes(path);
    text.put(": ");
    text.put_errno(error);
    text.send();
}

void application::report_differences(severity level)
{
    for (uint32_t i = 0; i < report.difference_count; i++) {
        char sentence[256];
        message text(level, "  ");
        if (barebpf_difference_text(&report, i, 1, sentence, sizeof(sentence)) > 0)
            text.put_visible(sentence, length_of(sentence));
        text.send();
    }
}

void application::report_refusal(const barebpf_map_plan_entry &entry, int error)
{
    failures++;
    message text(severity::error);
    put_map(&text, set, entry);
    text.put("cannot ");
    text.put(barebpf_step_text(report.step));
    text.put(": ");
    text.put_errno(error);
    if (filling.failed_line) {
        text.put(" (line ");
        text.put_decimal(filling.failed_line);
        text.put(")");
    }
    text.send();
    report_differences(severity::error);
}

void application::report_left_out(const barebpf_map_plan_entry &entry)
{
    counts[skipped]++;
    message text(severity::notice);
    put_map(&text, set, entry);
    if (reader.line.since > release) {
        text.put("skipped: it is for Linux ");
        text.put_decimal(reader.line.since >> 16);
        text.put('.');
        text.put_decimal(reader.line.since >> 8 & 255);
        text.put(" and newer");
    } else {
        text.put("skipped: this kernel does not make it: ");
        text.put_errno(creation.first_error);
    }
    text.send();
}

void application::report_map(const barebpf_map_plan_entry &entry)
{
    const outcome what = outcome_of(report);
    counts[what]++;
    if (what == unchanged)
        return;
    changes++;
    message text(what == kept ? severity::notice : severity::info);
    put_outcome(&text, outcome_names[what]);
    text.put_visible(entry.pin, entry.pin_size);
    if (filling.elements) {
        text.put("  elements ");
        text.put_decimal(filling.elements);
    }
    if (what == migrated) {
        text.put("  copied ");
        text.put_decimal(report.copied);
        text.put("  left out ");
        text.put_decimal(report.left_out);
    }
    text.send();
    report_differences(what == kept ? severity::notice : severity::info);
}

int application::grow_scratch(uint64_t size)
{
    if (size > SIZE_MAX / 4)
        return -ENOMEM;
    if (const int refused = grow(&scratch, static_cast<size_t>(size)))
        return refused;
    filling.scratch = opts.scratch = scratch.bytes;
    filling.scratch_size = opts.scratch_size = scratch.size;
    return 0;
}

int application::fill(int map, void *context)
{
    application *of = static_cast<application *>(context);
    int result = barebpf_map_fill(map, &of->filling);
    if (result != -ENOBUFS || !of->filling.scratch_needed)
        return result;
    if (const int refused = of->grow_scratch(of->filling.scratch_needed))
        return refused;
    return barebpf_map_fill(map, &of->filling);
}

// Makes sure of the map of the line that was read. Its elements are read by another reader, so that the line
// stays.
int application::ensure()
{
    elements.start_like(reader);
    clear(&filling);
    filling.sz = sizeof(filling);
    filling.file = &elements.file;
    filling.line = &elements.line;
    clear(&opts);
    opts.sz = sizeof(opts);
    barebpf_map_line_opts(&reader.line, &opts);
    if (barebpf_map_fill_is_needed(&elements.file)) {
        opts.fill = fill;
        opts.context = this;
    }
    clear(&creation);
    creation.sz = sizeof(creation);
    clear(&report);
    report.sz = sizeof(report);
    report.created = &creation;
    report.step = BAREBPF_STEP_CHECK;
    if (const int refused = grow_scratch(usual_scratch))
        return refused;
    const int result = barebpf_ensure_map(&reader.spec, reader.line.pin, &opts, &report);
    if (result != -ENOBUFS || report.step != BAREBPF_STEP_MIGRATE || report.scratch_needed <= scratch.size)
        return result;
    if (const int refused = grow_scratch(report.scratch_needed))
        return refused;
    return barebpf_ensure_map(&reader.spec, reader.line.pin, &opts, &report);
}

// By the token of the map, if it has one.
int application::load_btf(const char *path)
{
    map_text types;
    clear(&types);
    const int file = open_file(path);
    if (file < 0)
        return file;
    int result = map_open_file(&types, file);
    sys::close(file);
    if (result < 0)
        return result;
    bpf_btf_load_opts with;
    clear(&with);
    with.sz = sizeof(with);
    with.btf_flags = reader.spec.map_flags & BAREBPF_F_TOKEN_FD;
    with.token_fd = reader.spec.token_fd;
    result = bpf_btf_load(types.text, types.size, &with);
    if (types.text)
        release_memory(types.text, types.size);
    return result;
}

int application::make_token(const char *path)
{
    const int directory = sys::open_directory_anywhere(path);
    if (directory < 0)
        return directory;
    const int token = bpf_token_create(directory, nullptr);
    sys::close(directory);
    if (token >= 0)
        reader.spec.map_flags |= BAREBPF_F_TOKEN_FD;
    return token;
}

// Opens what the line names besides the map, into its spec. Says what cannot be opened. Names of types are
// for those that have the room to look them up.
bool application::open_objects(const barebpf_map_plan_entry &entry)
{
    const barebpf_map_line &line = reader.line;
    const char *type = line.key_type ? line.key_type : line.value_type;
    barebpf_map_spec &spec = reader.spec;
    const auto take = [&](const char *what, const char *path, int result, uint32_t *to) {
        if (result < 0)
            report_object(entry, what, path, result);
        else
            *to = static_cast<uint32_t>(result);
        return result >= 0;
    };
    return take("btf: give the id, not the name, of type", type, type ? -EOPNOTSUPP : 0, &spec.map_ifindex) &&
           take("inner_map: cannot open", line.inner_map,
                line.inner_map ? barebpf_obj_get(line.inner_map) : 0, &spec.inner_map_fd) &&
           take("token: cannot make one from", line.token, line.token ? make_token(line.token) : 0,
                &spec.token_fd) &&
           take("btf: cannot load", line.btf, line.btf ? load_btf(line.btf) : 0, &spec.btf_fd) &&
           take("offload_dev: no network device", line.offload_dev,
                line.offload_dev ? find_interface(line.offload_dev) : 0, &spec.map_ifindex);
}

namespace
{

void close_object(uint32_t fd)
{
    if (fd)
        sys::close(static_cast<int>(fd));
}

} // namespace

void application::close_objects()
{
    close_object(reader.spec.inner_map_fd);
    close_object(reader.spec.token_fd);
    close_object(reader.spec.btf_fd);
}

void application::make_map(uint32_t index)
{
    const barebpf_map_plan_entry &entry = set.plan.entries[index];
    if (!open_objects(entry)) {
        close_objects();
        barebpf_map_plan_fail(&set.plan, index);
        return;
    }
    const int map = ensure();
    close_objects();
    if (map >= 0) {
        sys::close(map);
        return report_map(entry);
    }
    barebpf_map_plan_fail(&set.plan, index);
    if (barebpf_map_line_is_left_out(&reader.line, release, &report))
        report_left_out(entry);
    else
        report_refusal(entry, map);
}

void application::apply_entry(uint32_t index)
{
    const barebpf_map_plan_entry &entry = set.plan.entries[index];
    if (set.is_wrong(index))
        return;
    reader.start(set.texts[entry.file]);
    reader.go_to(entry.at, entry.line - 1);
    if (reader.next() != 1 || reader.line.kind != BAREBPF_LINE_MAP) {
        failures++;
        message text(severity::error);
        put_map(&text, set, entry);
        text.put("not made: the file has been changed meanwhile");
        text.send();
        barebpf_map_plan_fail(&set.plan, index);
        return;
    }
    size_t size = 0;
    const char *lacks = barebpf_map_plan_lacks(&set.plan, index, &size);
    if (lacks || barebpf_map_line_is_left_out(&reader.line, release, nullptr)) {
        barebpf_map_plan_fail(&set.plan, index);
        return lacks ? report_missing(index, lacks, size) : report_left_out(entry);
    }
    make_map(index);
}

void application::report_totals()
{
    const char *separator = ": ";
    message text(severity::info);
    const auto add = [&](const char *name, uint32_t count) {
        if (!count)
            return;
        text.put(separator);
        text.put_decimal(count);
        text.put(' ');
        text.put(name);
        separator = ", ";
    };
    text.put_decimal(set.plan.count);
    text.put(set.plan.count == 1 ? " map" : " maps");
    for (uint32_t i = 0; i < sizeof(outcome_names) / sizeof(outcome_names[0]); i++)
        add(outcome_names[i], counts[i]);
    add("failed", failures);
    if (!failures && !changes)
        text.put("; nothing was changed");
    text.send();
}

bool application::run()
{
    release = barebpf_kernel_release();
    set.put_in_order();
    failures = set.problems;
    for (uint32_t i = 0; i < set.places.count; i++)
        apply_place(set.places[i]);
    for (uint32_t i = 0; i < set.plan.count; i++)
        apply_entry(set.plan.entries[i].order);
    report_totals();
    return !failures;
}

} // namespace barebpf::init
