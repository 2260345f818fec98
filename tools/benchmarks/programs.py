# SPDX-License-Identifier: BSD-2-Clause
"""Builds the library and the programs that are measured, each from one source for every way of creating a map."""
import functools
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "test/bench"
INCLUDES = [f"-I{ROOT}", f"-I{ROOT}/include", f"-I{ROOT}/include/barebpf/compat"]
STANDARD = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
KEPT = ["-Wl,--gc-sections"]

# The ways, with the macros each compiles create_map.cpp with. "barebpf, bare" has no C library; the others have glibc but for
# "barebpf, musl", whose objects are those of "barebpf".
RAW, BAREBPF, MUSL, BARE, STATIC, SHARED = \
    "raw system call", "barebpf", "barebpf, musl", "barebpf, bare", "libbpf, static", "libbpf, shared"
ALL = [RAW, BAREBPF, MUSL, BARE, STATIC, SHARED]
HOSTED = [RAW, BAREBPF, STATIC, SHARED]
FLAGS = {RAW: ["-DRAW=[[gnu::always_inline]] inline", f"-I{ROOT}"],
         BAREBPF: INCLUDES, MUSL: INCLUDES, BARE: [*INCLUDES, "-DBARE"],
         STATIC: [f"-I{ROOT}"], SHARED: [f"-I{ROOT}"]}


def output(*command, **options):
    """The output of a command, which must succeed."""
    return subprocess.run([str(word) for word in command], check=True, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, **options).stdout


def meson_strings(pattern):
    """Strings of lib/meson.build that stand in a line of their own, such as the flags the library is built with."""
    return re.findall(rf"^  '({pattern})',$", (ROOT / "lib/meson.build").read_text(), re.M)


def library_sources(*folders):
    """The sources in these folders of lib/, or in all."""
    return sorted(source for folder in folders or ["*"] for source in (ROOT / "lib").glob(f"{folder}/*.cpp"))


def calls(prefix=""):
    """The functions in lib/calls that make one system call, each in the file of its name."""
    names = {path.stem for pattern in ("bpf_*.cpp", "barebpf_*.cpp") for path in (ROOT / "lib/calls").glob(pattern)}
    return sorted(name for name in names - {"barebpf_possible_cpus"} if name.startswith(prefix))


def freestanding():
    return [*meson_strings("-.*"), "-fvisibility=hidden"]


def compile_objects(directory, compiler, flags, sources):
    """Compiles sources, two at a time, and returns the objects."""
    directory.mkdir(parents=True, exist_ok=True)
    objects = [directory / f"{Path(source).stem}.o" for source in sources]
    waiting = list(zip(sources, objects))
    while waiting:
        running = [subprocess.Popen([*compiler, *STANDARD, *flags, "-c", str(source), "-o", str(result)])
                   for source, result in waiting[:2]]
        waiting = waiting[2:]
        if any([process.wait() for process in running]):
            raise SystemExit("bench: the programs do not compile")
    return objects


def library(directory, compiler, flags, ar="ar", folders=("core", "calls")):
    """Builds libbarebpf.a of these folders of lib/; the programs here use nothing of the others."""
    objects = compile_objects(directory / "library", compiler, [*freestanding(), *INCLUDES, *flags],
                              library_sources(*folders))
    archive = directory / "libbarebpf.a"
    output(ar, "rcs", archive, *objects)
    return archive


@functools.cache
def static_libbpf():
    """How libbpf.a is linked. elfutils 0.192's libelf.a lacks two functions of its own; nothing here opens an ELF file."""
    libraries = ["-static", *output("pkg-config", "--static", "--libs", "libbpf").split()]
    source = "#include <libelf.h>\nint main(void) { return elf_begin(0, ELF_C_NULL, 0) != 0; }\n"
    with tempfile.TemporaryDirectory() as work:
        links = subprocess.run(["gcc", "-x", "c", "-", "-x", "none", *libraries, "-o", f"{work}/libelf"], input=source,
                               text=True, stderr=subprocess.DEVNULL).returncode == 0
    lacking = [] if links else ["eu_search_tree_init", "eu_search_tree_fini"]
    return [*libraries, *(f"-Wl,--defsym={name}=0" for name in lacking)]


def linked_with(way, archive):
    """How a program built in this way is linked."""
    if way == SHARED:
        return output("pkg-config", "--libs", "libbpf").split()
    if way == STATIC:
        return static_libbpf()
    if way == BARE:
        return ["-static", "-nostdlib", archive]
    return ["-static", archive] if way in (BAREBPF, MUSL) else ["-static"]


def program(directory, way, name, archive, flags, link=(), caller="create_map", compiler="g++"):
    """Builds test/bench/NAME.cpp for one way; programs that define run() are started by the C library, or bare. The map
    is made by CALLER.cpp."""
    sources = [SOURCES / f"{name}.cpp", SOURCES / f"{caller}.cpp"]
    if caller == "call":
        sources.append(SOURCES / "members.cpp")
    flags = [*FLAGS[way], *flags, "-ffunction-sections", "-fdata-sections"]
    if name in ("one", "stamp"):
        sources.append(ROOT / "test/bare/process.cpp" if way == BARE else SOURCES / "hosted.cpp")
    if "-Wl,--wrap=syscall" in link:
        sources.append(SOURCES / "no_kernel.cpp")
    if way == BARE:
        flags += freestanding()
    place = directory / f"{name} {way}"
    objects = compile_objects(place, [compiler], flags, sources)
    driver = "musl-gcc" if way == MUSL else "g++" if name in ("many", "repeat") else "gcc"
    output(driver, *objects, *linked_with(way, archive), *KEPT, *link, "-o", place / name)
    return place / name


def compiled(directory, name):
    """A program that does not depend on a way."""
    directory.mkdir(parents=True, exist_ok=True)
    output("g++", *STANDARD, "-O2", "-static", SOURCES / f"{name}.cpp", "-o", directory / name)
    return directory / name
