# SPDX-License-Identifier: BSD-2-Clause
"""docs/benchmarks.md and its plot."""
import re

from . import growth, machine, targets
from .programs import ROOT
from .table import markdown

TOP = """# Benchmarks

`tools/bench report` measures this and writes this page; do not edit it. Compare what stands in one table: it was
measured in one run, by turns. Absolute times are this machine's, which may have had other work.
"""
PICTURE = """![nanoseconds of one more map, from 10 maps to 100,000](benchmarks.svg)

Solid: with the kernel, bars from quartile to quartile. Dashed: in user space.
"""


PAGE, PLOT = ROOT / "docs/benchmarks.md", ROOT / "docs/benchmarks.svg"
OF_TIME = "exec to a map: "


def packages(_):
    return ["gnuplot-nox"]


def kept():
    """What the page has of time: its sections, its rows among the targets, and when they were measured."""
    sections = PAGE.read_text().split("\n## ")
    first = next(index for index, section in enumerate(sections) if section.startswith("Microseconds from exec"))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in sections[1].splitlines()
            if line.startswith(f"| {OF_TIME}")]
    date = re.search(r"^- date: .*?([\d-]+)$", sections[0], re.M)[1]
    return "\n## " + "\n## ".join(sections[first:]), rows, date


def write(found, tables):
    lines = machine.described()
    if "time" in found:
        growth.plot(found["time"]["growth"], PLOT)
        time, rows = PICTURE, targets.of_time(found["time"])
    else:
        time, rows, date = kept()
        time = time.removeprefix("\n")
        lines["date"] += f"; of the tables of time, and of the targets of \"exec to a map\", {date}"
    described = "\n".join(f"- {name}: {value}" for name, value in lines.items())
    sections = [TOP, described + "\n", markdown(targets.table(found, rows)), *map(markdown, tables), time]
    PAGE.write_text("\n".join(sections))
