// SPDX-License-Identifier: BSD-2-Clause
#include "kernel.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/version.h>
#include <memory>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <vector>

#include "test/uname.h"

namespace barebpf::test
{
namespace
{

std::string release()
{
    utsname name{};
    uname(&name);
    return name.release;
}

std::string output_of(const std::string &command)
{
    const std::unique_ptr<FILE, int (*)(FILE *)> pipe(popen(command.c_str(), "r"), pclose);
    std::string output;
    char part[4096];
    while (pipe && fgets(part, sizeof(part), pipe.get()))
        output += part;
    return output;
}

std::string read_file(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

const std::string &configuration()
{
    static const std::string text = [] {
        const std::string installed = read_file("/boot/config-" + release());
        return installed.empty() ? output_of("zcat /proc/config.gz 2>/dev/null") : installed;
    }();
    return text;
}

// Loads the program `return 0`, and closes it.
void load_program()
{
    const bpf_insn instructions[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0},
                                     {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
    bpf_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
    attr.insns = reinterpret_cast<uintptr_t>(instructions);
    attr.insn_cnt = 2;
    attr.license = reinterpret_cast<uintptr_t>("");
    const fd program(static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr))));
}

} // namespace

uint32_t running_kernel()
{
    const release_numbers running = running_release_numbers();
    return KERNEL_VERSION(running.major, running.minor, 0);
}

std::string missing_permission()
{
    const rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    const bool lifted = setrlimit(RLIMIT_MEMLOCK, &unlimited) == 0;
    if (create_map(small_array))
        return "";
    const std::string status = read_file("/proc/self/status");
    unsigned long long capable = 0;
    std::sscanf(status.c_str() + status.find("CapEff:"), "CapEff: %llx", &capable);
    if ((capable & (1ull << 39 | 1ull << 21)) == 0)
        return "neither CAP_BPF nor CAP_SYS_ADMIN";
    if (status.find("\nSeccomp:\t2") != std::string::npos)
        return "a seccomp filter refuses bpf(2)";
    return lifted || running_kernel() >= KERNEL_VERSION(5, 11, 0)
               ? ""
               : "RLIMIT_MEMLOCK, without CAP_SYS_RESOURCE";
}

std::optional<bool> configured(const std::string &option)
{
    if (configuration().empty())
        return std::nullopt;
    return configuration().find("\nCONFIG_" + option + "=y\n") != std::string::npos;
}

fd int_btf()
{
    struct {
        btf_header header;
        btf_type type;
        uint32_t encoding;
        char strings[5];
    } blob{};
    blob.header.magic = BTF_MAGIC;
    blob.header.version = BTF_VERSION;
    blob.header.hdr_len = sizeof(btf_header);
    blob.header.type_len = sizeof(btf_type) + sizeof(uint32_t);
    blob.header.str_off = blob.header.type_len;
    blob.header.str_len = sizeof(blob.strings);
    blob.type.name_off = 1;
    blob.type.info = BTF_KIND_INT << 24;
    blob.type.size = 4;
    blob.encoding = BTF_INT_SIGNED << 24 | 32;
    std::memcpy(blob.strings, "\0int", 5);
    bpf_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.btf = reinterpret_cast<uintptr_t>(&blob);
    attr.btf_size = offsetof(decltype(blob), strings) + sizeof(blob.strings);
    return fd(static_cast<int>(syscall(SYS_bpf, BPF_BTF_LOAD, &attr, sizeof(attr))));
}

std::optional<kernel_struct> find_struct(const std::string &name)
{
    load_program();
    const auto structs = kernel_structs();
    const auto found = structs.find(name);
    return found == structs.end() ? std::nullopt : std::optional(found->second);
}

} // namespace barebpf::test
