# SPDX-License-Identifier: BSD-2-Clause
"""docs/benchmarks.md and its plot."""
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


def packages(_):
    return ["gnuplot-nox"]


def write(found, tables):
    machine_lines = "\n".join(f"- {name}: {value}" for name, value in machine.described().items())
    sections = [TOP, machine_lines + "\n", markdown(targets.table(found)), *map(markdown, tables), PICTURE]
    growth.plot(found["time"]["growth"], ROOT / "docs/benchmarks.svg")
    (ROOT / "docs/benchmarks.md").write_text("\n".join(sections))
