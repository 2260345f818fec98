// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_SENTENCE_H
#define BAREBPF_LIB_EXPLAIN_SENTENCE_H

#include "inquiry.h"

namespace barebpf
{

// Writes why, and what to do, into a buffer of `size` bytes; each returns the length it has uncut. `words`:
// members go by the words of the command line.
size_t write_cause(const inquiry &of, bool words, char *text, size_t size);
size_t write_remedy(const inquiry &of, bool words, char *text, size_t size);

} // namespace barebpf

#endif
