// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_SANDBOX_CHILD_H
#define BAREBPF_TEST_SANDBOX_CHILD_H

#include <cerrno>
#include <functional>
#include <sys/mman.h>
#include <sys/types.h>
#include <system_error>
#include <type_traits>

#include "test/catch.h"

// Child processes: what one does to itself affects no other test.
namespace barebpf::test
{

// Ends the child, and with it the test, when a step that only prepares it failed.
void demand(bool done, const char *what);

// The status, as of waitpid(2), of a child that ran `body`. Each time it stops itself, the parent runs
// `meanwhile` and continues it.
int status_of(const std::function<void()> &body, const std::function<void(pid_t)> &meanwhile = {});

// An object a child shares with its parent. No pipe: it works whatever the child does with its descriptors.
template <typename object> class shared
{
    static_assert(std::is_trivially_copyable_v<object>);

public:
    shared()
    {
        void *memory =
            mmap(nullptr, sizeof(object), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            throw std::system_error(errno, std::generic_category(), "mmap");
        place = new (memory) object();
    }
    ~shared() { munmap(place, sizeof(object)); }
    shared(const shared &) = delete;
    shared &operator=(const shared &) = delete;

    object &operator*() const { return *place; }
    object *operator->() const { return place; }

private:
    object *place;
};

// What `body` returned in a child.
template <typename body> auto in_child(const body &run, const std::function<void(pid_t)> &meanwhile = {})
{
    const shared<decltype(run())> result;
    REQUIRE(status_of([&] { *result = run(); }, meanwhile) == 0);
    return *result;
}

} // namespace barebpf::test

#endif
