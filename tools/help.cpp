// SPDX-License-Identifier: BSD-2-Clause
#include "help.h"

#include <fmt/format.h>

#include "barebpf/barebpf.h"
#include "names.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

constexpr const char *summary = R"(Usage: barebpf [OPTIONS] create [PIN] MAP [-- CMD [ARG...]]
       barebpf [OPTIONS] explain [PIN] MAP | RULE
       barebpf [OPTIONS] check FILE | [PIN] MAP
       barebpf [OPTIONS] attr [PIN] MAP
       barebpf [OPTIONS] matrix
       barebpf [OPTIONS] probe [types] [flags] [fields] [features] [TYPE...]
       barebpf [OPTIONS] apply [PATH...]
       barebpf [OPTIONS] diff [PATH...]
       barebpf [OPTIONS] show PIN...
       barebpf [OPTIONS] unpin PIN...
       barebpf [OPTIONS] help [COMMAND | types | flags]
       barebpf [OPTIONS] version

  create   make a map and print what the kernel reports about it
  explain  print whether this kernel would make a map and why not, or what a rule says
  check    print which kernel releases take a map and why the others do not
  attr     print the bytes create would pass to bpf(2), without calling it
  matrix   print which kernel releases know which members, flags and map types
  probe    print which of them this kernel supports, and where that differs from
           the matrix
  apply    make sure that the maps of map files are pinned, with their elements
  diff     print how this machine differs from map files
  show     print what the kernel reports about pinned maps
  unpin    remove the pins of maps
  help     this text, help on one command, or the names of map types or flags
  version  print the version

OPTIONS
  -j, --json      print one JSON document, also for an error
  -p, --pretty    the same on several lines
  -v, --verbose   print each system call of probe
  -h, --help      print this text, or help on the command given
  -V, --version   print the version
  --give-up=LIST, --memlock=HOW, --backoff=MS
                  for create: see barebpf help create
  --no-explain, --dry-run
                  for create: likewise; --dry-run and --kmsg for apply
  --kernel=RELEASE, --kernels=FIRST..LAST, --as=WHO
                  for check: see barebpf help check

Exit status: 0 success, 1 the kernel refused (or would refuse) or the output could
not be written,
2 the command line is wrong, 3 probe could not tell everything, 4 unexpected error,
126 CMD cannot be run, 127 CMD not found; otherwise that of CMD.
)";

constexpr const char *map_words = R"(
MAP := type TYPE key SIZE value SIZE entries SIZE [name NAME] [flags FLAGS]
       [extra N] [numa NODE] [inner_map PIN|id N|name NAME] [offload_dev NAME]
       [btf FILE [key_type BTF] value_type BTF] [token DIR|fd N]
       in any order, as in bpftool. key, value and entries may be left out where
       the type requires 0.
TYPE   a name of barebpf help types, BPF_MAP_TYPE_HASH, or a number
SIZE   12, 0x10, 64K, 1M, 1G, page, 16page
FLAGS  numbers and names: 0x1, no_prealloc,rdonly_prog, BPF_F_MMAPABLE
BTF    the name or id of a type in FILE, which is raw BTF; the value_type of a
       struct_ops map is one of the kernel's own BTF
DIR    the root of a bpffs to make a token of; fd N is a token that exists
)";

constexpr const char *create_usage = R"(Usage: barebpf [OPTIONS] create [PIN] MAP [-- CMD [ARG...]]

Makes a map and prints what the kernel reports about it.
)";

constexpr const char *create_details = R"(
A map exists as long as something holds it. PIN, a new path in a bpffs, holds it
until the path is removed. CMD holds it while it runs: it inherits the descriptor,
whose number is in BAREBPF_FD, and its exit status becomes that of barebpf. Both may
be given. With neither, the map is made, shown and released.

What create may do when the kernel refuses the map; it prints a note for each:
  --give-up=LIST  give up, if necessary: flags, size, name_chars, name, btf,
                  name_end; or all; or none. Default: name,name_end
  --memlock=HOW   raise RLIMIT_MEMLOCK: never; when_needed (default); scoped, only
                  during the call. when_needed:SIZE, scoped:SIZE: at most to SIZE
  --backoff=MS    wait at most so many milliseconds for room under RLIMIT_MEMLOCK

