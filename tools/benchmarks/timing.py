# SPDX-License-Identifier: BSD-2-Clause
"""Time: from exec to a map, maps a second, and the cost of a map from ten of them to 100,000."""
import resource
import struct
import subprocess

from . import growth, programs
from .table import Table, between, figure, ratio, spread
from .turns import turns

LAUNCHES, RATES, MAPS = 200, 15, 10_000


def packages(_):
    return ["g++", "pkg-config", "libbpf-dev", "musl-tools"]


def launches(work, archive):
    """Nanoseconds from execve(2) to the map, by way."""
    launch = programs.compiled(work, "launch")
    built = {way: programs.program(work, way, "stamp", archive, ["-O2"]) for way in programs.ALL}

    def one(program):
        stamps = subprocess.run([launch, program], check=True, stdout=subprocess.PIPE).stdout
        start, start_part, end, end_part = struct.unpack("=4q", stamps)
        return (end - start) * 1_000_000_000 + end_part - start_part

    return {way: spread(values) for way, values in turns(LAUNCHES, built, one).items()}


def rates(built):
    """Maps a second by way and number of threads."""
    found = {way: {} for way in built}
    for threads in ("1", "2"):
        taken = turns(RATES, built, lambda program: int(programs.output(program, threads, MAPS)), pause=0.3)
        for way, values in taken.items():
            found[way][threads] = spread([MAPS * 1e9 / value for value in values])
    return found


def measure(work, _):
    archive = programs.library(work, ["g++"], ["-O2"])
    built = {way: programs.program(work, way, "many", archive, ["-O2"]) for way in programs.HOSTED}
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return {"launches": launches(work, archive), "rates": rates(built), "growth": growth.measure(work, built)}


def launch_table(found):
    base = found[programs.BARE]["median"]
    return Table("Microseconds from exec to a map, without options", ["way", "median (quartiles)", f"/ {programs.BARE}"],
                 [[way, between(row, 1, 1000), ratio(row["median"], base)] for way, row in found.items()],
                 [f"From execve(2) to the return of the first create; {LAUNCHES} runs of each, taking turns."])


def rate_table(found):
    def cells(row, threads):
        return [between(row[threads]), ratio(row[threads]["median"], found[programs.RAW][threads]["median"])]

    return Table("Maps a second, without options", ["way", "1 thread, median (quartiles)", "/ raw", "2 threads", "/ raw"],
                 [[way, *cells(row, "1"), *cells(row, "2")] for way, row in found.items()],
                 [f"{figure(MAPS)} maps; {RATES} runs of each, taking turns. The table of descriptors has its "
                  "size from the start."])


def tables(found):
    return [launch_table(found["launches"]), rate_table(found["rates"]), growth.table(found["growth"])]
