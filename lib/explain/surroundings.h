// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_SURROUNDINGS_H
#define BAREBPF_LIB_EXPLAIN_SURROUNDINGS_H

#include "barebpf/explain.h"
#include "lib/rules/rules.h"

namespace barebpf
{

// What the kernel's result for one request depends on, as far as it is known.
struct surroundings {
    // In a union, so that assume_common_machine() fills it, and no call of memcpy.
    union {
        environment machine;
    };
    release kernel;
    bool filtered;        // a seccomp filter is in force, or may be
    bool surely_filtered; // one is
    bool inner_namespace; // not in the initial user namespace
    bool machine_read;    // at this machine
    bool objects_assumed; // the objects behind descriptors were not read
    bool types_assumed;   // nor the types in the BTF object
    uint32_t types_held;  // in `types`
    privileges lent;      // capabilities held in such a user namespace
    bool has_bpf;         // a file of /proc shows that the kernel has bpf(2)
    object objects[5];    // four that the request may name, and one of ours
    btf_type types[2];
    network_device device;
    struct_ops_type ops; // the one the request names

    surroundings() {}
};

// Read what matters to a request from this machine; or, offline, nothing.
void assume_common_machine(surroundings *seen, const map_create_attr &attr);
void read_machine(surroundings *seen, const map_create_attr &attr);

// Reads only what a map's memory depends on: the release, the page size and the number of possible CPUs.
void read_for_memory(surroundings *seen, const map_create_attr &attr);

// Takes over what the caller knows better.
void take_known(surroundings *seen, const barebpf_surroundings &known);

// Reads the types of key and value from the BTF object that a request names. Returns how many calls of bpf(2)
// that took. The object is read into `scratch`; if it does not fit, nothing is changed.
uint32_t read_types(surroundings *seen, const map_create_attr &attr, void *scratch, size_t size);

// The lowest limit of the memory cgroups this process is in, in bytes; `unlimited` if there is none, or none
// can be read.
uint64_t least_memory_cgroup();

// Assumes that the ids of a request name types of the right size and kind.
void assume_types(surroundings *seen, const map_create_attr &attr);

// KERNEL_VERSION() of a release, with a patch level of at most 255, and the reverse.
uint32_t public_release(release kernel);
release release_from(uint32_t version);

// The first numbers of a text such as "6.1.176-1"; 0 for none.
release release_of_text(const char *text);

} // namespace barebpf

#endif
