// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_SANDBOX_DELEGATION_H
#define BAREBPF_TEST_SANDBOX_DELEGATION_H

#include <csignal>
#include <string>

#include "child.h"

namespace barebpf::test
{

// What a bpffs delegates to its user namespace, as mount options.
struct delegation {
    const char *what;
    const char *commands;
    const char *types;
};

// Enters a user namespace and begins a bpffs there; a descriptor of it.
int begin_bpffs();

// The part of it that needs the parent's privileges: maps root into the child's user namespace, and sets the
// delegation of the filesystem that the child has begun to create: it remains that namespace's.
void delegate(pid_t child, int filesystem_of_child, const delegation &given);

// A descriptor of its mount, which is attached nowhere.
int finish_bpffs(int filesystem);

// What `body` returned in a child that is root of a user and a mount namespace of its own. Its argument is
// finish_bpffs() of a bpffs that delegates this.
template <typename body> auto in_user_namespace(const delegation &given, const body &run)
{
    const shared<int> filesystem;
    const auto child = [&] {
        *filesystem = begin_bpffs();
        raise(SIGSTOP);
        return run(finish_bpffs(*filesystem));
    };
    return in_child(child, [&](pid_t pid) { delegate(pid, *filesystem, given); });
}

// Why this machine need not have tokens for user namespaces; empty if it must.
std::string missing_tokens();

} // namespace barebpf::test

#endif
