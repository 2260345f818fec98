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

fd make(const description &wanted)
{
    barebpf_map_spec spec = wanted.spec;
    fd inner;
    if (wanted.read.inner_map) {
        inner = open_inner_map(wanted.read.inner_map);
        spec.inner_map_fd = static_cast<uint32_t>(inner.get());
    }
    if (wanted.read.offload_dev)
        spec.map_ifindex = find_device(wanted.read.offload_dev);
    fd map(barebpf_map_create(&spec, nullptr, nullptr));
    if (!map)
        throw failure{refused, fmt::format("the kernel refused to make the map: {}", errno_text(errno))};
    return map;
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

void show_and_run(const fd &map, const account &made, const command_line &line, format form)
{
    print(form == format::text ? account_text(made) : written(account_json(made), form));
    if (line.child)
        become(line.child, map);
}

} // namespace

void create(const command_line &line, format form)
{
    const description wanted(line.words);
    const fd map = make(wanted);
    account made = read_account(map.get());
    if (!wanted.read.pin)
        return show_and_run(map, made, line, form);
    pin(map, wanted.read.pin);
    made.pin = wanted.read.pin;
    try {
        show_and_run(map, made, line, form);
    } catch (const failure &why) {
        // Someone may have opened the pin already: it is the user's now, and stays.
        throw failure{why.code, fmt::format("{}; the map stays pinned at '{}'", why.text, made.pin)};
    }
}

} // namespace barebpf::tool
