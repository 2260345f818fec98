// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_LIBBPF_NAME_H
#define BAREBPF_LIB_CORE_LIBBPF_NAME_H

// Before the definition of a function that libbpf has too. In a program linked with both static libraries
// libbpf's definition, of the whole of its object, stands, instead of an error of the linker.
#define BAREBPF_WEAK __attribute__((weak))

#endif
