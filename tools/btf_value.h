// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_BTF_VALUE_H
#define BAREBPF_TOOLS_BTF_VALUE_H

#include <vector>

#include "btf.h"
#include "failure.h"

namespace barebpf::tool
{

// Bytes as their type reads them: a number, a name of an enum, true or false, a string, an array or an
// object. Numbers of more than 64 bits and floats other than float and double are hexadecimal strings. Throws
// a failure when the type does not fit the bytes, or is not one that bytes can have.
json value_of_type(const btf_types &types, uint32_t id, const std::vector<unsigned char> &bytes);

} // namespace barebpf::tool

#endif
