# SPDX-License-Identifier: BSD-2-Clause
"""The targets of barebpf, beside what was measured."""
from . import instructions, life, programs
from .table import Table, figure


def at_most(what, measured, limit, digits=0):
    return [what, f"at most {figure(limit, digits)}", figure(measured, digits), "yes" if measured <= limit else "NO"]


def at_least(what, measured, limit):
    return [what, f"at least {figure(limit)}", figure(measured, 2), "yes" if measured >= limit else "NO"]


def of_size(found):
    row = next(row for row in found["closures"] if (row["architecture"], row["compiler"]) == ("x86_64", "g++"))
    yield at_most("bytes of bpf_map_create() on x86_64, g++ -Os", row["bytes"], 1536)
    yield at_most("bytes of it that are written to", row["data"] + row["bss"], 8)
    calls = [row for row in found["each call"] if row["compiler"] == "g++"]
    for largest in sorted(calls, key=lambda row: -row["text"])[:2]:
        yield at_most(f"bytes of text of a call on a map, g++ -Os, the two largest: {largest['call']}()",
                      largest["text"], 200)


def of_calls(found):
    first, second = found[programs.BAREBPF]["accepted"]
    yield at_most("system calls of the first map", sum(first["calls"].values()), 1)
    yield at_most("system calls of the second map", sum(second["calls"].values()), 1)


def of_instructions(found):
    ours = found[programs.BAREBPF]["later"]
    for name in (programs.RAW, instructions.APART):
        yield at_most(f"instructions, no options / those of the {name}", ours / found[name]["later"], 1.5, 2)
    for when in ("first", "later"):
        yield at_most(f"instructions, no options / those of {programs.STATIC}, {when} map",
                      found[programs.BAREBPF][when] / found[programs.STATIC][when], 0.5, 2)


def of_calls_with_options(found):
    for compiler in instructions.COMPILERS:
        ours = found[f"barebpf, {compiler} -O2"]
        for name, limit in instructions.LIMITS.items():
            for column, raw in (("raw", programs.RAW), ("raw apart", instructions.APART)):
                yield at_most(f"instructions, {name} / those of the {raw}, {compiler}",
                              ours[name] / found[f"{column}, {compiler}"][instructions.CALLS[name][1]], limit, 2)
        for name in instructions.OLDER:
            yield at_most(f"instructions, {name} / those of libbpf, {compiler}",
                          ours[name] / found["libbpf"][name], instructions.OLDER_LIMIT, 2)


def of_each_call(found):
    """The call that is farthest from its target stands for all."""
    for compiler in life.COMPILERS:
        for column, raw in (("raw", programs.RAW), ("raw apart", instructions.APART)):
            highest, name, met = life.worst(found["instructions"], column, compiler)
            yield at_most(f"instructions of a call on a map / those of the {raw}, {compiler}: {met} of "
                          f"{len(life.CALLS)} ways meet it; highest, {name}", highest, life.LIMIT, 2)
    yield at_most("system calls of a call on a map, highest",
                  max(map(len, found["system calls"]["barebpf"].values())), 1)


def of_time(found):
    launches = found["launches"]
    for ours in (programs.BARE, programs.MUSL, programs.BAREBPF):
        for theirs, limit in ((programs.STATIC, 2), (programs.SHARED, 5)):
            yield at_least(f"exec to a map: time of {theirs} / of {ours}",
                           launches[theirs]["median"] / launches[ours]["median"], limit)


def table(found, time):
    """The targets of all but time, and those rows."""
    rows = [*of_size(found["size"]), *of_calls(found["calls"]), *of_instructions(found["instructions"]["ways"]),
            *of_calls_with_options(found["instructions"]["calls"]), *of_each_call(found["life"]), *time]
    return Table("Targets", ["what", "target", "measured", "met"], rows,
                 [f"\"{programs.BARE}\" is a program without a C library, \"{programs.MUSL}\" one with musl, static. "
                  f"\"{programs.BAREBPF}\" has glibc, static, whose own start takes its time, most of all in a "
                  "virtual machine: its cpuid instructions are the hypervisor's to answer."])
