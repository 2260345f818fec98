// SPDX-License-Identifier: BSD-2-Clause
#include "kernel.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <sched.h>
#include <sstream>
#include <sys/mount.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel_btf.h"
#include "test/releases.h"

namespace barebpf::test
{
namespace
{

std::string text_of(const std::string &path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The last number in a file: 3 of "0-3".
uint32_t last_number_in(const char *path, uint32_t otherwise)
{
    const std::string text = text_of(path);
    const size_t end = text.find_last_of("0123456789");
    if (end == std::string::npos)
        return otherwise;
    const size_t before = text.find_last_not_of("0123456789", end);
    return static_cast<uint32_t>(std::stoul(text.substr(before == std::string::npos ? 0 : before + 1)));
}

// Debian's kernels have the stable release in the version; their release has Debian's ABI number.
release number_of(const utsname &name)
{
    const char *debian = std::strstr(name.version, "Debian ");
    const release stable = debian ? release_in(debian + std::strlen("Debian ")) : 0;
    return stable ? stable : release_in(name.release);
}

// /proc/buddyinfo has a column for each size of the page allocator, and kmalloc's limit is the largest of
// them.
uint32_t kmalloc_max(uint32_t page_size)
{
    std::istringstream text(text_of("/proc/buddyinfo"));
    std::string line;
    std::getline(text, line);
    std::istringstream words(line);
    const auto count = std::distance(std::istream_iterator<std::string>(words), {});
    constexpr auto before = 4; // "Node 0, zone DMA"
    return count > before ? page_size << (count - before - 1) : 4u << 20;
}

struct named_config {
    const char *option;
    uint32_t bit;
};

constexpr named_config configs[] = {
    {"NET", config_net},
    {"INET", config_inet},
    {"BPF_STREAM_PARSER", config_stream_parser},
    {"XDP_SOCKETS", config_xdp_sockets},
    {"PERF_EVENTS", config_perf_events},
    {"CGROUPS", config_cgroups},
    {"CGROUP_BPF", config_cgroup_bpf},
    {"BPF_JIT", config_bpf_jit},
    {"BPF_LSM", config_bpf_lsm},
    {"64BIT", config_64bit},
};

bool is_64_bit(const std::string &machine)
{
    return machine.find("64") != std::string::npos || machine == "s390x";
}

std::string output_of(const char *command)
{
    const std::unique_ptr<FILE, int (*)(FILE *)> pipe(popen(command, "r"), pclose);
    std::string output;
    char part[4096];
    while (pipe && fgets(part, sizeof(part), pipe.get()))
        output += part;
    return output;
}

// The configuration of Debian's kernels, which do not contain it.
uint32_t debian_config(const std::string &machine)
{
    uint32_t config = config_everything;
    if (!is_64_bit(machine))
        config &= ~static_cast<uint32_t>(config_64bit);
    if (machine == "s390x")
        config &= ~static_cast<uint32_t>(config_bpf_jit | config_bpf_lsm);
    return config;
}

uint32_t config_of(const utsname &name)
{
    std::string text = text_of(std::string("/boot/config-") + name.release);
    if (text.empty() && access("/proc/config.gz", R_OK) == 0)
        text = output_of("zcat /proc/config.gz");
    if (text.empty())
        return debian_config(name.machine);
    uint32_t config = 0;
    for (const named_config &known : configs)
        if (text.find(std::string("\nCONFIG_") + known.option + "=y\n") != std::string::npos)
            config |= known.bit;
    return config;
}

// If securityfs is not mounted, it is mounted where no other process sees it.
bool is_lsm_active()
{
    constexpr auto directory = "/sys/kernel/security";
    if (unshare(CLONE_NEWNS) == 0 && mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0)
        mount("securityfs", directory, "securityfs", 0, nullptr);
    const std::string active = text_of(std::string(directory) + "/lsm");
    return active.empty() || ("," + active + ",").find(",bpf,") != std::string::npos;
}

uint32_t cache_line(const std::string &machine)
{
    if (machine == "s390x")
        return 256;
    return machine == "ppc64le" ? 128 : 64;
}

// For kernels without BTF the layout of their structs is stated here.
void take_sizes(kernel &found, const std::map<std::string, kernel_struct> &structs,
                const std::string &machine)
{
    const auto size_of = [&](const char *name, uint32_t otherwise) {
        const auto at = structs.find(name);
        return at == structs.end() ? otherwise : at->second.size;
    };
    const bool i386 = machine[0] == 'i' && !is_64_bit(machine);
    environment &surroundings = found.surroundings;
    surroundings.pointer_size = is_64_bit(machine) ? 8 : 4;
    surroundings.shift_count_wraps = i386;
    surroundings.cgroup_key_size = size_of("bpf_cgroup_storage_key", i386 ? 12 : 16);
    surroundings.local_storage_header = size_of("bpf_local_storage_elem", 2 * cache_line(machine));
}

// A kernel has a value of its own, bpf_struct_ops_X, around each struct X of functions that a map may
// replace.
std::vector<struct_ops_type> struct_ops_among(const std::map<std::string, kernel_struct> &structs)
{
    const std::string prefix = "bpf_struct_ops_";
    std::vector<struct_ops_type> found;
    for (const auto &[name, value] : structs)
        if (name.starts_with(prefix) && structs.contains(name.substr(prefix.size())))
            found.push_back({value.id, value.size, -1});
    return found;
}

void take_machine(kernel &found, const std::string &machine)
{
    environment &surroundings = found.surroundings;
    surroundings.page_size = static_cast<uint32_t>(sysconf(_SC_PAGESIZE));
    surroundings.kmalloc_max = kmalloc_max(surroundings.page_size);
    surroundings.built_for_cpus = last_number_in("/sys/devices/system/cpu/kernel_max", 8191) + 1;
    surroundings.possible_cpus = last_number_in("/sys/devices/system/cpu/possible", 0) + 1;
    surroundings.numa_nodes = last_number_in("/sys/devices/system/node/online", 0) + 1;
    surroundings.max_stack = last_number_in("/proc/sys/kernel/perf_event_max_stack", 127);
    surroundings.arena_in_jit = machine == "x86_64" || machine == "aarch64" || machine == "s390x";
    struct sysinfo info = {};
    sysinfo(&info);
    found.memory = uint64_t{info.totalram} * info.mem_unit;
}

} // namespace

uint32_t config_called(const std::string &option)
{
    for (const named_config &known : configs)
        if (option == known.option)
            return known.bit;
    return 0;
}

kernel running_kernel(uint32_t without)
{
    utsname name{};
    uname(&name);
    const release number = number_of(name);
    kernel found{};
    found.number = number;
    found.name = "Linux " + std::to_string(major_of(number)) + "." + std::to_string(minor_of(number)) + "." +
                 std::to_string(patch_of(number)) + " " + name.machine;
    take_machine(found, name.machine);
    const auto structs = kernel_structs();
    take_sizes(found, structs, name.machine);
    found.struct_ops = struct_ops_among(structs);
    environment &surroundings = found.surroundings;
    surroundings.config = config_of(name) & ~without;
    surroundings.unprivileged_bpf_disabled = last_number_in("/proc/sys/kernel/unprivileged_bpf_disabled", 0);
    surroundings.lsm_active = is_lsm_active();
    return found;
}

} // namespace barebpf::test
