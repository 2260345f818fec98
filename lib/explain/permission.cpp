// SPDX-License-Identifier: BSD-2-Clause
#include "inquiry.h"
#include "lib/core/errno.h"
#include "lib/core/sys.h"

namespace barebpf
{
namespace
{

bool is_gate(rule why)
{
    return why == rule::every_command_needs_root || why == rule::unprivileged_bpf_disabled;
}

verdict predicted(const inquiry &of)
{
    return decide_on(of.seen, of.seen.kernel, of.given);
}

// Returns the error for a command that no kernel has, with a size that none accepts.
int try_unknown_command(inquiry *of)
{
    constexpr uint32_t above_any_page = 1 << 20;
    if (of->calls >= of->most_calls)
        return not_tried;
    of->calls++;
    return sys::bpf(sys::command::unknown, &of->given, above_any_page);
}

bool cannot_tell(inquiry *of, cause first, cause second)
{
    suspect(of, first);
    suspect(of, second);
    return conclude(of, cause::unknown, BAREBPF_SURE_CANNOT_TELL);
}

// With a filter in force, something refuses before the kernel reads the size. If that could be the kernel
// itself, because the caller lacks permission, another command decides, which from 5.19 on needs none.
bool blame_filter(inquiry *of)
{
    if (of->error == ENOSYS && !of->seen.has_bpf)
        return try_unknown_command(of) == -ENOSYS ? cannot_tell(of, cause::seccomp, cause::no_bpf)
                                                  : conclude(of, cause::seccomp, BAREBPF_SURE_PROVED);
    const bool gate = is_gate(predicted(*of).why) && of->error == EPERM;
    if (!gate)
        return conclude(of, cause::seccomp, BAREBPF_SURE_PROVED);
    const int other = try_unknown_command(of);
    if (other == -E2BIG)
        return false;
    if (of->seen.kernel >= release_of(5, 19) || other != -EPERM)
        return conclude(of, cause::seccomp, BAREBPF_SURE_PROVED);
    return cannot_tell(of, cause::seccomp, cause_of(predicted(*of).why));
}

const object *token_of(const inquiry &of)
{
    const surroundings &seen = of.seen;
    for (size_t i = 0; i < seen.machine.object_count; i++)
        if (of.given.map_flags & BAREBPF_F_TOKEN_FD && seen.objects[i].fd == of.given.map_token_fd &&
            seen.objects[i].kind == object_kind::token)
            return &seen.objects[i];
    return nullptr;
}

bool is_lent(const privileges &lent)
{
    return lent.sys_admin || lent.bpf || lent.net_admin;
}

// True if the command is refused as a whole: otherwise the kernel refuses a type that it does not have as
// such.
bool is_command_refused(inquiry *of)
{
    map_create_attr stranger;
    clear(&stranger);
    stranger.map_type = 0xffff;
    return try_request(of, stranger) == -of->error;
}

bool is_refusal_of_module(int error)
{
    return error == EPERM || error == EACCES;
}

// Something refuses before the kernel reads the size. Mainline's lockdown, since Linux 5.4, refuses no map;
// that of the patches which distributions had before refused all of bpf(2).
bool explain_early_refusal(inquiry *of)
{
    if (of->seen.kernel < release_of(5, 4))
        suspect(of, cause::lockdown);
    if (of->seen.filtered)
        suspect(of, cause::seccomp);
    return conclude(of, cause::unknown, BAREBPF_SURE_CANNOT_TELL);
}

// Where every map is refused, no rule about this one is the reason. A filter may have a supervisor, who reads
// the attr as a module does.
bool explain_by_module(inquiry *of)
{
    const bool every_map = is_command_refused(of);
    if (every_map)
        of->found.possible_count = 0;
    suspect(of, cause::security_module);
    if (of->seen.filtered)
        suspect(of, cause::seccomp);
    return every_map &&
           (explain_by_elimination(of) || conclude(of, cause::unknown, BAREBPF_SURE_CANNOT_TELL));
}

} // namespace

bool explain_by_filter(inquiry *of)
{
    if (!of->seen.machine_read || !of->seen.surely_filtered || !of->most_calls)
        return false;
    const int reach = test_reach(of);
    return reach == -of->error && blame_filter(of);
}

bool explain_by_namespace(inquiry *of)
{
    const verdict ruling = decide_on(of->seen, of->seen.kernel, of->given);
    remedy how;
    clear(&how);
    how.member = field::none;
    if (of->error != EPERM || ruling.error != EPERM || facts_of(ruling.why).how != mending::permission)
        return false;
    copy(&of->found.ruling, &ruling, sizeof(ruling));
    if (const object *token = token_of(*of); token && !has(token->granted, of->given.map_type)) {
        how.member = field::map_token_fd;
        how.given = static_cast<uint32_t>(of->given.map_token_fd);
        copy(&of->found.how, &how, sizeof(how));
        return conclude(of, cause::token_without_type, BAREBPF_SURE_PROVED);
    }
    if (!of->seen.inner_namespace || !is_lent(of->seen.lent) || token_of(*of))
        return false;
    copy(&of->found.how, &how, sizeof(how));
    return conclude(of, cause::user_namespace, BAREBPF_SURE_PREDICTED);
}

bool explain_by_permission(inquiry *of)
{
    of->found.how.member = field::none;
    if (of->error == EMFILE || of->error == ENFILE)
        return conclude(of, cause::descriptors, BAREBPF_SURE_PROVED);
    if (of->error == ENOSYS && of->seen.machine_read && !of->seen.filtered)
        return conclude(of, cause::no_bpf, BAREBPF_SURE_PROVED);
    if (of->error == ENOSYS)
        return cannot_tell(of, cause::seccomp, cause::no_bpf);
    if (!is_refusal_of_module(of->error) || !of->most_calls)
        return false;
    return test_reach(of) == 1 ? explain_by_module(of) : explain_early_refusal(of);
}

bool explain_by_elimination(inquiry *of)
{
    const finding &found = of->found;
    const bool only_module = found.possible_count == 1 && found.possible[0] == cause::security_module;
    return only_module && conclude(of, cause::security_module, BAREBPF_SURE_PREDICTED);
}

} // namespace barebpf
