// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MODEL_KERNEL_H
#define BAREBPF_TEST_MODEL_KERNEL_H

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lib/rules/rules.h"
#include "system_call.h"
#include "test/releases.h"

namespace barebpf::test
{

// A model of a kernel: answers the library's system calls as lib/rules says that a release does. There is one
// at a time, and while it lives it gets all calls.
//
// At its start the library has learned nothing. It fails the running test if a descriptor that is not open is
// closed, if one is left open or missing at its end, and on a system call it does not know.
class model_kernel
{
public:
    // Open are descriptors 0 to 2, and the objects of the surroundings.
    explicit model_kernel(release version, const environment &surroundings = {});
    ~model_kernel();
    model_kernel(const model_kernel &) = delete;
    model_kernel &operator=(const model_kernel &) = delete;

    // The program was started without this descriptor.
    void lacks(int fd);

    // The nth system call from now, 1 being the next, fails with this errno. It has no effect, except that
    // close(2) closes, as on Linux.
    void fails(size_t nth, int error);

    // RLIMIT_MEMLOCK of the program, unlimited by default, and whether it has CAP_SYS_RESOURCE.
    void limits_memlock(uint64_t soft, uint64_t hard, bool may_raise);
    sys::rlimit memlock() const { return limit; }

    // A security module refuses every command of bpf(2) with this errno.
    void has_module(int error) { refusal_of_module = error; }

    // So does a lockdown as some kernels had it before 5.4, which comes before the size of the attr is read.
    void is_locked_down(int error) { refusal_of_lockdown = error; }

    // It reports another release than the one it answers like.
    void claims(release number) { claimed = number; }

    // /proc and /sys exist, and describe the surroundings.
    void shows_files() { has_files = true; }

    // One more file.
    void has_file(const std::string &path, const std::string &text) { more_files[path] = text; }

    // How it answers BPF_PROG_LOAD: 0 for a program, or an errno. Without this a program load fails the test.
    void answers_programs(std::function<int(const bpf_attr &)> answer) { programs = answer; }

    // All system calls so far, and the rules' verdict on the last BPF_MAP_CREATE.
    const std::vector<system_call> &calls() const { return recorded; }
    const verdict &last_verdict() const { return last; }

    long call(const system_call &call);

private:
    using descriptors = std::map<int, object>;

    long answer(const system_call &call);
    long answer_bpf(const system_call &call);
    long refuse_any_command(const system_call &call) const;
    long refuse_unknown_command(const system_call &call) const;
    long load_btf(const system_call &call) const;
    long create_token(const system_call &call) const;
    long create(const system_call &call);
    long create_with_log(const system_call &call);
    long prlimit(const system_call &call);
    long load_program(const system_call &call);
    long close(int fd);
    long duplicate(int fd, int least);
    long affinity(const system_call &call) const;
    int lowest_free(int least) const;
    verdict judge(const system_call &call, environment machine) const;
    long give(const system_call &call);
    long describe(const system_call &call);
    long look(const system_call &call);
    long open_file(const char *path);
    long read_file(const system_call &call);
    long name_itself(const system_call &call) const;
    long capabilities(const system_call &call) const;

    release version;
    environment surroundings;
    descriptors open;
    descriptors at_start;
    std::vector<system_call> recorded;
    verdict last{};
    std::function<int(const bpf_attr &)> programs;
    sys::rlimit limit = {unlimited, unlimited};
    bool may_raise_limits = true;
    release claimed = 0;
    bool has_files = false;
    std::map<std::string, std::string> more_files;
    std::map<int, std::string> files; // that are open
    size_t failing = 0;               // the call of `recorded`, counted from 1, that is to fail; 0 for none
    int failure = 0;
    int refusal_of_module = 0;
    int refusal_of_lockdown = 0;
};

} // namespace barebpf::test

#endif
