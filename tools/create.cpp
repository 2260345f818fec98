// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"

#include <cerrno>

#include <fmt/format.h>

#include "account.h"
#include "attr.h"
#include "barebpf/barebpf.hpp"
#include "child.h"
#include "description.h"
#include "names.h"
#include "pin.h"
#include "probe.h"
#include "quote.h"
#include "reason.h"
#include "report.h"
#include "requirement.h"

namespace barebpf::tool
{
namespace
{

void check_name(const char *name, const barebpf_policy &policy)
{
    if (!(policy.give_up & BAREBPF_GIVE_UP_NAME_END) && name && name != cut_name(name))
        throw failure{usage,
                      fmt::format("name: {} has more than {} bytes; --give-up=name_end allows cutting it",
                                  in_quotes(name), longest_name)};
}

// What no kernel makes is answered without asking one.
void check_requirement(const description &wanted, bool bare)
{
    std::optional<failure> unmet = unmet_requirement(wanted.spec.map_type, objects_of(wanted.read));
    if (!unmet)
        return;
    if (bare)
        throw failure{unmet->code, unmet->text};
    throw *unmet;
}

// The kernel's own words about its refusal, from Linux 7.2 on. They take another request, since older kernels
// refuse one that comes with a log: so a map that can be made takes a single call.
std::string kernel_message(const barebpf_map_spec &spec, uint32_t *calls)
{
    char log[4096] = "";
    report done;
    done.log = log;
    done.log_size = sizeof(log);
    barebpf_policy unchanged{};
    unchanged.sz = sizeof(unchanged);
    unchanged.give_up = BAREBPF_GIVE_UP_NAME_END;
    const fd unexpected(barebpf_map_create(&spec, &unchanged, &done));
    log[sizeof(log) - 1] = 0;
    *calls = done.calls;
    return log;
}

// Asks the kernel again, at most as often as the kernel's own words left calls for, and not at all where the
// answer has nothing to do with the map.
reason reason_of(const request &wanted, int error, inquiry how)
{
    how.error = error;
    if (error == EMFILE || error == ENFILE)
        how.calls = 0;
    return find_reason(wanted.cut_spec(), how);
}

std::string headline(const barebpf_map_spec &spec, int error, const barebpf_report &done, const reason &why)
{
    const std::string setting = setting_text(spec, why);
    std::string text = type_text(spec.map_type) + ": ";
    if (!setting.empty())
        text += setting + ": ";
    if (was_made(done) || error == EMFILE)
        text += fmt::format("no descriptor above 2 is free for the map ({})", errno_name(error));
    else
        text += fmt::format("the kernel refused it ({})", errno_name(error));
    if (done.first_error && done.first_error != error)
        text += fmt::format("; the first attempt failed with {}", errno_name(done.first_error));
    if (why.explanation.error && why.explanation.error != error)
        text += fmt::format("; asked again, it answered {}", errno_name(why.explanation.error));
    return text;
}

// What a filter does is not always known to be its doing.
bool may_be_filter(const reason &why)
{
    return why.explanation.cause != BAREBPF_CAUSE_SECCOMP &&
           why.explanation.confidence < BAREBPF_SURE_PROVED && is_filtered();
}

failure refused_map(const request &wanted, int error, const barebpf_report &done)
{
    uint32_t spent = 0;
    const std::string log =
        was_made(done) || error == EMFILE ? "" : folded(kernel_message(wanted.spec, &spent));
    const reason why = reason_of(wanted, error, {0, every_call - spent, log, nullptr});
    failure explained{refused, headline(wanted.spec, error, done, why)};
    explained.lines = reason_lines(why, log);
    explained.members = reason_json(wanted.spec, why);
    if (!log.empty())
        explained.members["log"] = json_text(log);
    if (may_be_filter(why)) {
        explained.lines.front() +=
            "; a seccomp filter is in force, and may have answered in the kernel's place";
        explained.members["seccomp_filter"] = true;
    }
    return explained;
}

fd make(const request &wanted, const command_line &line, report *done)
{
    const int made = barebpf_map_create(&wanted.spec, &line.policy, done);
    if (made >= 0)
        return fd(made);
    if (line.bare_errno)
        throw failure{refused, refusal(made, *done)};
    throw refused_map(wanted, -made, *done);
}

void show(const account &made, const barebpf_map_spec &wanted, const barebpf_report &done, format form)
{
    if (form != format::text) {
        json document = account_json(made);
        add_report(&document, done);
        if (made.denied)
            document["account_error"] = errno_name(made.denied);
        return print(written(document, form));
    }
    for (const std::string &note : report_notes(wanted, done))
        warn("note: " + note);
    if (made.denied)
        warn(fmt::format("note: the kernel would not describe the map ({}), so its id and name are unknown",
                         errno_name(made.denied)));
    print(account_text(made));
}

} // namespace

request::request(const description &wanted)
    : spec(wanted.spec), cut(cut_name(wanted.spec.name)), objects(objects_of(wanted.read), &spec)
{
}

barebpf_map_spec request::cut_spec() const
{
    barebpf_map_spec same = spec;
    same.name = spec.name ? cut.c_str() : nullptr;
    return same;
}

void create(const command_line &line, format form)
{
    const description wanted(line.words);
    if (line.dry_run)
        return dry_run(wanted, form);
    check_name(wanted.spec.name, line.policy);
    check_requirement(wanted, line.bare_errno);
    if (line.child)
        check_child(*line.child);
    report done;
    const fd map = make(request(wanted), line, &done);
    account made = read_account(map.get());
    if (wanted.read.pin) {
        pin_map(map, wanted.read.pin);
        made.pin = wanted.read.pin;
    }
    try {
        show(made, wanted.spec, done, form);
        if (line.child)
            become(line.child, map);
    } catch (const failure &why) {
        // Someone may have opened the pin already, so it stays.
        const std::string stays =
            wanted.read.pin ? fmt::format("; the map stays pinned at {}", in_quotes(made.pin)) : "";
        throw failure{why.code, why.text + stays, true};
    }
}

} // namespace barebpf::tool
