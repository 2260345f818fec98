# SPDX-License-Identifier: BSD-2-Clause
"""Source lines, and the time compilers take for them."""
import time

from . import programs
from .table import Table, between, figure, spread

CALLER = ["test/bench/create_map.cpp"]


def pieces(work):
    """What is compiled, by name: the files, and the flags by which they find their headers."""
    root = [f"-I{programs.ROOT}"]
    found = {"a caller, with libbpf's header": (CALLER, root),
             "a caller, with barebpf's header": (CALLER, programs.INCLUDES),
             "the library": (programs.library_sources(), programs.INCLUDES)}
    if (programs.ROOT / "tools/vendor").exists():
        programs.output(programs.ROOT / "tools/vendor", work / "vendored")
        found["the vendored pair"] = ([work / "vendored/barebpf.cpp", work / "vendored/barebpf.h"], [])
    return found


def seconds(command, runs=5):
    taken = []
    for _ in range(runs):
        start = time.monotonic()
        programs.output(*command)
        taken.append(time.monotonic() - start)
    return spread(taken)


def measure(work):
    result = {}
    for name, (files, flags) in pieces(work).items():
        files = [programs.ROOT / file for file in files]
        compiled = [file for file in files if file.suffix == ".cpp"]
        command = ["g++", "-std=c++20", "-Os", *programs.freestanding(), *flags, "-c", *compiled]
        result[name] = {"lines": sum(len(file.read_text().splitlines()) for file in files),
                        "seconds": seconds(["env", "-C", work, *command])}
    return result


def table(found):
    return Table("Source, and the seconds g++ -Os takes for it", ["what", "lines", "median (quartiles)"],
                 [[name, figure(row["lines"]), between(row["seconds"], 3)] for name, row in found.items()],
                 ["Lines of the files themselves, without the headers they include."])
