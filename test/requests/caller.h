// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_CALLER_H
#define BAREBPF_TEST_REQUESTS_CALLER_H

#include <string>

#include "lib/rules/rules.h"

namespace barebpf::test
{

struct caller {
    const char *name;
    privileges held;
    bool is_root;
};

// root, user, bpf, net and admin: everything, nothing, and one capability each. nullptr for another name.
const caller *caller_called(const std::string &name);

// Turns this process, which must be root, into the caller. Throws if that fails.
void become(const caller &wanted);

} // namespace barebpf::test

#endif
