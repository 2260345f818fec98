// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_PARITY_C_LIBRARY_H
#define BAREBPF_TEST_PARITY_C_LIBRARY_H

namespace barebpf::parity
{

// Whether libbpf's system calls arrive where barebpf's do, or in the kernel.
extern bool intercepting;

} // namespace barebpf::parity

#endif
