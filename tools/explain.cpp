// SPDX-License-Identifier: BSD-2-Clause
#include "explain.h"

#include <optional>

#include <fmt/format.h>

#include "attr.h"
#include "create.h"
#include "description.h"
#include "names.h"
#include "pin.h"
#include "quote.h"
#include "reason.h"
#include "requirement.h"
#include "rule_text.h"

namespace barebpf::tool
{
namespace
{

const std::vector<std::string> &cause_names()
{
#define BAREBPF_NAME(upper, lower, value) #lower,
    static const std::vector<std::string> names = {BAREBPF_CAUSES(BAREBPF_NAME)};
#undef BAREBPF_NAME
    return names;
}

barebpf_cause find_cause(const char *name)
{
    const int cause = barebpf_cause_by_name(name);
    if (cause < 0)
        throw failure{usage,
                      fmt::format("explain: {} is no rule{}; give the words of a map, or a rule as create "
                                  "and explain name it with -j",
                                  in_quotes(name), did_you_mean(name, cause_names()))};
    barebpf_cause about{};
    about.sz = sizeof(about);
    barebpf_cause_about(static_cast<uint32_t>(cause), &about);
    return about;
}

std::vector<std::string> backports_of(const barebpf_cause &about)
{
    std::vector<std::string> releases;
    for (const uint32_t release : about.backports)
        if (release)
            releases.push_back(whole_release(release));
    return releases;
}

std::string rule_text(const barebpf_cause &about)
{
    std::string text = fmt::format("{}: {}\n", about.name, rule_sentence(about));
    if (!about.source)
        return text;
    text += fmt::format("  errno    {}\n", errno_text(about.error));
    if (about.member != BAREBPF_NO_MEMBER)
        text += fmt::format("  member   {}\n", barebpf_map_field_name(about.member));
    return text + fmt::format("  kernels  {}\n  source   {}\n", rule_kernels(about), about.source);
}

json rule_json(const barebpf_cause &about)
{
    json document = {{"cause", about.name}, {"text", rule_sentence(about)}};
    if (!about.source)
        return document;
    const auto release = [](uint32_t number) { return number ? json(whole_release(number)) : json(nullptr); };
    document["errno"] = about.error;
    document["errno_name"] = errno_name(about.error);
    const bool has_member = about.member != BAREBPF_NO_MEMBER;
    document["member"] = has_member ? json(barebpf_map_field_name(about.member)) : json(nullptr);
    document["since"] = release(about.since);
    document["until"] = release(about.until);
    document["backports"] = backports_of(about);
    document["source"] = about.source;
    return document;
}

void explain_rule(const char *name, format form)
{
    const barebpf_cause about = find_cause(name);
    print(form == format::text ? rule_text(about) : written(rule_json(about), form));
}

void show(const std::string &headline, const std::vector<std::string> &lines, const json &document,
          format form)
{
    if (form != format::text)
        return print(written(document, form));
    std::string text = headline + "\n";
    for (const std::string &line : lines)
        text += fmt::format("  {}\n", line);
    print(text);
}

void show_made(const barebpf_map_spec &spec, const reason &found, format form)
{
    const uint64_t memory = map_memory(spec);
    const std::string kernel = whole_release(found.explanation.release);
    const json document = {{"made", true}, {"kernel", kernel}, {"bytes_memory", memory}};
    show(fmt::format("{}: would be made on this kernel (Linux {}), and takes about {} bytes",
                     type_text(spec.map_type), kernel, memory),
         {}, document, form);
}

void show_refused(const barebpf_map_spec &spec, const reason &why, format form)
{
    const std::string setting = setting_text(spec, why);
    json document = {{"made", false}, {"kernel", whole_release(why.explanation.release)}};
    document.update(reason_json(spec, why));
    show(fmt::format("{}: {}would be refused ({})", type_text(spec.map_type),
                     setting.empty() ? "" : setting + ": ", errno_name(why.explanation.error)),
         reason_lines(why), document, form);
}

void show_unmet(const failure &unmet, format form)
{
    json document = {{"made", false}};
    document.update(unmet.members);
    show(unmet.text, unmet.lines, document, form);
}

// Whether a map that the kernel makes can be pinned where it is to be.
bool show_pin(const char *path, format form)
{
    const std::string problem = pin_problem(path);
    if (problem.empty())
        return true;
    const std::string text = fmt::format("cannot be pinned at {}: {}", in_quotes(path), problem);
    show(text, {}, {{"made", false}, {"pin", json_text(path)}, {"text", json_text(problem)}}, form);
    return false;
}

bool explain_map(const std::vector<const char *> &words, format form)
{
    const description wanted(words);
    warn_of_cut(wanted.spec.name);
    if (const std::optional<failure> unmet =
            unmet_requirement(wanted.spec.map_type, objects_of(wanted.read))) {
        show_unmet(*unmet, form);
        return false;
    }
    const request attempt(wanted);
    const barebpf_map_spec spec = attempt.cut_spec();
    const reason found = find_reason(spec, {0, every_call, "", nullptr});
    if (!found.is_made()) {
        show_refused(spec, found, form);
        return false;
    }
    if (wanted.read.pin && !show_pin(wanted.read.pin, form))
        return false;
    show_made(spec, found, form);
    return true;
}

} // namespace

bool explain(const std::vector<const char *> &words, format form)
{
    if (words.empty())
        throw failure{usage, "explain: give the words of a map, or the name of a rule"};
    if (words.size() > 1)
        return explain_map(words, form);
    explain_rule(words[0], form);
    return true;
}

} // namespace barebpf::tool
