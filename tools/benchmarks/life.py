# SPDX-License-Identifier: BSD-2-Clause
"""What each call on a map that exists takes: instructions in user space, and system calls."""
import re

from . import programs
from .instructions import COMPILERS, OWN_FUNCTION, at_once
from .table import Table, figure, ratio

ROUNDS = 100
LIMIT = 1.5
# The rows of test/bench/life.cpp, and how each calls.
CALLS = {
    "update": "bpf_map_update_elem()",
    "lookup": "bpf_map_lookup_elem()",
    "lookup_flags": "bpf_map_lookup_elem_flags()",
    "take": "bpf_map_lookup_and_delete_elem()",
    "take_flags": "bpf_map_lookup_and_delete_elem_flags()",
    "erase": "bpf_map_delete_elem()",
    "erase_flags": "bpf_map_delete_elem_flags()",
    "next_key": "bpf_map_get_next_key()",
    "freeze": "bpf_map_freeze()",
    "update_batch": "bpf_map_update_batch(), no options",
    "update_batch_opts": "bpf_map_update_batch(), options",
    "lookup_batch": "bpf_map_lookup_batch(), no options",
    "lookup_batch_opts": "bpf_map_lookup_batch(), options",
    "take_batch": "bpf_map_lookup_and_delete_batch(), no options",
    "take_batch_opts": "bpf_map_lookup_and_delete_batch(), options",
    "erase_batch": "bpf_map_delete_batch(), no options",
    "erase_batch_opts": "bpf_map_delete_batch(), options",
    "pin": "bpf_obj_pin()",
    "pin_opts_null": "bpf_obj_pin_opts(), no options",
    "pin_opts": "bpf_obj_pin_opts(), options",
    "get": "bpf_obj_get()",
    "get_opts_null": "bpf_obj_get_opts(), no options",
    "get_opts": "bpf_obj_get_opts(), options",
    "info": "bpf_obj_get_info_by_fd()",
    "map_info": "bpf_map_get_info_by_fd()",
    "btf_info": "bpf_btf_get_info_by_fd()",
    "next_id": "bpf_map_get_next_id()",
    "fd_by_id": "bpf_map_get_fd_by_id()",
    "fd_by_id_opts_null": "bpf_map_get_fd_by_id_opts(), no options",
    "fd_by_id_opts": "bpf_map_get_fd_by_id_opts(), options",
    "btf_fd_by_id": "bpf_btf_get_fd_by_id()",
    "btf_fd_by_id_opts": "bpf_btf_get_fd_by_id_opts(), options",
    "btf_load": "bpf_btf_load(), no options",
    "btf_load_opts": "bpf_btf_load(), options",
    "token": "bpf_token_create(), no options, refused",
    "token_opts": "bpf_token_create(), options, refused",
}
LIBBPF = "libbpf"


def packages(_):
    return ["g++", "clang", "pkg-config", "libbpf-dev", "strace", "valgrind", "binutils"]


def checked(names):
    """Every call of libbpf's that the library makes has a row, and every row a name."""
    measured = {re.match(r"\w+", call)[0] for call in CALLS.values()}
    missing = {*(set(programs.calls("bpf_")) - measured), *(set(names) ^ set(CALLS))}
    if missing:
        raise SystemExit(f"bench: test/bench/life.cpp and the table of calls do not both have {', '.join(sorted(missing))}")


def build(work, compiler, way, archive, *flags):
    work.mkdir(parents=True)
    objects = programs.compile_objects(work, [compiler], ["-O2", *programs.FLAGS[way], *flags],
                                       [programs.SOURCES / "life.cpp"])
    programs.output("gcc", *objects, *programs.linked_with(way, archive), *programs.KEPT, "-o", work / "life")
    return work / "life"


def instructions(program):
    """{row: instructions of a call}, from callgrind's sums of each function and all it calls."""
    result = program.with_suffix(".callgrind")
    log = program.with_suffix(".log")  # valgrind warns of every command of bpf(2) that it does not know
    programs.output("valgrind", "-q", "--tool=callgrind", f"--log-file={log}", f"--callgrind-out-file={result}",
                    program, ROUNDS)
    listed = programs.output("callgrind_annotate", "--inclusive=yes", "--threshold=100", result)
    found = re.findall(r"^ *([\d,]+) +\([^)]*\) +\S*:call_(\w+)", listed, re.M)
    return {name: int(total.replace(",", "")) / ROUNDS for total, name in found
            if name in CALLS}


