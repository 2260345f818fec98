// SPDX-License-Identifier: BSD-2-Clause
#include "files.h"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <linux/btf.h>

namespace barebpf::test
{
namespace
{

std::string range_to(uint32_t last)
{
    return last ? "0-" + std::to_string(last) + "\n" : "0\n";
}

std::string info_of(const object &one)
{
    const std::string common = "pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t1\n";
    char text[64] = "";
    switch (one.kind) {
    case object_kind::map:
        return common + "map_type:\t" + std::to_string(one.map_type) + "\nkey_size:\t4\n";
    case object_kind::btf:
    case object_kind::kernel_btf:
    case object_kind::module_btf:
        return common + "btf_id:\t7\n";
    case object_kind::token:
        std::snprintf(text, sizeof(text), "allowed_maps:\t0x%llx\n",
                      static_cast<unsigned long long>(one.granted));
        return common + "allowed_cmds:\t0x1\n" + text;
    default:
        return common;
    }
}

// Writes BTF types one after the other.
class blob
{
public:
    void words(std::initializer_list<uint32_t> numbers)
    {
        for (const uint32_t number : numbers)
            types_.append(reinterpret_cast<const char *>(&number), sizeof(number));
    }

    uint32_t string(const std::string &text)
    {
        const auto offset = static_cast<uint32_t>(strings_.size());
        strings_ += text + '\0';
        return offset;
    }

    void header(const char *name, uint32_t kind, uint32_t members, uint32_t size_or_type)
    {
        words({name ? string(name) : 0, kind << 24 | members, size_or_type});
    }

    std::string whole() const
    {
        btf_header about{};
        about.magic = BTF_MAGIC;
        about.version = BTF_VERSION;
        about.hdr_len = sizeof(about);
        about.type_len = about.str_off = static_cast<uint32_t>(types_.size());
        about.str_len = static_cast<uint32_t>(strings_.size());
        return std::string(reinterpret_cast<const char *>(&about), sizeof(about)) + types_ + strings_;
    }

private:
    std::string types_;
    std::string strings_ = std::string(1, '\0');
};

constexpr struct {
    uint16_t bit;
    const char *name;
} special_structs[] = {
    {special_spin_lock, "bpf_spin_lock"},
    {special_timer, "bpf_timer"},
    {special_list_head, "bpf_list_head"},
    {special_rb_root, "bpf_rb_root"},
    {special_workqueue, "bpf_wq"},
    {special_task_work, "bpf_task_work"},
    {special_kptr, nullptr},
    {special_res_spin_lock, "bpf_res_spin_lock"},
};

// Types after those listed: the integers of a cgroup storage key, and one for each kind of special member.
struct helpers {
    uint32_t int8, int4, special;
};

void write_structure(blob &to, const btf_type &one, const helpers &ids)
{
    if (one.cgroup_key) {
        to.header("key", BTF_KIND_STRUCT, 2, one.size);
        return to.words({to.string("inode"), ids.int8, 0, to.string("type"), ids.int4, 64});
    }
    const auto members = static_cast<uint32_t>(__builtin_popcount(one.specials));
    to.header("value", BTF_KIND_STRUCT, members, one.size);
    for (uint32_t i = 0; i < std::size(special_structs); i++)
        if (one.specials & special_structs[i].bit)
            to.words({to.string("member"), ids.special + i, 0});
}

void write_type(blob &to, const btf_type &one, const helpers &ids)
{
    switch (one.kind) {
    case btf_kind::integer:
    case btf_kind::odd_int:
        to.header("number", BTF_KIND_INT, 0, one.size);
        return to.words({one.kind == btf_kind::integer ? 8 * one.size : 4 * one.size});
    case btf_kind::structure:
        return write_structure(to, one, ids);
    case btf_kind::datasec:
        return to.header(".data", BTF_KIND_DATASEC, 0, one.size);
    case btf_kind::other:
        return to.header("either", BTF_KIND_UNION, 0, one.size);
    case btf_kind::sizeless:
        return to.header("unknown", BTF_KIND_FWD, 0, 0);
    }
}

void write_helpers(blob &to, const helpers &ids)
{
    constexpr uint32_t type_tag = 18; // BTF_KIND_TYPE_TAG
    const uint32_t tag = ids.special + static_cast<uint32_t>(std::size(special_structs));
    to.header("u64", BTF_KIND_INT, 0, 8);
    to.words({64});
    to.header("u32", BTF_KIND_INT, 0, 4);
    to.words({32});
    for (const auto &special : special_structs)
        if (special.name)
            to.header(special.name, BTF_KIND_STRUCT, 0, 8);
        else
            to.header(nullptr, BTF_KIND_PTR, 0, tag);
    to.header("kptr", type_tag, 0, 0);
}

} // namespace

std::optional<std::string> file_at(const std::string &path, const environment &machine,
                                   const std::map<int, object> &open)
{
    const std::string fdinfo = "/proc/self/fdinfo/";
    if (path.starts_with(fdinfo)) {
        const auto at = open.find(std::stoi(path.substr(fdinfo.size())));
        return at == open.end() ? std::nullopt : std::optional(info_of(at->second));
    }
    const std::map<std::string, std::string> files = {
        {"/proc/sys/kernel/unprivileged_bpf_disabled",
         std::to_string(machine.unprivileged_bpf_disabled) + "\n"},
        {"/proc/sys/kernel/perf_event_max_stack", std::to_string(machine.max_stack) + "\n"},
        {"/proc/net/dev", "Inter-|   Receive"},
        {"/sys/devices/system/cpu/possible", range_to(machine.possible_cpus - 1)},
        {"/sys/devices/system/cpu/kernel_max", std::to_string(machine.built_for_cpus - 1) + "\n"},
        {"/sys/devices/system/node/online", range_to(machine.numa_nodes - 1)},
        {"/sys/kernel/security/lsm", machine.lsm_active ? "lockdown,capability,bpf" : "lockdown,capability"},
    };
    if (path == "/proc/net/dev" && !(machine.config & config_net))
        return std::nullopt;
    const auto at = files.find(path);
    return at == files.end() ? std::nullopt : std::optional(at->second);
}

std::string btf_bytes(const btf_type *types, uint32_t count)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < count; i++)
        last = std::max(last, types[i].id);
    const helpers ids = {last + 1, last + 2, last + 3};
    blob to;
    for (uint32_t id = 1; id <= last; id++) {
        const btf_type *one = std::find_if(types, types + count, [id](const auto &t) { return t.id == id; });
        write_type(to, one == types + count ? btf_type{id, 0, btf_kind::sizeless, false, 0} : *one, ids);
    }
    write_helpers(to, ids);
    return to.whole();
}

} // namespace barebpf::test
