# SPDX-License-Identifier: BSD-2-Clause
"""What the file of barebpf-init is like."""
import re
import struct
import subprocess

BYTES = 48 << 10
STACK = 80 << 10

# What the compiler cannot know: the one function that is called through a pointer, as the fill of
# barebpf_ensure_map(), and the one that calls itself, once, for a map type that does not exist.
CALLED_BY_POINTER = "_ZN7barebpf4init11application4fillEiPv"
CALLS_ITSELF_ONCE = "description_of"

LOAD, DYNAMIC, INTERPRETER, GNU_STACK = 1, 2, 3, 0x6474e551
EXECUTABLE, WRITABLE = 1, 2
X86_64 = 62


def segments(path):
    """The machine of a 64-bit ELF file, and type, flags, size in the file and in memory of each segment."""
    data = path.read_bytes()
    machine, = struct.unpack_from("=H", data, 18)
    start, = struct.unpack_from("=Q", data, 32)
    size, count = struct.unpack_from("=HH", data, 54)
    found = []
    for i in range(count):
        kind, flags, _, _, _, in_file, in_memory, _ = struct.unpack_from("=IIQQQQQQ", data, start + i * size)
        found.append((kind, flags, in_file, in_memory))
    return machine, found


def call_graph(path):
    """From what GCC writes about a program: the bytes of stack of each function, and whom it calls."""
    text = path.read_text()
    sizes, calls = {}, {}
    for name, label in re.findall(r'node: \{ title: "([^"]*)" label: "([^"]*)"', text):
        usage = re.search(r"(\d+) bytes \(([a-z,]+)\)", label)
        if usage and usage[2] != "static":
            raise ValueError(f"{name} takes a number of bytes that depends on its data")
        sizes[name] = int(usage[1]) if usage else 0
    for caller, called in re.findall(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"', text):
        # A constructor has two names, of which only the second has a node.
        calls.setdefault(caller, set()).add(called if called in sizes else called.replace("C1E", "C2E"))
    calls["__indirect_call"] = {name for name in sizes if name.endswith(CALLED_BY_POINTER)}
    if len(calls["__indirect_call"]) != 1:
        raise ValueError(f"{CALLED_BY_POINTER} is not there, or more than once")
    return sizes, calls


def deepest_stack(path):
    """The most stack that the program takes from start() on, in bytes."""
    sizes, calls = call_graph(path)
    known = {}

    def below(name, callers):
        if name in callers:
            if name == callers[-1] and CALLS_ITSELF_ONCE in name:
                return sizes[name]
            raise ValueError(f"{name} calls itself")
        if name not in known:
            known[name] = sizes[name] + max((below(called, callers + [name]) for called in calls.get(name, ())), default=0)
        return known[name]

    return below("start", [])


def about_program(path):
    """Checks, each what it is about and whether it holds."""
    machine, all_segments = segments(path)
    loaded = [segment for segment in all_segments if segment[0] == LOAD]
    kinds = {segment[0] for segment in all_segments}
    size = path.stat().st_size
    in_memory = sum(segment[3] for segment in loaded if segment[1] & WRITABLE)
    print(f"barebpf-init: {size} bytes; {in_memory} of memory that is written to")
    undefined = subprocess.run(["nm", "-D", str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    checks = [
        ("program: nothing is linked when it starts", not kinds & {DYNAMIC, INTERPRETER} and not undefined),
        ("program: no memory is both writable and executable",
         not any(flags & WRITABLE and flags & EXECUTABLE for _, flags, _, _ in loaded)),
        ("program: its stack is not executable",
         [flags & EXECUTABLE for kind, flags, _, _ in all_segments if kind == GNU_STACK] == [0]),
    ]
    if machine == X86_64:
        stack = deepest_stack(path.with_name(path.name + ".ltrans0.ltrans.ci"))
        print(f"barebpf-init: at most {stack} bytes of stack")
        checks.append((f"program: {stack} bytes of stack, at most {STACK}", 0 < stack <= STACK))
        checks.append((f"program: {size} bytes, at most {BYTES}", size <= BYTES))
    return checks
