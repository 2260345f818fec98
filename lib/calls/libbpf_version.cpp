// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/libbpf.h"

#include "lib/core/libbpf_name.h"

#define BAREBPF_TEXT(number) #number
#define BAREBPF_VERSION_TEXT(major, minor) "v" BAREBPF_TEXT(major) "." BAREBPF_TEXT(minor)

extern "C" BAREBPF_WEAK __u32 libbpf_major_version(void)
{
    return LIBBPF_MAJOR_VERSION;
}

extern "C" BAREBPF_WEAK __u32 libbpf_minor_version(void)
{
    return LIBBPF_MINOR_VERSION;
}

extern "C" BAREBPF_WEAK const char *libbpf_version_string(void)
{
    return BAREBPF_VERSION_TEXT(LIBBPF_MAJOR_VERSION, LIBBPF_MINOR_VERSION);
}

#undef BAREBPF_VERSION_TEXT
#undef BAREBPF_TEXT
