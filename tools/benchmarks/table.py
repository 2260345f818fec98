# SPDX-License-Identifier: BSD-2-Clause
"""Tables of words and figures, and the figures of repeated measurements."""
import re
import statistics
import textwrap
from collections import namedtuple

# notes: the sentences below a table, which say what was measured.
Table = namedtuple("Table", "title header rows notes")


def spread(values):
    """The median of measurements and the quartiles around it."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": middle, "low": low, "high": high, "runs": len(values)}


def figure(value, digits=0):
    """A number with its thousands separated."""
    return f"{value:,.{digits}f}"


def between(measured, digits=0, scale=1):
    """A median and its quartiles: "12 (11 to 14)"."""
    low, middle, high = (figure(measured[name] / scale, digits) for name in ("low", "median", "high"))
    return f"{middle} ({low} to {high})"


def ratio(value, base):
    return f"{value / base:.2f}"


def is_figure(cell):
    """The text of a cell: nothing, a word, a number, or a median with its quartiles."""
    return re.fullmatch(r"([\d.,]+( \([\d.,]+ to [\d.,]+\))?)?", cell)


def figures(table):
    """Which columns contain figures."""
    return [all(is_figure(str(cell)) for cell in column) for column in zip(*table.rows)]


def plain(table):
    """A table for a terminal: words aligned left, figures right."""
    rows = [list(map(str, row)) for row in [table.header, *table.rows]]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = [table.title]
    for row in rows:
        cells = [cell.rjust(width) if right else cell.ljust(width)
                 for cell, width, right in zip(row, widths, figures(table))]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines + [textwrap.indent(textwrap.fill(note, 98), "  ") for note in table.notes]) + "\n"


def markdown(table):
    """The same table as a section of a page."""
    rule = ["---:" if right else "---" for right in figures(table)]
    lines = [f"## {table.title}", ""]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in [table.header, rule, *table.rows]]
    lines += [line for note in table.notes for line in ("", note)]
    return "\n".join(lines) + "\n"
