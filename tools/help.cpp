// SPDX-License-Identifier: BSD-2-Clause
#include "help.h"

#include <fmt/format.h>

#include "barebpf/barebpf.h"
#include "failure.h"
#include "names.h"

namespace barebpf::tool
{
namespace
{

constexpr const char *summary = R"(Usage: barebpf [OPTIONS] create [PIN] MAP [-- CMD [ARG...]]
       barebpf [OPTIONS] attr [PIN] MAP
       barebpf [OPTIONS] matrix
       barebpf [OPTIONS] probe [types] [flags] [fields] [features]
       barebpf help [types | flags]

  create  make a map, and print what the kernel then says about it
  attr    print the bytes create would pass to bpf(2), without asking the kernel
  matrix  print which kernel releases know which members, flags and map types
  probe   print what this kernel knows of them, by asking it, and how that differs
          from the matrix
  help    this text, or the names of all map types or flags

MAP := type TYPE key SIZE value SIZE entries N [name NAME] [flags FLAGS]
       [extra N] [numa NODE] [inner_map PIN] [offload_dev NAME]
       in any order, as in bpftool. key, value and entries may be left out where
       the type wants 0.
SIZE   bytes: 12, 0x10, 64K, 1M, 1G, page, 16page; so may N of entries
FLAGS  numbers and names: 0x1, no_prealloc,rdonly_prog, BPF_F_MMAPABLE

A map lives as long as something holds it. PIN, a new path in a bpffs, does until
it is removed. CMD does while it runs: it inherits the descriptor, whose number is
in BAREBPF_FD, and its exit code is barebpf's. Both may be given. With neither, the
map is made, shown and released.

OPTIONS
  -j, --json      print JSON, errors too
  -p, --pretty    print JSON on several lines
  -v, --verbose   print each system call of probe
  -h, --help      print this text
  -V, --version   print the version

What create may do when the kernel refuses the map; what was done is noted:
  --give-up=LIST  give up, at need: flags, size, name_chars, name, btf, name_end;
                  all; none. Without it: name,name_end
  --memlock=HOW   raise RLIMIT_MEMLOCK: never; when_needed, as without it; scoped,
                  only for the call. when_needed:BYTES, scoped:BYTES: no further
  --backoff=MS    wait so long, in all, for room under RLIMIT_MEMLOCK

Exit code: 0 made, 1 the kernel refused or the output could not be written,
2 the command line is wrong, 3 probe could not tell all, 126 CMD cannot be run, 127 CMD does not exist.
)";

} // namespace

std::string help(const std::vector<const char *> &words)
{
    if (words.empty())
        return summary;
    std::string text;
    const std::string topic = words[0];
    if (topic == "types") {
#define BAREBPF_LINE(upper, lower, number) text += fmt::format("{:2}  {}\n", number, #lower);
        BAREBPF_MAP_TYPES(BAREBPF_LINE)
#undef BAREBPF_LINE
        return text;
    }
    if (topic == "flags") {
#define BAREBPF_LINE(upper, lower, bit) text += fmt::format("{:#7x}  {}\n", 1u << (bit), #lower);
        BAREBPF_MAP_FLAGS(BAREBPF_LINE)
#undef BAREBPF_LINE
        return text;
    }
    throw failure{usage, fmt::format("'{}' is no topic of help; there are types and flags", topic)};
}

} // namespace barebpf::tool
