// SPDX-License-Identifier: BSD-2-Clause
#include "ensure.h"

#include <cerrno>
#include <optional>

#include <fmt/format.h>
#include <sys/stat.h>

#include "barebpf/apply.h"
#include "barebpf/bpf.h"
#include "description.h"
#include "names.h"
#include "objects.h"
#include "pin.h"
#include "place.h"
#include "prediction.h"
#include "quote.h"
#include "reason.h"
#include "rule_text.h"

namespace barebpf::tool
{
namespace
{

// The map of a line, as ensure takes it.
struct wanted_map {
    wanted_map(const barebpf_map_line &line, bool dry_run) : spec(*line.spec), cut(cut_name(spec.name))
    {
        if (spec.name && (line.policy->give_up & BAREBPF_GIVE_UP_NAME_END))
            spec.name = cut.c_str();
        // Of a map that is not made only the types are looked up: its inner map may not be there yet.
        if (dry_run)
            find_types(objects_of(line), &spec);
        else
            objects.emplace(objects_of(line), &spec);
    }

    barebpf_map_spec spec;
    std::string cut;
    std::optional<opened_objects> objects;
};

// What ensure is to do, and what it did.
struct ensuring {
    explicit ensuring(const barebpf_map_line &line)
    {
        opts.sz = sizeof(opts);
        barebpf_map_line_opts(&line, &opts);
        creation.sz = sizeof(creation);
        report.sz = sizeof(report);
        report.created = &creation;
    }

    // Again with more scratch, if that is what it lacked; nothing was made then.
    int run(const barebpf_map_spec &spec, const char *pin)
    {
        const int result = barebpf_ensure_map(&spec, pin, &opts, &report);
        if (result != -ENOBUFS || report.step != BAREBPF_STEP_MIGRATE ||
            report.scratch_needed <= scratch.size())
            return result;
        scratch.resize(static_cast<size_t>(report.scratch_needed));
        opts.scratch = scratch.data();
        opts.scratch_size = scratch.size();
        return barebpf_ensure_map(&spec, pin, &opts, &report);
    }

