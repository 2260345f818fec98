// SPDX-License-Identifier: BSD-2-Clause
#include "lsm.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <linux/bpf.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "child.h"
#include "privileges.h"
#include "test/requests/kernel_btf.h"

namespace barebpf::test
{
namespace
{

constexpr int16_t to_the_end = 0; // of a jump, until the length of the program is known

constexpr bpf_insn instruction(uint8_t code, unsigned int to, unsigned int from, int16_t offset,
                               int32_t number)
{
    bpf_insn one{};
    one.code = code;
    one.dst_reg = to & 15;
    one.src_reg = from & 15;
    one.off = offset;
    one.imm = number;
    return one;
}

constexpr bpf_insn load(uint8_t size, unsigned int to, unsigned int from, int16_t offset)
{
    return instruction(static_cast<uint8_t>(BPF_LDX | size | BPF_MEM), to, from, offset, 0);
}

// Jumps if the low half of a register is another number.
constexpr bpf_insn unless_equal(unsigned int reg, uint32_t number)
{
    return instruction(BPF_JMP32 | BPF_JNE | BPF_K, reg, 0, to_the_end, static_cast<int32_t>(number));
}

constexpr bpf_insn set_result(int result)
{
    return instruction(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, result);
}

constexpr bpf_insn leave = instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);

// R1 points to the arguments of the hook: `bpf` has the command, the attr and its size.
std::vector<bpf_insn> program(const refused_requests &refused, int error)
{
    std::vector<bpf_insn> code;
    const bool one_type = refused.which == refused.one_type;
    if (one_type || refused.which == refused.map_create) {
        code.push_back(load(BPF_DW, BPF_REG_6, BPF_REG_1, 0));
        code.push_back(unless_equal(BPF_REG_6, BPF_MAP_CREATE));
    }
    if (one_type) {
        code.push_back(load(BPF_DW, BPF_REG_7, BPF_REG_1, 8));
        code.push_back(load(BPF_W, BPF_REG_7, BPF_REG_7, offsetof(bpf_attr, map_type)));
        code.push_back(unless_equal(BPF_REG_7, refused.map_type));
    }
    code.push_back(instruction(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_get_current_pid_tgid));
    code.push_back(instruction(BPF_ALU64 | BPF_RSH | BPF_K, BPF_REG_0, 0, 0, 32));
    code.push_back(unless_equal(BPF_REG_0, static_cast<uint32_t>(getpid())));
    code.push_back(set_result(-error));
    code.push_back(leave);
    for (size_t at = 0; at < code.size(); at++)
        if (code[at].code == (BPF_JMP32 | BPF_JNE | BPF_K))
            code[at].off = static_cast<int16_t>(code.size() - at - 1);
    code.push_back(set_result(0));
    code.push_back(leave);
    return code;
}

struct hook_ids {
    uint32_t commands, maps;
};

// Read once, because the kernel's BTF takes a virtual machine seconds. The hook for maps has had two names.
const hook_ids &hooks()
{
    static const hook_ids found = [] {
        const uint32_t before_6_9 = kernel_function("bpf_lsm_bpf_map_alloc_security");
        return hook_ids{kernel_function("bpf_lsm_bpf"),
                        before_6_9 ? before_6_9 : kernel_function("bpf_lsm_bpf_map_create")};
    }();
    return found;
}

// The error goes into errno, and the verifier's reason into `log`.
fd load_program(const std::vector<bpf_insn> &code, uint32_t hook, char *log, uint32_t log_size)
{
    bpf_attr attr{};
    attr.prog_type = BPF_PROG_TYPE_LSM;
    attr.expected_attach_type = BPF_LSM_MAC;
    attr.attach_btf_id = hook;
    attr.insns = reinterpret_cast<uintptr_t>(code.data());
    attr.insn_cnt = static_cast<uint32_t>(code.size());
    attr.license = reinterpret_cast<uintptr_t>("GPL");
    attr.log_buf = reinterpret_cast<uintptr_t>(log);
    attr.log_size = log_size;
    attr.log_level = 1;
    return fd(static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr))));
}

std::string first_line(const std::string &path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// securityfs need not be mounted, nor is it left mounted. Empty where the kernel does not have it.
std::string read_securityfs(const std::string &name)
{
    char directory[] = "/tmp/barebpf-test-XXXXXX";
    demand(mkdtemp(directory), "mkdtemp");
    const bool mounted = mount("securityfs", directory, "securityfs", 0, nullptr) == 0;
    demand(mounted || errno == ENODEV, "securityfs");
    const std::string found = first_line(directory + ("/" + name));
    if (mounted)
        umount(directory);
    rmdir(directory);
    return found;
}

// The same, in a mount namespace of its own.
std::string security_file(const std::string &name)
{
    struct text {
        char bytes[512];
    };
    const shared<text> line;
    const int status = status_of([&] {
        demand(unshare(CLONE_NEWNS) == 0, "a mount namespace");
        if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
            demand(errno == EINVAL, "a private mount namespace"); // in a chroot, where / is no mount
        read_securityfs(name).copy(line->bytes, sizeof(line->bytes) - 1);
    });
    demand(status == 0, "a file of securityfs");
    return line->bytes;
}

bool is_in_first_pid_namespace()
{
    std::error_code unknown;
    return std::filesystem::read_symlink("/proc/self/ns/pid", unknown) == "pid:[4026531836]";
}

// A policy of the machine may forbid programs that others do not notice.
bool may_load_lsm()
{
    static char log[4096];
    const std::vector<bpf_insn> nothing = {set_result(0), leave};
    return load_program(nothing, hooks().commands, log, sizeof(log)) || errno != EPERM;
}

} // namespace

fd refuse_by_lsm(const refused_requests &refused, int error)
{
    const uint32_t hook = refused.which == refused.every_map ? hooks().maps : hooks().commands;
    demand(hook != 0, "a hook for bpf(2)");
    static char log[4096];
    const fd loaded = load_program(program(refused, error), hook, log, sizeof(log));
    demand(static_cast<bool>(loaded), log);
    bpf_attr attr{};
    attr.raw_tracepoint.prog_fd = static_cast<uint32_t>(loaded.get());
    fd attached(static_cast<int>(syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr))));
    demand(static_cast<bool>(attached), "attach");
    demand(fcntl(attached.get(), F_SETFD, 0) == 0, "F_SETFD");
    return attached;
}

std::string active_lsms()
{
    return security_file("lsm");
}

std::string lockdown_in_force()
{
    const std::string line = security_file("lockdown"); // "none [integrity] confidentiality"
    const size_t from = line.find('[') + 1;
    return line.substr(from, line.find(']') - from);
}

std::string missing_bpf_lsm()
{
    if (const std::string missing = missing_root(); !missing.empty())
        return missing;
    const std::string active = active_lsms();
    if (("," + active + ",").find(",bpf,") == active.npos && !machine_is_ours())
        return "the BPF LSM is not active (boot parameter lsm=), only these: " + active;
    if (!may_load_lsm() && !machine_is_ours())
        return "the machine forbids BPF programs of the type LSM (EPERM)";
    if (!is_in_first_pid_namespace())
        return "processes are told apart by their ids in the initial pid namespace";
    return "";
}

} // namespace barebpf::test
