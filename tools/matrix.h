// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_MATRIX_H
#define BAREBPF_TOOLS_MATRIX_H

#include <cstdint>
#include <string>
#include <vector>

#include "output.h"

namespace barebpf::tool
{

// A column: a kernel release, as major << 16 | minor << 8, and whether the table was checked against a real
// kernel.
struct kernel {
    uint32_t release;
    bool recorded;
};
const std::vector<kernel> &kernels();

// "6.12" for a release.
std::string release_text(uint32_t release);
// The release at the start of a text, as uname(2) writes it: KERNEL_VERSION(); 0 without one.
uint32_t release_in(const std::string &text);

// The table of what each kernel release knows, for people and for programs.
std::string matrix_text();
json matrix_json();

// barebpf matrix
void matrix(format form);

} // namespace barebpf::tool

#endif
