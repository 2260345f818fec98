// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <net/if.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "account.h"
#include "barebpf/barebpf.hpp"
#include "description.h"
#include "report.h"

namespace barebpf::tool
{
namespace
{

fd open_inner_map(const char *pin)
{
    fd inner(barebpf_obj_get(pin));
    if (!inner)
        throw failure{refused, fmt::format("inner_map: cannot open '{}': {}", pin, errno_text(errno))};
    return inner;
}

uint32_t find_device(const char *name)
{
    const uint32_t index = if_nametoindex(name);
    if (!index)
        throw failure{refused,
                      fmt::format("offload_dev: no network device '{}': {}", name, errno_text(errno))};
    return index;
}

void check_name(const char *name, const barebpf_policy &policy)
{
    if (!(policy.give_up & BAREBPF_GIVE_UP_NAME_END) && name && name != cut_name(name))
        throw failure{usage,
                      fmt::format("name: '{}' has more than {} bytes; name_end in --give-up lets it be cut",
                                  name, longest_name)};
}

// What the kernel has to say about its refusal, from Linux 7.2 on. It is asked once more for that, so that a
// map which is made takes one call: older kernels refuse a request that comes with a log.
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
        inner = open_inner_map(wanted.read.inner_map);
        spec.inner_map_fd = static_cast<uint32_t>(inner.get());
    }
    if (wanted.read.offload_dev)
        spec.map_ifindex = find_device(wanted.read.offload_dev);
    const int made = barebpf_map_create(&spec, &policy, done);
    if (made < 0)
        throw failure{refused, refusal(made, *done, kernel_words(spec))};
    return fd(made);
}

bool in_bpffs(const std::string &path)
{
    const size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    struct statfs about;
    return statfs(directory.c_str(), &about) == 0 && about.f_type == BPF_FS_MAGIC;
}

void pin(const fd &map, const char *path)
{
    const int error = barebpf_obj_pin(map.get(), path);
    if (error == -EPERM && !in_bpffs(path))
        throw failure{refused,
                      fmt::format("PIN '{}' is not in a bpffs: {}; mount one with: mount -t bpf bpf DIR",
                                  path, errno_text(error))};
    if (error)
        throw failure{refused, fmt::format("PIN '{}' cannot be made: {}", path, errno_text(error))};
}

// Becomes the command, which finds the map's descriptor in BAREBPF_FD and keeps the map as long as it runs.
[[noreturn]] void become(char **child, const fd &map)
{
    setenv("BAREBPF_FD", std::to_string(map.get()).c_str(), 1);
    fcntl(map.get(), F_SETFD, 0);
    execvp(*child, child);
    const int code = errno == ENOENT ? not_found : cannot_run;
    throw failure{code, fmt::format("cannot run '{}': {}", *child, errno_text(errno))};
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
    report done;
    const fd map = make(wanted, line.policy, &done);
    account made = read_account(map.get());
    if (wanted.read.pin) {
        pin(map, wanted.read.pin);
        made.pin = wanted.read.pin;
    }
    try {
        show(made, wanted.spec, done, form);
        if (line.child)
            become(line.child, map);
    } catch (const failure &why) {
        if (!wanted.read.pin)
            throw;
        // Someone may have opened the pin already: it is the user's now, and stays.
        throw failure{why.code, fmt::format("{}; the map stays pinned at '{}'", why.text, made.pin)};
    }
}

} // namespace barebpf::tool
