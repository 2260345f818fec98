// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MODEL_FILES_H
#define BAREBPF_TEST_MODEL_FILES_H

#include <map>
#include <optional>
#include <string>

#include "lib/rules/rules.h"

// The contents of /proc and /sys on a machine with such surroundings.
namespace barebpf::test
{

// Nothing if there is no such file.
std::optional<std::string> file_at(const std::string &path, const environment &machine,
                                   const std::map<int, object> &open);

// A BTF object with these types, as BPF_OBJ_GET_INFO_BY_FD hands it out.
std::string btf_bytes(const btf_type *types, uint32_t count);

} // namespace barebpf::test

#endif
