# SPDX-License-Identifier: BSD-2-Clause
"""Applying map files: 10,000 maps, and a map of a million elements, beside the bare system calls and bpftool."""
import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from . import programs
from .table import Table, between, figure, ratio, spread
from .turns import turns

MAPS, ELEMENTS, RUNS = 10_000, 1_000_000, 15
LEAST, LOOKING, BATCHES = "raw: create, pin, close", "raw: and two looks a map", "raw: batches of 8,192"
BPFTOOL, APPLY, INIT = "bpftool batch", "barebpf apply", "barebpf-init"


def packages(_):
    return ["bpftool", "g++", "libfmt-dev", "meson", "ninja-build", "nlohmann-json3-dev", "pkg-config"]


@contextmanager
def bpffs():
    """A bpffs of our own. It is mounted for all, since every program that is measured pins there."""
    with tempfile.TemporaryDirectory() as directory:
        programs.output("mount", "-t", "bpf", "bpf", directory)
        try:
            yield Path(directory)
        finally:
            programs.output("umount", directory)


def built(work):
    """The command line and barebpf-init, as they are installed."""
    tree = work / "build"
    programs.output("meson", "setup", tree, programs.ROOT)
    programs.output("ninja", "-C", tree, "tools/barebpf", "tools/init/barebpf-init")
    return tree / "tools/barebpf", tree / "tools/init/barebpf-init"


def timed(place):
    """Measures a command: seconds by the clock and of CPU. What it pins is removed."""
    def one(command):
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"bench: {command[0]} failed with status {process.returncode}")
        for pin in list(place.iterdir()):
            if not pin.suffix:
                pin.unlink()
        return wall, used.ru_utime + used.ru_stime
    return one


def measured(place, commands):
    found = turns(RUNS, commands, timed(place), pause=0.3)
    return {way: {"wall": spread([wall for wall, _ in runs]), "cpu": spread([cpu for _, cpu in runs])}
            for way, runs in found.items()}


def written(path, lines):
    path.write_text("\n".join(lines) + "\n")
    return path


def measure(work, _):
    raw = programs.compiled(work, "pins")
    command, init = built(work)
    with bpffs() as place:
        one = f"map create {place}/elements type array key 4 value 8 entries {ELEMENTS} name bench"
        maps = written(work / "maps", (f"map create {place}/m{i} type array key 4 value 8 entries 1 name bench"
                                       for i in range(MAPS)))
        lines = written(work / "lines", [one, *(f"set {i} 7" for i in range(ELEMENTS))])
        return {
            "maps": measured(place, {
                LEAST: [raw, "least", place, MAPS], LOOKING: [raw, "looking", place, MAPS],
                BPFTOOL: ["bpftool", "batch", "file", maps], APPLY: [command, "apply", maps], INIT: [init, maps]}),
            "elements": measured(place, {
                BATCHES: [raw, "elements", place / "elements", ELEMENTS],
                APPLY: [command, "apply", lines], INIT: [init, lines]}),
        }


def table(title, found, bases, notes):
    header = ["way", "milliseconds, median (quartiles)", *(f"/ {base}" for base in bases), "of CPU",
              *(f"/ {base}" for base in bases)]

    def cells(row, kind):
        return [between(row[kind], scale=0.001),
                *(ratio(row[kind]["median"], found[base][kind]["median"]) for base in bases)]

    return Table(title, header, [[way, *cells(row, "wall"), *cells(row, "cpu")] for way, row in found.items()], notes)


def tables(found):
    return [
        table(f"Map files: {figure(MAPS)} maps made and pinned", found["maps"], (LEAST, BPFTOOL),
              [f"Arrays of one element, in a file of {figure(MAPS)} lines; {RUNS} runs of each, taking turns. "
               f"barebpf apply makes the calls of \"{LEAST}\" where it finds the directory empty, as here. "
               f"\"{LOOKING}\" also looks whether each map is there already, and whether a killed run left "
               "something, as barebpf-init does, and barebpf apply in a directory that has pins."]),
        table(f"Map files: {figure(ELEMENTS)} elements set", found["elements"], (BATCHES,),
              [f"One array, in a file of {figure(ELEMENTS)} `set` lines; {RUNS} runs of each, taking turns."]),
    ]
