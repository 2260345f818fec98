// SPDX-License-Identifier: BSD-2-Clause
#include "kernel.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include "files.h"
#include "lib/core/known.h"
#include "log.h"
#include "test/catch.h"

namespace barebpf::test
{
namespace
{

model_kernel *running;

// Requests that the library makes to see how a kernel refuses them.
constexpr long unknown_command = 0xffff;

object plain_object(int fd)
{
    object plain{};
    plain.fd = fd;
    return plain;
}

// True if a request was refused for bytes that the kernel's union bpf_attr does not have.
bool is_about_the_tail(rule why)
{
    return why == rule::size_beyond_page || why == rule::tail_beyond_union;
}

} // namespace

model_kernel::model_kernel(release given_version, const environment &given_surroundings)
    : version(given_version), surroundings(given_surroundings)
{
    for (int fd = 0; fd <= 2; fd++)
        open[fd] = plain_object(fd);
    for (size_t i = 0; i < surroundings.object_count; i++)
        open[surroundings.objects[i].fd] = surroundings.objects[i];
    at_start = open;
    learned = {};
    running = this;
}

model_kernel::~model_kernel()
{
    running = nullptr;
    for (const auto &[fd, object] : open)
        if (!at_start.contains(fd))
            FAIL_CHECK("descriptor " << fd << " was left open");
    for (const auto &[fd, object] : at_start)
        if (!open.contains(fd))
            FAIL_CHECK("descriptor " << fd << " was closed, and is the program's own");
}

void model_kernel::lacks(int fd)
{
    open.erase(fd);
    at_start.erase(fd);
}

void model_kernel::fails(size_t nth, int error)
{
    failing = recorded.size() + nth;
    failure = error;
}

long model_kernel::call(const system_call &call)
{
    recorded.push_back(call);
    if (recorded.size() != failing)
        return answer(call);
    if (call.nr == __NR_close)
        close(static_cast<int>(call.arguments[0]));
    return -failure;
}

long model_kernel::answer(const system_call &call)
{
#ifdef __NR_fcntl64
    constexpr long fcntl = __NR_fcntl64;
#else
    constexpr long fcntl = __NR_fcntl;
#endif
    const int fd = static_cast<int>(call.arguments[0]);
    if (call.nr == __NR_bpf)
        return answer_bpf(call);
    if (call.nr == __NR_close)
        return close(fd);
    if (call.nr == fcntl && call.arguments[1] == F_DUPFD_CLOEXEC)
        return duplicate(fd, static_cast<int>(call.arguments[2]));
    if (call.nr == __NR_prlimit64 && call.arguments[0] == 0 && call.arguments[1] == RLIMIT_MEMLOCK)
        return prlimit(call);
    if (call.nr == __NR_msync)
        return call.arguments[0] % surroundings.page_size ? -EINVAL : 0;
    if (call.nr == fcntl && call.arguments[1] == F_GETFD)
        return open.contains(fd) ? 0 : -EBADF;
    if (call.nr == __NR_openat)
        return has_files ? open_file(reinterpret_cast<const char *>(call.arguments[1])) : -ENOENT;
    if (const long looked = look(call); looked != -ENOSYS)
        return looked;
    if (call.nr == __NR_sched_getaffinity)
        return affinity(call);
    FAIL_CHECK("an unexpected system call: number " << call.nr);
    return -ENOSYS;
}

long model_kernel::answer_bpf(const system_call &call)
{
    const long command = call.arguments[0];
    if (refusal_of_lockdown)
        return -refusal_of_lockdown;
    if (refusal_of_module) {
        const long refused = refuse_any_command(call);
        return refused ? refused : -refusal_of_module;
    }
    if (command == BPF_MAP_CREATE)
        return create(call);
    if (command == (BPF_MAP_CREATE | long{BAREBPF_COMMON_ATTRS}))
        return version < common_attrs_since ? refuse_unknown_command(call) : create_with_log(call);
    if (command == BPF_OBJ_GET_INFO_BY_FD)
        return describe(call);
    if (command == BPF_PROG_LOAD && programs)
        return load_program(call);
    if (command == BPF_BTF_LOAD)
        return version < release_of(4, 18) ? refuse_unknown_command(call) : load_btf(call);
    if (command == static_cast<long>(sys::command::token_create))
        return version < release_of(6, 9) ? refuse_unknown_command(call) : create_token(call);
    if (command != unknown_command)
        FAIL_CHECK("an unexpected command of bpf(2): " << command);
    return refuse_unknown_command(call);
}

// The errno of the checks that precede every command; 0 if they pass.
long model_kernel::refuse_any_command(const system_call &call) const
{
    const rule why = judge(call, surroundings).why;
    if (why == rule::every_command_needs_root)
        return -EPERM;
    // From 5.19 on the sysctl concerns programs and maps only.
    if (why == rule::unprivileged_bpf_disabled && version < release_of(5, 19))
        return -EPERM;
    environment of_root = surroundings;
    of_root.caller = environment().caller;
    return is_about_the_tail(judge(call, of_root).why) ? -E2BIG : 0;
}

long model_kernel::refuse_unknown_command(const system_call &call) const
{
    const long refused = refuse_any_command(call);
    return refused ? refused : -EINVAL;
}

// Only as far as the size, which must be too large.
long model_kernel::load_btf(const system_call &call) const
{
    if (const long refused = refuse_any_command(call))
        return refused;
    const privileges &caller = surroundings.caller;
    if (!caller.sys_admin && !(caller.bpf && version >= release_of(5, 8)))
        return -EPERM;
    return -E2BIG;
}

// Only as far as the bpffs, which must not be open.
long model_kernel::create_token(const system_call &call) const
{
    const long refused = refuse_any_command(call);
    return refused ? refused : -EBADF;
}

long model_kernel::create(const system_call &call)
{
    last = judge(call, surroundings);
    return last.error ? -last.error : give(call);
}

long model_kernel::create_with_log(const system_call &call)
{
    last = judge(call, surroundings);
    if (is_about_the_tail(last.why))
        return -last.error;
    log log;
    const auto *common = reinterpret_cast<const void *>(call.arguments[3]);
    const auto size = static_cast<uint32_t>(call.arguments[4]);
    if (const int error = log.read(common, size, surroundings.page_size))
        return error;
    if (const int error = log.finish(last.error ? message_of(last.why) : nullptr))
        return error;
    return last.error ? -last.error : give(call);
}

verdict model_kernel::judge(const system_call &call, environment machine) const
{
    std::vector<object> objects;
    for (const auto &[fd, object] : open)
        objects.push_back(object);
    machine.memlock = std::min(machine.memlock, limit.soft);
    machine.objects = objects.data();
    machine.object_count = objects.size();
    return decide(version, machine, reinterpret_cast<const void *>(call.arguments[1]),
                  static_cast<uint32_t>(call.arguments[2]));
}

// A descriptor for the requested map.
long model_kernel::give(const system_call &call)
{
    object map = plain_object(lowest_free(0));
    map.kind = object_kind::map;
    map.map_type = call.attr.map_type;
    map.exclusive = call.attr.excl_prog_hash != 0;
    open[map.fd] = map;
    return map.fd;
}

// Calls that change nothing.
long model_kernel::look(const system_call &call)
{
    switch (call.nr) {
    case __NR_read:
        return read_file(call);
    case __NR_uname:
        return name_itself(call);
    case __NR_capget:
        return capabilities(call);
    case __NR_prctl:
        return 0; // no seccomp filter
    case __NR_readlinkat:
        return -ENOENT;
    default:
        return -ENOSYS;
    }
}

long model_kernel::open_file(const char *path)
{
    const auto more = more_files.find(path);
    const auto text =
        more == more_files.end() ? file_at(path, surroundings, open) : std::optional(more->second);
    if (!text)
        return -ENOENT;
    const int fd = lowest_free(0);
    open[fd] = plain_object(fd);
    files[fd] = *text;
    return fd;
}

long model_kernel::read_file(const system_call &call)
{
    const std::string &text = files[static_cast<int>(call.arguments[0])];
    const size_t size = std::min(text.size(), static_cast<size_t>(call.arguments[2]));
    std::memcpy(reinterpret_cast<void *>(call.arguments[1]), text.data(), size);
    return static_cast<long>(size);
}

long model_kernel::name_itself(const system_call &call) const
{
    const release number = claimed ? claimed : version;
    auto *name = reinterpret_cast<utsname *>(call.arguments[0]);
    *name = {};
    std::snprintf(name->release, sizeof(name->release), "%u.%u.%u-model", major_of(number), minor_of(number),
                  patch_of(number));
    return 0;
}

long model_kernel::capabilities(const system_call &call) const
{
    const privileges &caller = surroundings.caller;
    auto *words = reinterpret_cast<__user_cap_data_struct *>(call.arguments[1]);
    words[0] = words[1] = {};
    words[0].effective = uint32_t{caller.sys_admin} << CAP_SYS_ADMIN | uint32_t{caller.net_admin}
                                                                           << CAP_NET_ADMIN;
    words[1].effective = uint32_t{caller.bpf} << (CAP_BPF - 32) | uint32_t{caller.perfmon}
                                                                      << (CAP_PERFMON - 32);
    return 0;
}

// BPF_OBJ_GET_INFO_BY_FD, for BTF objects.
long model_kernel::describe(const system_call &call)
{
    bpf_attr attr{};
    read_argument(&attr, call.arguments[1], call.arguments[2]);
    const auto at = open.find(static_cast<int>(attr.info.bpf_fd));
    if (at == open.end())
        return -EBADF;
    const std::string bytes = btf_bytes(at->second.types, at->second.type_count);
    auto *info = reinterpret_cast<bpf_btf_info *>(attr.info.info);
    std::memcpy(reinterpret_cast<void *>(info->btf), bytes.data(),
                std::min<size_t>(bytes.size(), info->btf_size));
    info->btf_size = static_cast<uint32_t>(bytes.size());
    info->kernel_btf = at->second.kind != object_kind::btf;
    return 0;
}

long model_kernel::load_program(const system_call &call)
{
    bpf_attr program{};
    read_argument(&program, call.arguments[1], call.arguments[2]);
    if (const int error = programs(program))
        return -error;
    const int fd = lowest_free(0);
    open[fd] = plain_object(fd);
    return fd;
}

int model_kernel::lowest_free(int least) const
{
    int fd = least;
    while (open.contains(fd))
        fd++;
    return fd;
}

long model_kernel::duplicate(int fd, int least)
{
    if (!open.contains(fd))
        return -EBADF;
    object copy = open[fd];
    copy.fd = lowest_free(least);
    open[copy.fd] = copy;
    return copy.fd;
}

void model_kernel::limits_memlock(uint64_t soft, uint64_t hard, bool may_raise)
{
    limit = {soft, hard};
    may_raise_limits = may_raise;
}

long model_kernel::prlimit(const system_call &call)
{
    if (call.arguments[3])
        *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = limit;
    if (!call.arguments[2])
        return 0;
    const sys::rlimit wanted = *reinterpret_cast<const sys::rlimit *>(call.arguments[2]);
    if (wanted.soft > wanted.hard)
        return -EINVAL;
    if (wanted.hard > limit.hard && !may_raise_limits)
        return -EPERM;
    limit = wanted;
    return 0;
}

// The program may run on every CPU.
long model_kernel::affinity(const system_call &call) const
{
    auto *words = reinterpret_cast<unsigned long *>(call.arguments[2]);
    constexpr uint32_t bits = 8 * sizeof(long);
    for (uint32_t cpu = 0; cpu < surroundings.possible_cpus; cpu++)
        words[cpu / bits] |= 1ul << cpu % bits;
    return (surroundings.possible_cpus + bits - 1) / bits * static_cast<long>(sizeof(long));
}

long model_kernel::close(int fd)
{
    files.erase(fd);
    if (open.erase(fd))
        return 0;
    FAIL_CHECK("close of descriptor " << fd << ", which is not open");
    return -EBADF;
}

} // namespace barebpf::test

namespace barebpf::arch
{

long call(long nr, long a, long b, long c, long d, long e)
{
    const test::system_call call = test::read_system_call(nr, {a, b, c, d, e});
    if (!test::running) {
        FAIL_CHECK("a system call while no kernel is there: number " << nr);
        return -ENOSYS;
    }
    return test::running->call(call);
}

} // namespace barebpf::arch
