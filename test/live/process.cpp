// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <linux/bpf.h>
#include <linux/version.h>
#include <sys/wait.h>
#include <unistd.h>

#include "barebpf/bpf.h"
#include "kernel.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

// What a child process that runs `body` exits with.
int exit_status_of(const std::function<int()> &body)
{
    const pid_t child = fork();
    if (child == 0)
        _exit(body());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int create_array(const bpf_map_create_opts *opts = nullptr)
{
    return bpf_map_create(BPF_MAP_TYPE_ARRAY, "live_test", 4, 4, 1, opts);
}

} // namespace

TEST_CASE("live: a process without standard streams gets none from a map")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const int closed = GENERATE(0, 1, 2);
    CHECK(exit_status_of([closed] {
              for (int fd = 0; fd <= closed; fd++)
                  close(fd);
              const int map = create_array();
              const bool above = map >= 3 && (fcntl(map, F_GETFD) & FD_CLOEXEC);
              bool free = true;
              for (int fd = 0; fd <= closed; fd++)
                  free = free && fcntl(fd, F_GETFD) == -1;
              return above && free ? 0 : 1;
          }) == 0);
}

TEST_CASE("live: errno is the kernel's, and untouched on success")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    errno = 4321;
    const fd map(create_array());
    CHECK(map);
    CHECK(errno == 4321);
    CHECK(bpf_map_create(BPF_MAP_TYPE_ARRAY, nullptr, 8, 4, 1, nullptr) == -EINVAL);
    CHECK(errno == EINVAL);
}

TEST_CASE("live: a log never decides whether there is a map")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    char buf[256] = "";
    LIBBPF_OPTS(bpf_log_opts, log, .buf = buf, .size = sizeof(buf), .level = 1, .true_size = 77);
    LIBBPF_OPTS(bpf_map_create_opts, opts, .log_opts = &log);
    SECTION("a good request makes one, without a message")
    {
        const fd map(create_array(&opts));
        CHECK(map);
        CHECK(log.true_size == 0);
        CHECK(buf[0] == 0);
    }
    SECTION("log arguments no kernel accepts do not stand in its way")
    {
        log.level = 99;
        const fd map(create_array(&opts));
        CHECK(map);
    }
    SECTION("a bad request has the errno it has without a log")
    {
        opts.map_extra = 1;
        log.size = GENERATE(1u, 256u);
        CHECK(create_array(&opts) == -EINVAL);
        const bool explains = running_kernel() >= KERNEL_VERSION(7, 2, 0);
        CHECK(log.true_size == (explains ? sizeof("Invalid map_extra.\n") : 0));
        if (log.size == 256)
            CHECK(std::string(buf) == (explains ? "Invalid map_extra.\n" : ""));
    }
}

TEST_CASE("live: an unprivileged caller is told so")
{
    if (geteuid() != 0)
        SKIP_BECAUSE("root is needed to become somebody else");
    CHECK(exit_status_of([] {
              if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
                  return 2;
              const fd_result made =
                  create_map({.type = map_type::lru_hash, .key_size = 4, .value_size = 4, .max_entries = 1});
              return !made && made.error().number == EPERM ? 0 : 1;
          }) == 0);
}
