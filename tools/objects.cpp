// SPDX-License-Identifier: BSD-2-Clause
#include "objects.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <net/if.h>

#include "barebpf/bpf.h"
#include "btf.h"
#include "failure.h"
#include "pin.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

constexpr const char *kernel_btf = "/sys/kernel/btf/vmlinux";

fd open_by_id(uint32_t id)
{
    fd map(barebpf_map_get_fd_by_id(id));
    if (!map)
        throw failure{refused, errno == ENOENT
                                   ? fmt::format("inner_map: no map has the id {}", id)
                                   : fmt::format("inner_map: cannot open the map with the id {}: {}", id,
                                                 errno_text(errno))};
    return map;
}

// The name of a map that is still there; "" for one that is not.
std::string name_of(uint32_t id)
{
    const fd map(barebpf_map_get_fd_by_id(id));
    bpf_map_info info{};
    __u32 size = sizeof(info);
    if (!map) {
        if (errno == ENOENT)
            return "";
        throw failure{refused, fmt::format("inner_map: cannot look for a name: {}", errno_text(errno))};
    }
    if (bpf_map_get_info_by_fd(map.get(), &info, &size))
        throw failure{refused, fmt::format("inner_map: cannot look for a name: {}", errno_text(errno))};
    return std::string(info.name, strnlen(info.name, sizeof(info.name)));
}

fd open_by_name(const std::string &name)
{
    std::vector<uint32_t> found;
    __u32 id = 0;
    int error = 0;
    while ((error = bpf_map_get_next_id(id, &id)) == 0)
        if (name_of(id) == name)
            found.push_back(id);
    if (error != -ENOENT)
        throw failure{refused, fmt::format("inner_map: cannot look for a name: {}", errno_text(error))};
    if (found.empty())
        throw failure{refused, fmt::format("inner_map: no map has the name {}", in_quotes(name))};
    if (found.size() > 1)
        throw failure{refused, fmt::format("inner_map: {} maps have the name {}: give one by its id, {}",
                                           found.size(), in_quotes(name), fmt::join(found, ", "))};
    return open_by_id(found.front());
}

// The last line of the kernel's log that says something.
std::string last_line(std::string log)
{
    log.erase(log.find_last_not_of(" \n") + 1);
    return log.substr(log.rfind('\n') + 1);
}

fd load(const std::vector<char> &types, const barebpf_map_spec &spec, std::string *log)
{
    bpf_btf_load_opts opts{};
    opts.sz = sizeof(opts);
    if (spec.map_flags & BAREBPF_F_TOKEN_FD) {
        opts.btf_flags = BAREBPF_F_TOKEN_FD;
        opts.token_fd = spec.token_fd;
    }
    if (log) {
        opts.log_buf = log->data();
        opts.log_size = static_cast<__u32>(log->size());
        opts.log_level = 1;
    }
    return fd(bpf_btf_load(types.data(), types.size(), &opts));
}

std::string reason_of_token(int error)
{
    switch (error) {
    case EINVAL:
        return "it is not the root directory of a bpffs, or this kernel is older than Linux 6.9";
    case ENOENT:
        return "the bpffs was mounted without delegate_cmds, delegate_maps and the like";
    case EPERM:
        return "a token needs CAP_BPF in the user namespace of the bpffs";
    case EOPNOTSUPP:
        return "a token is for a user namespace, and this is the initial one";
    default:
        return "";
    }
}

// The inner map, by pin, id or name; no descriptor when there is none.
fd open_inner_map(const object_names &names)
{
    if (names.inner_map)
        return open_map("inner_map", names.inner_map);
    if (names.inner_map_id)
        return open_by_id(names.inner_map_id);
    return names.inner_map_name ? open_by_name(names.inner_map_name) : fd();
}

uint32_t find_device(const char *name)
{
    const uint32_t index = if_nametoindex(name);
    if (!index)
        throw failure{refused, fmt::format("offload_dev: no network device {}: {}", in_quotes(name),
                                           errno_text(errno))};
    return index;
}

// A BTF object with the types of key and value, by the token of the map if it has one.
fd load_btf(const char *path, const barebpf_map_spec &spec)
{
    const btf_file types("btf", path);
    fd loaded = load(types.bytes(), spec, nullptr);
    if (loaded)
        return loaded;
    const int error = errno;
    std::string log(1 << 16, '\0');
    const fd unexpected = load(types.bytes(), spec, &log); // for the log, which of good BTF may be too long
    const std::string line = last_line(log.c_str());
    throw failure{refused, fmt::format("btf: the kernel refused {}: {}{}", in_quotes(path), errno_text(error),
                                       line.empty() ? "" : "; it says " + in_quotes(line))};
}

// A token of the bpffs with this root directory.
fd make_token(const char *path)
{
    const int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        throw failure{refused, fmt::format("token: cannot open {}: {}", in_quotes(path), errno_text(errno))};
    const fd root(directory);
    fd token(bpf_token_create(root.get(), nullptr));
    if (token)
        return token;
    const int error = errno;
    const std::string reason = reason_of_token(error);
    throw failure{refused, fmt::format("token: cannot make one from {}: {}{}", in_quotes(path),
                                       errno_text(error), reason.empty() ? "" : "; " + reason)};
}

} // namespace

object_names objects_of(const barebpf_map_words &read)
{
    return {read.inner_map, read.inner_map_name, read.inner_map_id, read.offload_dev,
            read.btf,       read.key_type,       read.value_type,   read.token};
}

object_names objects_of(const barebpf_map_line &line)
{
    return {line.inner_map, nullptr,         0,         line.offload_dev, line.btf,
            line.key_type,  line.value_type, line.token};
}

void find_types(const object_names &names, barebpf_map_spec *spec)
{
    const bool of_kernel = spec->map_type == BAREBPF_MAP_TYPE_STRUCT_OPS;
    if (names.key_type)
        spec->btf_key_type_id = btf_file("btf", names.btf).id_of("key_type", names.key_type);
    if (!names.value_type)
        return;
    const btf_file types(of_kernel ? "value_type" : "btf", of_kernel ? kernel_btf : names.btf);
    uint32_t *const id = of_kernel ? &spec->btf_vmlinux_value_type_id : &spec->btf_value_type_id;
    *id = types.id_of("value_type", names.value_type);
}

opened_objects::opened_objects(const object_names &names, barebpf_map_spec *spec)
{
    inner = open_inner_map(names);
    if (inner)
        spec->inner_map_fd = static_cast<uint32_t>(inner.get());
    if (names.token) {
        token = make_token(names.token);
        spec->map_flags |= BAREBPF_F_TOKEN_FD;
        spec->token_fd = static_cast<uint32_t>(token.get());
    }
    find_types(names, spec);
    if (names.btf) {
        btf = load_btf(names.btf, *spec);
        spec->btf_fd = static_cast<uint32_t>(btf.get());
    }
    if (names.offload_dev)
        spec->map_ifindex = find_device(names.offload_dev);
}

void assume_objects(const object_names &names, barebpf_map_spec *spec)
{
    if (names.token)
        spec->map_flags |= BAREBPF_F_TOKEN_FD;
    if (spec->map_type == BAREBPF_MAP_TYPE_STRUCT_OPS) {
        spec->btf_vmlinux_value_type_id = names.value_type || spec->btf_vmlinux_value_type_id ? 1 : 0;
        return;
    }
    if (!names.btf)
        return;
    spec->btf_key_type_id = spec->btf_key_type_id || names.key_type ? 1 : 0;
    spec->btf_value_type_id = 2;
}

} // namespace barebpf::tool
