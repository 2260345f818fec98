# SPDX-License-Identifier: BSD-2-Clause
"""Bytes: what a call of bpf_map_create() adds to a program, and whole programs."""
from . import closure, programs, sources
from .table import Table, figure, ratio

COUNTED = ("Counted is what the linker takes out of the archives for a caller: every section of these objects that "
           "is loaded, but unwind tables and notes. The C library is not counted.")


def architectures():
    """The rows of test/bare/architectures by a compiler of Debian's and at -Os: name, triplet, compilers, package of
    the compiler, flags."""
    for line in (programs.ROOT / "test/bare/architectures").read_text().splitlines():
        if not line.startswith("#"):
            name, _, levels, triplet, _, compilers, package, _, *flags = line.split()
            if levels == "all" and compilers.startswith("g++"):
                yield name, triplet, compilers.split(","), package, flags


def packages(everything):
    """Debian's packages for this; the compilers of other architectures only if all are requested."""
    return ["clang", "pkg-config", "libbpf-dev", "musl-tools", "binutils",
            *(package for name, *_, package, _ in architectures() if everything or name == "x86_64")]


def commands(everything):
    """Compilers: name, architecture, command, archiver."""
    for name, triplet, compilers, _, flags in architectures():
        for compiler in compilers if everything or name == "x86_64" else []:
            command = [f"{triplet}-g++"] if compiler == "g++" else [compiler, f"--target={triplet}"]
            yield compiler, name, [*command, *flags], f"{triplet}-ar"


def closures(work, everything):
    rows = []
    for compiler, name, command, archiver in commands(everything):
        found = closure.of_barebpf(work / f"{name} {compiler}", command, ["-Os"], archiver)
        rows.append({"of": "barebpf", "architecture": name, "compiler": compiler, **closure.summed(found)})
    for archive, found in closure.of_libbpf(work / "libbpf").items():
        rows.append({"of": archive, "architecture": programs.output("uname", "-m").strip(),
                     "compiler": "the distribution's", **closure.summed(found)})
    return rows


def each_call(work):
    """Every call on a map: the text of the object it is in, and what it takes out of the archive in all."""
    rows = []
    for compiler in ("g++", "clang++"):
        archive = programs.library(work / f"calls {compiler}", [compiler], ["-Os"])
        for name, found in closure.of_each_call(work / "each" / compiler, [compiler], ["-Os"], archive).items():
            own = [section for section in found if section.member == f"{name}.o"]
            rows.append({"call": name, "compiler": compiler, "text": closure.summed(own)["text"],
                         **{kind: closure.summed(found)[kind] for kind in ("bytes", "members")}})
    return rows


def whole_programs(work):
    """The smallest program that creates a map, in every way, without its symbols."""
    archive = programs.library(work, ["g++"], ["-Os"])
    sizes = {}
    for way in programs.ALL:
        file = programs.program(work, way, "one", archive, ["-Os"], ["-s"])
        libraries = set() if way != programs.SHARED else {
            word for word in programs.output("ldd", file).split() if word.startswith("/")}
        sizes[way] = {"file": file.stat().st_size,
                      "loaded": closure.summed(list(closure.sections(file)))["bytes"],
                      "libraries": sum(programs.Path(name).stat().st_size for name in libraries)}
    return sizes


def measure(work, everything):
    work.mkdir()
    return {"closures": closures(work, everything), "each call": each_call(work),
            "programs": whole_programs(work / "whole"),
            "sources": sources.measure(work)}


def closure_table(found):
    theirs = sum(row["bytes"] for row in found if row["of"] != "barebpf")
    rows = [[row["of"], row["architecture"], row["compiler"], *(figure(row[kind]) for kind in closure.KINDS),
             figure(row["bytes"]), len(row["members"])] for row in found]
    rows.append(["libbpf and what it needs", "", "", "", "", "", "", figure(theirs), ""])
    return Table("Bytes of bpf_map_create() and all it calls, at -Os",
                 ["of", "architecture", "compiler", *closure.KINDS, "all", "objects"], rows, [COUNTED])


def call_table(found):
    rows = {}
    for row in found:
        rows.setdefault(row["call"], []).extend([figure(row["text"]), figure(row["bytes"]), len(row["members"])])
    compilers = dict.fromkeys(row["compiler"] for row in found)
    return Table("Bytes of each call on a map, on x86_64 at -Os",
                 ["call", *(f"{compiler}: {what}" for compiler in compilers for what in ("own text", "all", "objects"))],
                 [[call, *cells] for call, cells in rows.items()],
                 ["Own text is that of the object that defines the call; all is with every object it needs, such as "
                  "errno, counted as above. A program with several calls has what they share once."])


def program_table(found):
    base = found[programs.RAW]["loaded"]
    rows = [[way, figure(size["file"]), figure(size["loaded"]), figure(size["libraries"]),
             ratio(size["loaded"], base)] for way, size in found.items()]
    return Table("Bytes of a program that makes one map, stripped",
                 ["way", "file", "loaded", "shared libraries", "loaded / raw"], rows,
                 ["By g++ -Os, with --gc-sections; all but the last are static. Loaded is counted as above, with "
                  "what there is of the C library."])


def tables(found):
    return [closure_table(found["closures"]), call_table(found["each call"]), program_table(found["programs"]),
            sources.table(found["sources"])]


def by_symbol(work):
    """The sections of the closure, the largest first: with -ffunction-sections, each is a function or an object."""
    for compiler in ("g++", "clang++"):
        found = closure.of_barebpf(work / compiler, [compiler], ["-Os"], "ar")
        rows = [[figure(section.size), section.kind, section.member, demangled(section.name)]
                for section in sorted(found, key=lambda section: -section.size)]
        yield Table(f"{figure(closure.summed(found)['bytes'])} bytes by {compiler} -Os",
                    ["bytes", "kind", "object", "symbol"], rows, [])


def demangled(section):
    return programs.output("c++filt", section.split(".", 2)[-1]).strip()
