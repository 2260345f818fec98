# SPDX-License-Identifier: BSD-2-Clause
"""System calls of the first and the second named map, answered by the kernel, or refused by strace in its place."""
import re
from collections import Counter

from . import programs
from .table import Table

ERRORS = ["EPERM", "EINVAL", "E2BIG"]


def packages(_):
    return ["g++", "pkg-config", "libbpf-dev", "strace"]


def traced(program, inject=()):
    """The calls of program between the lines it writes: one [(name, line)] for each map, with its result."""
    trace = program.with_suffix(".trace")
    programs.output("strace", "-qq", "-o", trace, *inject, program)
    pieces, current = [], None
    for line in trace.read_text().splitlines():
        written = re.match(r'write\(1, "(\S+)\\n"', line)
        if written:
            pieces.append((current, written[1]))
            current = []
        elif current is not None and re.match(r"\w+\(", line):
            current.append((line.split("(")[0], line))
    return [(calls, int(result)) for calls, result in pieces[1:3]]


def counted(piece):
    calls, result = piece
    return {"calls": dict(Counter(name for name, _ in calls)), "result": result}


def first_create(program):
    """Which of its calls of bpf(2) creates the first map, counted from one."""
    lines = [line for calls, _ in traced(program) for name, line in calls if name == "bpf"]
    return 1 + next(index for index, line in enumerate(lines) if "BPF_MAP_CREATE" in line)


def measure(work, _):
    archive = programs.library(work, ["g++"], ["-O2"])
    result = {}
    for way in programs.HOSTED:
        program = programs.program(work, way, "twice", archive, ["-O2"])
        first = first_create(program)
        injected = {"accepted": []}
        for error in ERRORS:
            injected[f"{error} to the first map"] = ["-e", f"inject=bpf:error={error}:when={first}"]
            injected[f"{error} to every map"] = ["-e", f"inject=bpf:error={error}:when={first}+"]
        injected["EPERM to every bpf(2)"] = ["-e", "inject=bpf:error=EPERM"]
        result[way] = {name: list(map(counted, traced(program, words))) for name, words in injected.items()}
    return result


def described(piece):
    words = ", ".join(f"{count} {name}" for name, count in piece["calls"].items())
    return f"{sum(piece['calls'].values())} ({words}): {'a map' if piece['result'] >= 0 else piece['result']}"


def tables(found):
    note = ("Refusals are put in the kernel's place by strace, from the first BPF_MAP_CREATE on. After the colon: "
            "what came of it.")
    for index, which in enumerate(["first", "second"]):
        rows = [[answer, *(described(found[way][answer][index]) for way in found)] for answer in found[programs.RAW]]
        yield Table(f"System calls of the {which} named map, without options", ["the kernel's answer", *found], rows, [note])
