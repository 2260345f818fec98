# SPDX-License-Identifier: BSD-2-Clause
"""Instructions in user space of one create, counted by callgrind from the call to the return."""
import os
import re
from concurrent.futures import ThreadPoolExecutor

from . import programs
from .table import Table, figure, ratio

MANY = 1001
APART = "raw system call, in a function of its own"
# Such a function: neither it nor its arguments become part of its caller.
OWN_FUNCTION = ["-URAW", "-DRAW=[[gnu::weak,gnu::noinline]]"]
COMPILERS = ["g++", "clang++"]

# Ways of calling, by name: the macros for call.cpp, and which of RAWS fills the same members. A name that begins with
# "options" or "no" is in libbpf's interface, and libbpf is measured too, but for members that its release lacks.
NAMED, NAMELESS, FILLED = "raw", "raw, no name", "raw, every member"
RAWS = {NAMED: [], NAMELESS: ["-DNAMELESS"], FILLED: ["-DEVERY_MEMBER"]}
EMPTY, EVERY = "empty options", "options, every member set"
SPEC, CPLUSPLUS = "barebpf_map_create(), a spec alone", "barebpf::create_map()"
OLDER = {f"empty options of {sz} bytes{cut}": sz
         for sz, cut in ((48, ""), (56, ""), (72, ""), (60, ", which cuts a member"), (28, ", which is less than any"))}
NEWER = "empty options of 88 bytes"
# At most so many times the instructions of the raw call that fills the same members; of libbpf, for an older layout.
LIMITS = {EMPTY: 1.5, EVERY: 1.5, SPEC: 2.5, CPLUSPLUS: 2.5}
OLDER_LIMIT = 0.5
# A spec alone has a shorter way, which takes at most so many times the instructions of one with a policy.
POLICY, SHORTER_LIMIT = "barebpf_map_create(), a policy", 0.7
CALLS = {
    "no options": (["-DNO_OPTIONS"], NAMED),
    "no options, no name": (["-DNO_OPTIONS", "-DNAMELESS"], NAMELESS),
    EMPTY: (["-DEMPTY"], NAMED),
    "empty options, no name": (["-DEMPTY", "-DNAMELESS"], NAMELESS),
    EVERY: (["-DEMPTY", "-DEVERY_MEMBER"], FILLED),
    **{name: ([f"-DSZ={sz}"], NAMED) for name, sz in OLDER.items()},
    NEWER: (["-DSZ=88"], NAMED),
    SPEC: (["-DSPEC"], NAMED),
    "barebpf_map_create(), every member set": (["-DSPEC", "-DEVERY_MEMBER"], FILLED),
    POLICY: (["-DPOLICY"], NAMED),
    "barebpf_map_create(), a policy and a report": (["-DREPORT"], NAMED),
    CPLUSPLUS: (["-DCPLUSPLUS"], NAMED),
    "barebpf::create_map(), every member set": (["-DCPLUSPLUS", "-DEVERY_MEMBER"], FILLED),
    "barebpf::create_map(), a report": (["-DCPLUSPLUS_REPORT"], NAMED),
}


def packages(_):
    return ["g++", "clang", "pkg-config", "libbpf-dev", "valgrind"]


def count(program, maps):
    """The instructions of create_map() and all it calls, in a program that creates this many maps."""
    result = program.with_suffix(".callgrind")
    programs.output("valgrind", "-q", "--tool=callgrind", "--toggle-collect=create_map",
                    f"--callgrind-out-file={result}", program, maps, stderr=programs.subprocess.DEVNULL)
    return int(re.search(r"^totals: (\d+)", result.read_text(), re.M)[1])


def counts(program, many=MANY):
    first = count(program, 1)
    return {"first": first, "later": (count(program, many) - first) / (many - 1)}