A refusal is explained with what is wrong and what to try, for which the kernel may be
asked up to 40 more times; what that makes is closed at once.
  --no-explain    print the errno alone, and ask no more
  --dry-run       print the bytes that would be passed to bpf(2) and the memory the map
                  would take; make nothing

Examples:
  barebpf create /sys/fs/bpf/seen type hash key 4 value 8 entries 64K name seen
  barebpf --give-up=size create type ringbuf entries 100K -- ./reader
)";

constexpr const char *explain_usage = R"(Usage: barebpf [OPTIONS] explain [PIN] MAP
       barebpf [OPTIONS] explain RULE

Prints whether this kernel would make the map for this caller; if not, why, and what to
try. The kernel is asked at most 40 times, and what that makes is closed at once. Exit
status 1: it would not. RULE, the cause that create and explain name with -j, prints
that rule: its errno, the releases that have it, and the kernel's source file.
)";

constexpr const char *explain_details = R"(
Examples:
  barebpf explain type ringbuf entries 64K
  barebpf explain ringbuf_entries
)";

constexpr const char *check_usage = R"(Usage: barebpf [OPTIONS] check FILE
       barebpf [OPTIONS] check [PIN] MAP

Prints which kernel releases take a map, or each map of a file, and why the others
refuse it. No kernel is asked: the answer is that of mainline, on a machine with 4 KiB
pages and one CPU, with all options built in and memory enough. FILE is a map file of
barebpf-maps(5), such as a bpftool batch file of `map create` lines, or a directory of
them; of its lines, those of maps are checked, and `since` and `optional` heeded.
  --kernel=RELEASE       only this release, such as 4.19 or 5.10.200
  --kernels=FIRST..LAST  only these, such as 5.4..7.2. Default: 4.4..7.3
  --as=WHO               the caller: root (default), user, or a list of cap_bpf,
                         cap_net_admin, cap_perfmon, cap_sys_admin
Exit status 1: one of the releases given refuses a map, or, with none given, all do.
)";

constexpr const char *check_details = R"(
Examples:
  barebpf check --kernels 5.10..7.2 type array key 4 value page entries 8 flags mmapable
  barebpf -j check --kernel 4.19 --as=cap_sys_admin type hash key 4 value 8 entries 1K
)";

constexpr const char *attr_usage = R"(Usage: barebpf [OPTIONS] attr [PIN] MAP

Prints the bytes that create would pass to bpf(2), and what they mean. It does not
call bpf(2), and PIN is ignored.
)";

constexpr const char *attr_details = R"(
Examples:
  barebpf attr type hash key 4 value 8 entries 1024
  barebpf -j attr type array key 4 value page entries 8 flags mmapable
)";

constexpr const char *matrix_usage = R"(Usage: barebpf [OPTIONS] matrix

Prints which kernel releases know which members of bpf(2)'s attr, which flags and
which map types. It does not ask the running kernel.

Examples:
  barebpf matrix
  barebpf -j matrix
)";

constexpr const char *probe_usage =
    R"(Usage: barebpf [OPTIONS] probe [types] [flags] [fields] [features] [TYPE...]

Asks the running kernel what it supports: everything, or the groups named, or what
concerns the map types named. -v prints each system call.

Examples:
  barebpf probe ringbuf
  barebpf -v probe fields features
)";

constexpr const char *apply_usage = R"(Usage: barebpf [OPTIONS] apply [PATH...]

Makes sure that the maps of map files are pinned, with the modes, owners and elements
that barebpf-maps(5) describes. A map that is pinned already is verified; if it is
another one, the line says what becomes of it. A second run changes nothing.

PATH is a map file, or a directory with files NAME.maps; of two with one name in
several directories, only that of the first is read. Without PATH, the directories
are /etc/barebpf.d, /run/barebpf.d and /usr/lib/barebpf.d.

A line that is wrong or fails is reported, and stops only those that need its map or
directory. Exit status 1: there was one.
  --dry-run  print what would be done; change nothing
  --kmsg     write to the kernel's log instead
  -j, -p     print a JSON document a line

