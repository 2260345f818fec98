# SPDX-License-Identifier: BSD-2-Clause
"""The sections that a program which calls only bpf_map_create() links from an archive, and their bytes."""
import re
from collections import namedtuple
from pathlib import Path

from . import programs

Section = namedtuple("Section", "member name kind size")
KINDS = ["text", "rodata", "data", "bss"]
ROW = re.compile(r"\s*\[ *\d+\] (\S+) +(\S+) +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+ +([A-Za-z]*) +\d+ +\d+ +\d+$")
NOT_COUNTED = (".eh_frame", ".note", ".ARM.exidx", ".gcc_except_table")


def kind(section_type, flags):
    """Which of the four kinds of bytes a loaded section contains."""
    if "X" in flags:
        return "text"
    if "W" not in flags:
        return "rodata"
    return "bss" if section_type == "NOBITS" else "data"


def sections(archive):
    """Every section that is loaded when a program runs, except unwind tables and notes."""
    member = None
    for line in programs.output("readelf", "-SW", archive).splitlines():
        if line.startswith("File: "):
            member = line.rsplit("(", 1)[1].rstrip(")")
        row = ROW.match(line)
        if row and "A" in row[4] and not row[1].startswith(NOT_COUNTED) and int(row[3], 16):
            yield Section(member, row[1], kind(row[2], row[4]), int(row[3], 16))


def members(link, work):
    """The archive members that are linked, as {archive: {member}}, from the linker's map."""
    link_map = work / "map"
    programs.output(*link, f"-Wl,-Map,{link_map}", "-o", work / "linked")
    taken = {}
    for line in link_map.read_text().split("\nMemory Configuration")[0].splitlines():
        found = re.match(r"(/\S.*\.a)\((.*?)\)", line)
        if found:
            taken.setdefault(Path(found[1]), set()).add(found[2])
    return taken


def of_barebpf(work, compiler, flags, ar):
    """The sections a caller of bpf_map_create() links from libbarebpf.a, built by this compiler with these flags. None of
    them are of another folder than core, or it does not link."""
    work.mkdir(parents=True)
    archive = programs.library(work, compiler, flags, ar, ["core"])
    objects = programs.compile_objects(
        work, compiler, [*programs.freestanding(), *programs.FLAGS[programs.BARE], *flags],
        [programs.SOURCES / "one.cpp", programs.SOURCES / "create_map.cpp", programs.ROOT / "test/bare/process.cpp"])
    taken = members([*compiler, *flags, "-nostdlib", "-static", "-Wl,-e,_start", *objects, archive, "-lgcc"], work)[archive]
    return [section for section in sections(archive) if section.member in taken]


def of_each_call(work, compiler, flags, archive):
    """{function: the sections a program takes that calls nothing else}, of every function in lib/calls that makes one
    system call."""
    work.mkdir(parents=True)
    by_member = {}
    for section in sections(archive):
        by_member.setdefault(section.member, []).append(section)
    result = {}
    for name in programs.calls():
        link = [*compiler, *flags, "-nostdlib", "-static", f"-Wl,-e,{name}", f"-Wl,-u,{name}", archive, "-lgcc"]
        result[name] = [section for member in members(link, work)[archive] for section in by_member.get(member, [])]
    return result


def of_libbpf(work):
    """The sections a caller links from libbpf.a and from what that needs besides the C library."""
    work.mkdir(parents=True)
    objects = programs.compile_objects(
        work, ["g++"], ["-Os", *programs.FLAGS[programs.STATIC]],
        [programs.SOURCES / f"{name}.cpp" for name in ("one", "create_map", "hosted")])
    taken = members(["gcc", *objects, *programs.linked_with(programs.STATIC, None)], work)
    own = {archive: names for archive, names in taken.items()
           if not re.match(r"lib(c|gcc|gcc_eh|m|pthread)\.a$", archive.name)}
    return {archive.name: [section for section in sections(archive) if section.member in names]
            for archive, names in own.items()}


def summed(found):
    """Bytes by kind and in total, and the members they come from."""
    sizes = {name: sum(section.size for section in found if section.kind == name) for name in KINDS}
    return {**sizes, "bytes": sum(sizes.values()), "members": sorted({section.member for section in found} - {None})}