def at_once(count_one, jobs):
    """{name: count_one(*job)} of {name: job}. What else the machine does changes no count."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(jobs, pool.map(lambda job: count_one(*job), jobs.values())))


def measure_ways(work, archives):
    """The same call in each way of creating a map."""
    def one(name, way, level, *flags):
        return counts(programs.program(work / name, way, "repeat", archives["g++", level], [level, *flags]))

    return at_once(one, {**{way: (way, way, "-O2") for way in programs.HOSTED},
                         APART: (APART, programs.RAW, "-O2", "-URAW", "-DRAW=[[gnu::noipa]]"),
                         f"{programs.BAREBPF}, -Os": ("size", programs.BAREBPF, "-Os")})


def measure_calls(work, archives):
    """Each way of calling: instructions of a later create by [column][name]."""
    def later(directory, way, compiler, level, *flags):
        program = programs.program(work / directory, way, "repeat", archives.get((compiler, level)), [level, *flags],
                                   caller="call", compiler=compiler)
        return counts(program)["later"]

    jobs = {}

    def add(column, name, *job):
        jobs[column, name] = (f"{column} {name}", *job)

    for compiler in COMPILERS:
        for name, flags in RAWS.items():
            add(f"raw, {compiler}", name, programs.RAW, compiler, "-O2", *flags)
            add(f"raw apart, {compiler}", name, programs.RAW, compiler, "-O2", *OWN_FUNCTION, *flags)
        for level in ("-O2", "-Os"):
            for name, (flags, _) in CALLS.items():
                add(f"barebpf, {compiler} {level}", name, programs.BAREBPF, compiler, level, *flags)
    for name, (flags, _) in CALLS.items():
        if "options" in name and name != EVERY:
            add("libbpf", name, programs.STATIC, "g++", "-O2", *flags)
    found = {}
    for (column, name), instructions in at_once(later, jobs).items():
        found.setdefault(column, {})[name] = instructions
    return found


def measure(work, _):
    archives = {(compiler, level): programs.library(work / f"{compiler} {level}", [compiler], [level])
                for compiler in COMPILERS for level in ("-O2", "-Os")}
    return {"ways": measure_ways(work, archives), "calls": measure_calls(work, archives)}


def way_table(found):
    raw = found[programs.RAW]
    return Table("Instructions in user space of one create, without options",
                 ["way", "first", "each later", "later / raw"],
                 [[way, figure(row["first"]), figure(row["later"], 1), ratio(row["later"], raw["later"])]
                  for way, row in found.items()],
                 [f"Counted by callgrind, on the real kernel; \"each later\" is the mean of {MANY - 1:,}. The name has "
                  "five characters. The caller and barebpf are built by g++ -O2 where it says nothing else; libbpf is "
                  "the distribution's. The compiler makes one of the raw call and its caller, and knows every "
                  "argument; to a function of its own, like that of a library, it does not tell them."])


def call_table(found):
    def cells(name, raw):
        for compiler in COMPILERS:
            ours = found[f"barebpf, {compiler} -O2"][name]
            yield from (figure(ours), figure(found[f"barebpf, {compiler} -Os"][name]))
            for column in ("raw", "raw apart"):
                base = found[f"{column}, {compiler}"][raw]
                yield from (figure(base), ratio(ours, base))
        theirs = found["libbpf"].get(name)
        yield from (figure(theirs), ratio(found["barebpf, g++ -O2"][name], theirs)) if theirs else ("", "")

    columns = [f"{compiler}: {what}" for compiler in COMPILERS
               for what in ("barebpf", "barebpf -Os", "raw", "/ raw", "raw apart", "/ raw apart")]
    return Table("Instructions in user space of a later create, by how it is called",
                 ["call", *columns, "libbpf", "g++: barebpf / libbpf"],
                 [[name, *cells(name, raw)] for name, (_, raw) in CALLS.items()],
                 ["Counted as above, with what the caller does to fill options, spec, policy and report; at -O2 where "
                  "it says nothing else. The raw call fills the same members of bpf_attr and has no other options. "
                  "\"raw\" is a static function that the compiler makes part of its caller: it knows the name and every "
                  "argument, and copies the name by one or two moves. \"raw apart\" is a function with a parameter for "
                  "each of them, as bpf_map_create() is, and copies a name that it does not know by strncpy(). Where "
                  "every member is set, no compiler knows their values. A create by one of barebpf's own interfaces has no counterpart in "
                  "libbpf, whose release here has options of 48 bytes."])


def tables(found):
    return [way_table(found["ways"]), call_table(found["calls"])]
