# SPDX-License-Identifier: BSD-2-Clause
"""Instructions in user space of one create, counted by callgrind from the call to the return."""
import re

from . import programs
from .table import Table, figure, ratio

MANY = 1001
APART = "raw system call, in a function of its own"


def packages(_):
    return ["g++", "pkg-config", "libbpf-dev", "valgrind"]


def count(program, maps):
    """The instructions of create_map() and all it calls, in a program that makes this many maps."""
    result = program.with_suffix(".callgrind")
    programs.output("valgrind", "-q", "--tool=callgrind", "--toggle-collect=create_map",
                    f"--callgrind-out-file={result}", program, 1, maps, stderr=programs.subprocess.DEVNULL)
    return int(re.search(r"^totals: (\d+)", result.read_text(), re.M)[1])


def measure(work, _):
    result = {}

    def add(name, way, level, *flags):
        program = programs.program(work / name, way, "many", archives[level], [level, *flags])
        first = count(program, 1)
        result[name] = {"first": first, "later": (count(program, MANY) - first) / (MANY - 1)}

    archives = {level: programs.library(work / level, ["g++"], [level]) for level in ("-O2", "-Os")}
    for way in programs.HOSTED:
        add(way, way, "-O2")
    add(APART, programs.RAW, "-O2", "-URAW", "-DRAW=[[gnu::noipa]]")
    add(f"{programs.BAREBPF}, -Os", programs.BAREBPF, "-Os")
    return result


def tables(found):
    raw = found[programs.RAW]
    yield Table("Instructions in user space of one create", ["way", "first", "each later", "later / raw"],
                [[way, figure(row["first"]), figure(row["later"], 1), ratio(row["later"], raw["later"])]
                 for way, row in found.items()],
                [f"Counted by callgrind, on the real kernel; \"each later\" is the mean of {MANY - 1:,}. The caller "
                 "and barebpf are built by g++ -O2 where it says nothing else; libbpf is the distribution's. The "
                 "compiler makes one of the raw call and its caller, and knows every argument; to a function of its "
                 "own, like that of a library, it does not tell them."])
