// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MODEL_LOG_H
#define BAREBPF_TEST_MODEL_LOG_H

#include "lib/rules/rules.h"
#include "lib/core/sys.h"

// What BPF_COMMON_ATTRS adds to BPF_MAP_CREATE: where a kernel writes the reason for a refusal.
namespace barebpf::test
{

// The first kernel that knows the command, and the bytes of struct bpf_common_attr it reads.
inline constexpr release common_attrs_since = release_of(7, 2);
inline constexpr uint32_t common_attr_known = 20;

// A kernel's message about a refusal, without the newline; nullptr if there is none.
const char *message_of(rule why);

class log
{
public:
    // Reads the common attributes: 0, or the -errno that refuses them.
    int read(const void *address, uint32_t size, uint32_t page_size);

    // Gives the program the message, and its size: 0, or the -errno that replaces the request's.
    int finish(const char *message) const;

private:
    bool is_valid() const;
    int write_text(const char *text, uint32_t size) const;

    common_attr common{};
    char *address = nullptr; // of the program's common attributes
    uint32_t covered = 0;    // bytes of them
};

} // namespace barebpf::test

#endif
