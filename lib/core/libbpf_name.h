// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_LIBBPF_NAME_H
#define BAREBPF_LIB_CORE_LIBBPF_NAME_H

// Marks the definition of a function that libbpf defines too. A program linked with both static libraries
// gets libbpf's definition, with the rest of its object, instead of a linker error.
#define BAREBPF_WEAK __attribute__((weak))

#endif