    barebpf_ensure_opts opts{};
    barebpf_ensure_report report{};
    barebpf_report creation{};

private:
    std::vector<char> scratch;
};

std::vector<std::string> differences_of(const barebpf_ensure_report &report)
{
    std::vector<std::string> all;
    for (uint32_t i = 0; i < report.difference_count; i++) {
        char text[256] = "";
        if (barebpf_difference_text(&report, i, 1, text, sizeof(text)) > 0)
            all.emplace_back(visible(text));
    }
    return all;
}

// What the filler needs, and where the elements begin: a map is filled again if it has to be made again.
struct filling {
    map_reader *reader;
    filler *elements;
};

int fill_map(int map, void *context)
{
    const filling *given = static_cast<const filling *>(context);
    return given->elements->fill(given->reader, map);
}

// A map that was about to be made is not.
int refuse_to_fill(int, void *)
{
    return -ECANCELED;
}

failure refused_creation(const barebpf_map_spec &spec, int error, const ensuring &how)
{
    const uint32_t spent = how.creation.calls < every_call ? how.creation.calls : every_call;
    const reason why = find_reason(spec, {error, every_call - spent, "", nullptr});
    failure problem{refused, fmt::format("the kernel refused the map ({})", errno_name(error))};
    problem.lines = reason_lines(why);
    problem.members = reason_json(spec, why);
    return problem;
}

failure failure_of_step(const wanted_map &wanted, int error, const ensuring &how, const filler &elements)
{
    const barebpf_ensure_report &report = how.report;
    if (report.step == BAREBPF_STEP_CREATE && !report.difference_count)
        return refused_creation(wanted.spec, error, how);
    const char *step = barebpf_step_text(report.step);
    failure problem{refused, fmt::format("cannot {}: {}", step ? step : "make the map", errno_text(error))};
    if (report.step == BAREBPF_STEP_FILL)
        problem.text += fmt::format(" (line {})", elements.line);
    problem.lines = differences_of(report);
    return problem;
}

// Throws why a map is not there, unless its line allows that.
ensured_map leave_out(const barebpf_map_line &line, const failure &why, const ensuring &how)
{
    if (!barebpf_map_line_is_left_out(&line, barebpf_kernel_release(), &how.report))
        throw why;
    ensured_map left_out{ensured::skipped, why.lines};
    left_out.lines.insert(left_out.lines.begin(), why.text);
    return left_out;
}

ensured outcome_of(const barebpf_ensure_report &report)
{
    switch (report.outcome) {
    case BAREBPF_ENSURED_CREATED:
        return ensured::created;
    case BAREBPF_ENSURED_KEPT:
        return ensured::kept;
    case BAREBPF_ENSURED_REPLACED:
        return ensured::replaced;
    case BAREBPF_ENSURED_MIGRATED:
        return ensured::migrated;
    default:
        return report.did & BAREBPF_DID_ATTRIBUTES ? ensured::changed : ensured::unchanged;
    }
}

// The line's own words are overwritten while its elements are read.
ensured_map make_sure(const barebpf_map_line &line, const wanted_map &wanted, filling with, bool is_new)
{
    ensuring how(line);
    how.opts.is_new = is_new;
    if (barebpf_map_fill_is_needed(&with.reader->file)) {
        how.opts.fill = fill_map;
        how.opts.context = &with;
    }
    const std::string pin = line.pin;
    with.elements->elements = 0;
    const std::vector<std::string> attributes = attribute_differences(pin, line.mode, line.owner, line.group);
    const fd map(how.run(wanted.spec, pin.c_str()));
    if (!map)
        return leave_out(line, failure_of_step(wanted, errno, how, *with.elements), how);
    ensured_map done{outcome_of(how.report), differences_of(how.report), with.elements->elements};
    if (done.what == ensured::changed)
        done.lines = attributes;
    done.copied = how.report.copied;
    done.left_out = how.report.left_out;
    return done;
}

bool is_pinned(const char *pin)
{
    struct stat about;
    return lstat(pin, &about) == 0;
}

ensured would_become(uint32_t exists)
{
    return exists == BAREBPF_EXISTS_KEEP      ? ensured::kept
           : exists == BAREBPF_EXISTS_REPLACE ? ensured::replaced
                                              : ensured::migrated;
}

// The pinned map is verified as if others were to be refused; a map is never made.
ensured_map look_at(const barebpf_map_line &line, const wanted_map &wanted)
{
    if (!is_pinned(line.pin))
        return {ensured::created};
    ensuring how(line);
    how.opts.exists = BAREBPF_EXISTS_FAIL;
    how.opts.set = 0;
    how.opts.fill = refuse_to_fill;
    const fd map(how.run(wanted.spec, line.pin));
    const int error = map ? 0 : errno;
    if (error == ECANCELED)
        return {ensured::created};
    if (!error) {
        std::vector<std::string> attributes =
            attribute_differences(line.pin, line.mode, line.owner, line.group);
        return {attributes.empty() ? ensured::unchanged : ensured::changed, attributes};
    }
    if (how.report.step != BAREBPF_STEP_VERIFY || line.exists == BAREBPF_EXISTS_FAIL)
        return leave_out(line, failure_of_step(wanted, error, how, {}), how);
    return {would_become(line.exists), differences_of(how.report)};
}

bool is_for_newer_kernel(const barebpf_map_line &line)
{
    return line.since && barebpf_map_line_is_left_out(&line, barebpf_kernel_release(), nullptr);
}

ensured_map left_to_newer_kernel(const barebpf_map_line &line)
{
    return {ensured::skipped, {fmt::format("it is for Linux {} and newer", whole_release(line.since))}};
}

} // namespace

ensured_map ensure_map(map_reader *reader, filler *elements, bool is_new)
{
    const barebpf_map_line line = reader->line;
    if (is_for_newer_kernel(line))
        return left_to_newer_kernel(line);
    return make_sure(line, wanted_map(line, false), {reader, elements}, is_new);
}

ensured_map plan_map(map_reader *reader)
{
    const barebpf_map_line &line = reader->line;
    return is_for_newer_kernel(line) ? left_to_newer_kernel(line) : look_at(line, wanted_map(line, true));
}

} // namespace barebpf::tool