def system_calls(program):
    """{row: the names of the system calls of a call}."""
    trace = program.with_suffix(".trace")
    programs.output("strace", "-qq", "-o", trace, program, 1)
    found, current = {}, None
    for line in trace.read_text().splitlines():
        written = re.match(r'write\(1, "(\w+)\\n"', line)
        if written:
            current = None if written[1] == "end" else written[1]
            if current:
                found[current] = []
        elif current and re.match(r"\w+\(", line):
            found[current].append(line.split("(")[0])
    return found


def measure(work, _):
    archives = {compiler: programs.library(work / compiler, [compiler], ["-O2"]) for compiler in COMPILERS}
    jobs = {LIBBPF: (work / LIBBPF, "g++", programs.STATIC, None, "-DLIBBPF")}
    for compiler in COMPILERS:
        jobs[f"raw, {compiler}"] = (work / f"raw {compiler}", compiler, programs.RAW, None)
        jobs[f"raw apart, {compiler}"] = (work / f"apart {compiler}", compiler, programs.RAW, None, *OWN_FUNCTION)
        jobs[f"barebpf, {compiler}"] = (work / f"barebpf {compiler}", compiler, programs.BAREBPF, archives[compiler])
    built = at_once(build, jobs)
    traced = {"barebpf": system_calls(built[f"barebpf, {COMPILERS[0]}"]), LIBBPF: system_calls(built[LIBBPF])}
    checked(traced["barebpf"])
    return {"instructions": at_once(instructions, {column: (program,) for column, program in built.items()}),
            "system calls": traced}


def worst(found, column, compiler):
    """The highest ratio of our instructions to a column's, its row, and how many rows keep to the limit."""
    ours, base = found[f"barebpf, {compiler}"], found[f"{column}, {compiler}"]
    ratios = {CALLS[name]: ours[name] / base[name] for name in CALLS}
    highest = max(ratios, key=ratios.get)
    return ratios[highest], highest, sum(value <= LIMIT for value in ratios.values())


def instruction_table(found):
    def cells(name):
        for compiler in COMPILERS:
            ours = found[f"barebpf, {compiler}"][name]
            yield figure(ours)
            for column in ("raw", "raw apart"):
                base = found[f"{column}, {compiler}"][name]
                yield from (figure(base), ratio(ours, base))
        theirs = found[LIBBPF].get(name)
        yield from (figure(theirs), ratio(found["barebpf, g++"][name], theirs)) if theirs else ("", "")

    columns = [f"{compiler}: {what}" for compiler in COMPILERS
               for what in ("barebpf", "raw", "/ raw", "raw apart", "/ raw apart")]
    return Table("Instructions in user space of each call on a map",
                 ["call", *columns, "libbpf", "g++: barebpf / libbpf"],
                 [[CALLS[name], *cells(name)] for name in CALLS],
                 [f"Counted by callgrind at -O2, on the real kernel; the mean of {ROUNDS}, with what the caller does to "
                  "fill options. The raw call fills the same members, clears and passes no more of bpf_attr than the "
                  "command has, leaves errno to the C library's syscall() and returns -errno. \"raw\" is a static function "
                  "that the compiler makes part of its caller; \"raw apart\" is a function of its own. "
                  "A token is given only to a user namespace with a bpffs of its own; counted is the refusal, with "
                  "errno. Without a figure for libbpf, its release here lacks the call."])


def system_call_table(found):
    def cell(names):
        return f"{len(names)} ({', '.join(names)})" if names is not None else ""

    return Table("System calls of each call on a map", ["call", *found],
                 [[CALLS[name], *(cell(calls.get(name)) for calls in found.values())] for name in CALLS], [])


def tables(found):
    return [instruction_table(found["instructions"]), system_call_table(found["system calls"])]
