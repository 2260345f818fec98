// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_KERNEL_MESSAGES_H
#define BAREBPF_LIB_EXPLAIN_KERNEL_MESSAGES_H

#include "lib/rules/rules.h"

namespace barebpf
{

// True if the log of a refusal (Linux 7.2 and newer) is what the kernel writes for a rule.
bool is_message_of(const char *log, rule why);

} // namespace barebpf

#endif