Examples:
  barebpf apply
  barebpf apply --dry-run maps.d
)";

constexpr const char *diff_usage = R"(Usage: barebpf [OPTIONS] diff [PATH...]

Prints how this machine differs from map files, as apply --dry-run does. Exit status 1:
it differs, or a line is wrong. Elements are not compared.

Examples:
  barebpf diff
  barebpf -j diff net.maps
)";

constexpr const char *show_usage = R"(Usage: barebpf [OPTIONS] show PIN...

Prints what the kernel reports about pinned maps, and the mode and owner of each pin.
  --elements  print the elements too, decoded if the map has BTF, each CPU's by itself

Examples:
  barebpf show /sys/fs/bpf/flows
  barebpf -p show --elements /sys/fs/bpf/flows
)";

constexpr const char *unpin_usage = R"(Usage: barebpf [OPTIONS] unpin PIN...

Removes the pins of maps, and nothing else. A map goes when nothing holds it any more.

Examples:
  barebpf unpin /sys/fs/bpf/flows
  barebpf unpin /sys/fs/bpf/flows /sys/fs/bpf/seen
)";

constexpr const char *help_usage = R"(Usage: barebpf [OPTIONS] help [COMMAND | types | flags]

Examples:
  barebpf help create
  barebpf help types
)";

constexpr const char *version_usage = R"(Usage: barebpf [OPTIONS] version

Examples:
  barebpf version
  barebpf -j version
)";

// The help on a command; empty for anything else.
std::string help_on(std::string_view command)
{
    if (command == "create")
        return std::string(create_usage) + map_words + create_details;
    if (command == "explain")
        return std::string(explain_usage) + map_words + explain_details;
    if (command == "check")
        return std::string(check_usage) + map_words + check_details;
    if (command == "attr")
        return std::string(attr_usage) + map_words + attr_details;
    if (command == "matrix")
        return matrix_usage;
    if (command == "probe")
        return probe_usage;
    if (command == "apply")
        return apply_usage;
    if (command == "diff")
        return diff_usage;
    if (command == "show")
        return show_usage;
    if (command == "unpin")
        return unpin_usage;
    if (command == "help")
        return help_usage;
    return command == "version" ? version_usage : "";
}

void print_types(format form)
{
    std::string text;
    json types = json::array();
#define BAREBPF_TYPE(upper, lower, number) \
    text += fmt::format("{:2}  {}\n", number, #lower); \
    types.push_back({{"number", number}, {"name", #lower}});
    BAREBPF_MAP_TYPES(BAREBPF_TYPE)
#undef BAREBPF_TYPE
    print(form == format::text ? text : written({{"types", types}}, form));
}

void print_flags(format form)
{
    std::string text;
    json flags = json::array();
#define BAREBPF_FLAG(upper, lower, bit) \
    text += fmt::format("{:#7x}  {}\n", 1u << (bit), #lower); \
    flags.push_back({{"value", 1u << (bit)}, {"name", #lower}});
    BAREBPF_MAP_FLAGS(BAREBPF_FLAG)
#undef BAREBPF_FLAG
    print(form == format::text ? text : written({{"flags", flags}}, form));
}

} // namespace

void help(const std::vector<const char *> &words, format form)
{
    const std::string topic = words.empty() ? "" : words[0];
    if (topic == "types")
        return print_types(form);
    if (topic == "flags")
        return print_flags(form);
    const std::string text = words.empty() ? summary : help_on(topic);
    if (text.empty())
        throw failure{
            usage,
            fmt::format("help: unknown topic {}{}; there are types, flags, create, explain, check, "
                        "attr, matrix, probe, apply, diff, show, unpin, help and version",
                        in_quotes(topic),
                        did_you_mean(topic, {"types", "flags", "create", "explain", "check", "attr", "matrix",
                                             "probe", "apply", "diff", "show", "unpin", "help", "version"}))};
    print(form == format::text ? text : written({{"help", text}}, form));
}

void version(format form)
{
    print(form == format::text ? "barebpf " BAREBPF_VERSION "\n"
                               : written({{"version", BAREBPF_VERSION}}, form));
}

} // namespace barebpf::tool
