// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_PARITY_DIFFERENCES_H
#define BAREBPF_TEST_PARITY_DIFFERENCES_H

#include "kernel.h"

namespace barebpf::parity
{

// The one reason why both libraries may answer a call differently; docs/libbpf-differences.md says the same
// in words.
enum class difference {
    attr_size,    // none but the one of every call
    newer_member, // the installed libbpf does not know
    cut_member,   // likewise, and the caller's sz ends in the middle of it
    padding,      // between two newer members
    log_opts,
    above_page, // sz
    top_bit,    // of sz
};

inline constexpr const char *difference_names[] = {
    "attr size", "newer members", "newer member cut by sz",  "padding between newer members",
    "log_opts",  "sz above 4096", "sz with its top bit set",
};

// Read off the call alone, so that an outcome is predicted rather than excused.
difference reason(const call &made);

// Both libraries' outcomes of one call, and what they should have been: for libbpf, by the reason, a refusal
// or what it makes of the members it knows; for barebpf a refusal or the very same with the newer members
// added.
struct comparison {
    difference reason;
    outcome libbpf;
    outcome barebpf;
    outcome expected_of_libbpf;
    outcome expected_of_barebpf;
    bool true_size_kept; // bpf_log_opts changed just as it should
    bool close_errno;    // libbpf made the map, and left the errno of a failed close

    bool as_expected() const
    {
        return libbpf == expected_of_libbpf && barebpf == expected_of_barebpf && true_size_kept;
    }
};

comparison compare(const call &made, const kernel &answers);

// Whether the installed libbpf is of a release that differs so.
bool can_show(difference what);

// What it passes to bpf(2) of the attr, in bytes.
size_t libbpf_attr_size();

// Whether it leaves the errno of a failed close behind a success: 1.1.2 does, 1.5.0 no more.
bool libbpf_leaves_close_errno();

// Lets libbpf probe, which it does once in a process.
void warm_up();

} // namespace barebpf::parity

#endif
