// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"

#include <cerrno>

#include <fmt/format.h>
#include <net/if.h>

#include "account.h"
#include "barebpf/barebpf.hpp"
#include "child.h"
#include "description.h"
#include "pin.h"
#include "quote.h"
#include "report.h"

namespace barebpf::tool
{
namespace
{

uint32_t find_device(const char *name)
{
    const uint32_t index = if_nametoindex(name);
    if (!index)
        throw failure{refused, fmt::format("offload_dev: no network device {}: {}", in_quotes(name),
                                           errno_text(errno))};
    return index;
}

void check_name(const char *name, const barebpf_policy &policy)
{
    if (!(policy.give_up & BAREBPF_GIVE_UP_NAME_END) && name && name != cut_name(name))
        throw failure{usage,
                      fmt::format("name: {} has more than {} bytes; --give-up=name_end allows cutting it",
                                  in_quotes(name), longest_name)};
}

// The kernel's own words about its refusal, from Linux 7.2 on. They take another request, since older kernels
// refuse one that comes with a log: so a map that can be made takes a single call.
std::string kernel_words(const barebpf_map_spec &spec)
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
    return log;
}

fd make(const description &wanted, const barebpf_policy &policy, report *done)
{
    barebpf_map_spec spec = wanted.spec;
    check_name(spec.name, policy);
    fd inner;
    if (wanted.read.inner_map) {
        inner = open_map("inner_map", wanted.read.inner_map);
        spec.inner_map_fd = static_cast<uint32_t>(inner.get());
    }
    if (wanted.read.offload_dev)
        spec.map_ifindex = find_device(wanted.read.offload_dev);
    const int made = barebpf_map_create(&spec, &policy, done);
    if (made < 0)
        throw failure{refused, refusal(made, *done, was_made(*done) ? "" : kernel_words(spec))};
    return fd(made);
}

void show(const account &made, const barebpf_map_spec &wanted, const barebpf_report &done, format form)
{
    if (form != format::text) {
        json document = account_json(made);
        add_report(&document, done);
        return print(written(document, form));
    }
    for (const std::string &note : report_notes(wanted, done))
        warn("note: " + note);
    print(account_text(made));
}

} // namespace

void create(const command_line &line, format form)
{
    const description wanted(line.words);
    if (line.child)
        check_child(*line.child);
    report done;
    const fd map = make(wanted, line.policy, &done);
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
