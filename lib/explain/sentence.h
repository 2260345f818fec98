// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_SENTENCE_H
#define BAREBPF_LIB_EXPLAIN_SENTENCE_H

#include "inquiry.h"

namespace barebpf
{

// A member's name, or with `words` that of the command line; nullptr for no member.
const char *name_of(field member, bool words);

// Write the reason, and the remedy, into a buffer of `size` bytes; each returns its uncut length. `words`:
// members are called by the command line's words.
size_t write_cause(const inquiry &of, bool words, char *text, size_t size);
size_t write_remedy(const inquiry &of, bool words, char *text, size_t size);

} // namespace barebpf

#endif
