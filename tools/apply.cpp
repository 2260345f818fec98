// SPDX-License-Identifier: BSD-2-Clause
#include "apply.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "barebpf/apply.h"
#include "ensure.h"
#include "journal.h"
#include "map_files.h"
#include "place.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

// How an outcome is called: what was done, what a dry run says would be done, and the sign of that in a diff.
struct naming {
    ensured what;
    const char *done;
    const char *planned;
    char sign;
};
constexpr naming names[] = {
    {ensured::unchanged, "unchanged", "unchanged", ' '},
    {ensured::created, "created", "create", '+'},
    {ensured::kept, "kept", "keep", '='},
    {ensured::replaced, "replaced", "replace", '~'},
    {ensured::migrated, "migrated", "migrate", '~'},
    {ensured::changed, "changed", "change", '~'},
    {ensured::skipped, "skipped", "skip", '-'},
};

const naming &name_of(ensured what)
{
    for (const naming &one : names)
        if (one.what == what)
            return one;
    throw failure{broken, "an outcome without a name"};
}

// fmt::format("{:<{}}", text, width), which costs several times as much: it is done for each map.
std::string in_column(std::string text, size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

// One run over all lines.
class application
{
public:
    application(const std::vector<const char *> &paths, bool only_plan, journal *to)
        : set(find_map_files(paths)), dry_run(only_plan), log(to)
    {
    }

    void run()
    {
        report_problems();
        for (const place_line &line : set.places)
            apply_line(line);
        for (size_t n = 0; n < set.entries.size(); n++) {
            apply_entry(set.entries[n].order);
            log->show_progress(n + 1, set.entries.size());
        }
        report_totals();
    }

    bool has_failed() const { return failures != 0; }
    bool has_changed() const { return changes != 0; }

private:
    void report_problems();
    void apply_line(const place_line &line);
    void apply_entry(uint32_t index);
    ensured_map plan_entry(map_reader *at);
    ensured_map ensure_entry(map_reader *at, uint32_t index);
    std::string missing_for(uint32_t index);
    void note_failure(uint32_t index);
    map_reader *reader_of(const barebpf_map_plan_entry &entry);
    map_reader *read_entry(uint32_t index);
    void report_map(const barebpf_map_plan_entry &entry, const ensured_map &done);
    json members_of(const barebpf_map_plan_entry &entry, const ensured_map &done) const;
    std::string text_of(const barebpf_map_plan_entry &entry, const ensured_map &done) const;
    void report_failure(const std::string &place, const std::string &path, const failure &why);
    void report_totals();

    map_set set;
    bool dry_run;
    journal *log;
    std::unique_ptr<map_reader> reader; // of the file below
    uint32_t reader_file = 0;
    filler elements;
    std::map<ensured, size_t> counts;
    size_t failures = 0;
    size_t changes = 0;
};

void application::report_problems()
{
    const auto report = [&](severity level, const problem &one) {
        json members = {{"place", json_text(one.place)}};
        if (!one.lines.empty())
            members["reasons"] = one.lines;
        log->report({level, fmt::format("{}: {}", one.place, one.text), one.lines, members});
    };
    for (const problem &one : set.problems)
        report(severity::error, one);
    // A plan says it of the map itself.
    for (size_t i = 0; !dry_run && i < set.predictions.size(); i++)
        report(severity::warning, set.predictions[i]);
    failures += set.problems.size();
}

void application::report_failure(const std::string &place, const std::string &path, const failure &why)
{
    failures++;
    json members = {{"place", json_text(place)}, {"path", json_text(path)}, {"result", "failed"}};
    members.update(why.members);
    if (!why.lines.empty())
        members["reasons"] = why.lines;
    log->report(
        {severity::error, fmt::format("{}: {}: {}", place, in_quotes(path), why.text), why.lines, members});
}

void application::apply_line(const place_line &line)
{
    const std::string place = line_place(set.texts[line.file], line.line, line.column);
    try {
        const std::vector<std::string> done = apply_place(line, dry_run);
        if (done.empty())
            return;
        changes++;
        const char *what = line.kind == BAREBPF_LINE_MKDIR ? "directory" : "bpffs";
        json members = {{"place", json_text(place)},
                        {"path", json_text(line.path)},
                        {"result", what},
                        {"differences", done}};
        log->report({severity::info, fmt::format("{}{:<9} {}", dry_run ? "~ " : "", what, visible(line.path)),
                     done, members});
    } catch (const failure &why) {
        barebpf_map_plan plan = set.plan();
        barebpf_map_plan_fail_below(&plan, line.path.c_str());
        report_failure(place, line.path, why);
    }
}

// Why a map cannot be made, if what it needs could not; otherwise empty.
std::string application::missing_for(uint32_t index)
{
    const barebpf_map_plan plan = set.plan();
    size_t size = 0;
    const char *lacks = barebpf_map_plan_lacks(&plan, index, &size);
    if (!lacks)
        return "";
    const char *what = lacks == set.entries[index].inner ? "its inner map " : "";
    return fmt::format("{}{} is missing", what, in_quotes({lacks, size}));
}

void application::note_failure(uint32_t index)
{
    barebpf_map_plan plan = set.plan();
    barebpf_map_plan_fail(&plan, index);
}

map_reader *application::reader_of(const barebpf_map_plan_entry &entry)
{
    if (!reader || reader_file != entry.file)
        reader = std::make_unique<map_reader>(set.texts[entry.file].text, set.cpus, set.page_size);
    reader_file = entry.file;
    reader->go_to(entry);
    return reader.get();
}

// The reader that has just read the line of an entry.
map_reader *application::read_entry(uint32_t index)
{
    map_reader *at = reader_of(set.entries[index]);
    if (set.plain[index].is_known())
        at->recall_line(set.entries[index], set.plain[index]);
    else if (at->next() != 1 || at->line.kind != BAREBPF_LINE_MAP)
        throw failure{broken, "the line is gone"};
    return at;
}

void application::apply_entry(uint32_t index)
{
    const barebpf_map_plan_entry &entry = set.entries[index];
    // Reported already.
    if (entry.wrong || set.broken[index])
        return note_failure(index);
    try {
        map_reader *at = read_entry(index);
        const std::string missing = missing_for(index);
        if (!missing.empty() && at->line.optional) {
            note_failure(index);
            return report_map(entry, {ensured::skipped, {missing}});
        }
        if (!missing.empty())
            throw failure{refused, "not made: " + missing};
        const ensured_map done = dry_run ? plan_entry(at) : ensure_entry(at, index);
        if (done.what == ensured::skipped)
            note_failure(index);
        report_map(entry, done);
    } catch (const failure &why) {
        note_failure(index);
        report_failure(set.place(entry), set.pin(entry), why);
    }
}

ensured_map application::ensure_entry(map_reader *at, uint32_t index)
{
    barebpf_map_plan plan = set.plan();
    return ensure_map(at, &elements, barebpf_map_plan_is_new(&plan, index));
}

// What would become of a map, with what the rules say about one that is to be made.
ensured_map application::plan_entry(map_reader *at)
{
    ensured_map would_be = plan_map(at);
    const reason *refusal = would_be.what == ensured::created ? set.refusal_of(at->line) : nullptr;
    if (!refusal)
        return would_be;
    failure why{refused,
                fmt::format("this kernel would refuse the map ({})", errno_name(refusal->explanation.error))};
    why.lines = reason_lines(*refusal);
    if (!at->line.optional)
        throw why;
    why.lines.insert(why.lines.begin(), why.text);
    return {ensured::skipped, why.lines};
}

void application::report_map(const barebpf_map_plan_entry &entry, const ensured_map &done)
{
    counts[done.what]++;
    changes += done.what != ensured::unchanged && done.what != ensured::skipped;
    if (done.what == ensured::unchanged)
        return;
    const severity level =
        done.what == ensured::skipped || done.what == ensured::kept ? severity::notice : severity::info;
    if (log->is_json())
        return log->report({level, "", done.lines, members_of(entry, done)});
    const std::string text = text_of(entry, done);
    log->report({level, level == severity::notice ? fmt::format("{}: {}", set.place(entry), text) : text,
                 done.lines});
}

json application::members_of(const barebpf_map_plan_entry &entry, const ensured_map &done) const
{
    const naming &name = name_of(done.what);
    json members = {{"place", set.place(entry)},
                    {"path", json_text(set.pin(entry))},
                    {"result", dry_run ? name.planned : name.done}};
    if (!done.lines.empty())
        members[done.what == ensured::skipped ? "reasons" : "differences"] = done.lines;
    if (done.elements)
        members["elements"] = done.elements;
    if (done.what == ensured::migrated && !dry_run)
        members.update({{"copied", done.copied}, {"left_out", done.left_out}});
    return members;
}

std::string application::text_of(const barebpf_map_plan_entry &entry, const ensured_map &done) const
{
    const naming &name = name_of(done.what);
    std::string text = dry_run ? fmt::format("{} {:<9} {}", name.sign, name.planned, visible(set.pin(entry)))
                               : in_column(name.done, 9) + ' ' + visible(set.pin(entry));
    if (done.elements)
        text += fmt::format("  elements {}", done.elements);
    if (done.what == ensured::migrated && !dry_run)
        text += fmt::format("  copied {}  left out {}", done.copied, done.left_out);
    return text;
}

void application::report_totals()
{
    json members = {{"maps", set.entries.size()}};
    std::string text = fmt::format("{} map{}", set.entries.size(), set.entries.size() == 1 ? "" : "s");
    const char *separator = ": ";
    const auto add = [&](const char *name, size_t count) {
        members[name] = count;
        if (count)
            text += fmt::format("{}{} {}", std::exchange(separator, ", "), count, name);
    };
    for (const naming &one : names)
        add(dry_run ? one.planned : one.done, counts[one.what]);
    add("failed", failures);
    if (!failures && !changes)
        text += dry_run ? "; nothing to change" : "; nothing was changed";
    log->report({severity::info, text, {}, members});
}

} // namespace

bool apply(const std::vector<const char *> &paths, bool dry_run, bool to_kernel, format form)
{
    journal log(form, to_kernel);
    application all(paths, dry_run, &log);
    all.run();
    log.finish();
    return !all.has_failed();
}

bool diff(const std::vector<const char *> &paths, format form)
{
    journal log(form, false);
    application all(paths, true, &log);
    all.run();
    log.finish();
    return !all.has_failed() && !all.has_changed();
}

} // namespace barebpf::tool
