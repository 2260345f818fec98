# SPDX-License-Identifier: BSD-2-Clause
"""The cost of one more map when there are many, and the kernel's share of it."""
import subprocess

from . import programs
from .table import Table, between, figure, spread
from .turns import turns

RUNS = 11
# A process holds no more maps than this, because of its limit of descriptors; then another continues.
HELD = 10_000
COUNTS = [first * 10 ** power for power in range(1, 5) for first in (1, 2, 5)] + [100_000]
WAYS = [programs.RAW, programs.BAREBPF, programs.STATIC]
WITHOUT_KERNEL = ["-Wl,--wrap=syscall"]
SCRIPTED = '-DBAREBPF_ARCH_HEADER="test/arch.h"'


def grow(program):
    """Nanoseconds at each of COUNTS."""
    holders, elapsed, spent = [], {0: 0}, 0
    for made in range(0, COUNTS[-1], HELD):
        counts = [count for count in COUNTS if count < HELD and not made] + [HELD]
        holders.append(subprocess.Popen([program, "1", *map(str, counts)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        elapsed.update({made + count: spent + int(holders[-1].stdout.readline()) for count in counts})
        spent = elapsed[made + HELD]
    for holder in holders:
        holder.communicate()
    return elapsed


def each(built, rounds, pause):
    """Nanoseconds of one more map, by way, up to each of COUNTS."""
    return {way: [spread([(run[count] - run[before]) / (count - before) for run in runs])
                  for before, count in zip([0, *COUNTS], COUNTS)]
            for way, runs in turns(rounds, built, grow, pause).items()}


def measure(work, built):
    """On the real kernel, and with the system call replaced by a function that returns a descriptor."""
    archive = programs.library(work / "without", ["g++"], ["-O2", SCRIPTED])
    without = {way: programs.program(work / "without", way, "many", archive, ["-O2"], WITHOUT_KERNEL)
               for way in WAYS}
    real, user = each({way: built[way] for way in WAYS}, RUNS, 2), each(without, 2 * RUNS, 0)
    return {way: [{"maps": count, "real": real[way][index], "user": user[way][index]}
                  for index, count in enumerate(COUNTS)] for way in WAYS}


def share(row):
    """The kernel's share, in per cent."""
    return 100 * (1 - row["user"]["median"] / row["real"]["median"])


def table(found):
    rows = [[way, figure(row["maps"]), between(row["real"]), figure(row["user"]["median"], 1),
             f"{share(row):.1f}"]
            for way, points in found.items() for row in points if str(row["maps"]).startswith("1")]
    return Table("Nanoseconds of one more map, without options",
                 ["way", "up to maps", "median (quartiles)", "in user space", "the kernel's share, %"], rows,
                 [f"{RUNS} runs of each, taking turns. \"In user space\" is the same program with the system call "
                  "replaced by a function that returns a descriptor. The first ten maps have with them what is "
                  "done once."])


def plot(found, picture):
    """Draws the table, and the counts between its rows, as an SVG."""
    blocks = ["\n".join(f"{row['maps']} {row[part]['median']} {row[part]['low']} {row[part]['high']}"
                        for row in points) for part in ("real", "user") for points in found.values()]
    names = [f"{way}, {part}" for part in ("with the kernel", "in user space") for way in found]
    lines = ['$measured << END', "\n\n\n".join(blocks), "END",
             f"set output '{picture}'", "names = \"" + " ".join(f"'{name}'" for name in names) + '"',
             f"load '{programs.ROOT}/tools/benchmarks/growth.gnuplot'"]
    subprocess.run(["gnuplot"], check=True, text=True, input="\n".join(lines))
