# SPDX-License-Identifier: BSD-2-Clause
"""The kind of machine that was measured, and the versions; nothing that identifies the machine."""
import os
import platform
import re
import time

from . import programs


def processor():
    text = programs.Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)", text, re.M)
    kind = "a virtual machine" if re.search(r"^flags.*\bhypervisor\b", text, re.M) else "no virtual machine"
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} processors, {kind}"


def version(*command):
    """The first version number in the first line that a command prints."""
    return re.search(r"\d+(\.\d+)+", programs.output(*command).splitlines()[0])[0]


def described():
    release = platform.freedesktop_os_release()["PRETTY_NAME"]
    return {
        "processor": processor(),
        "kernel": "Linux " + re.match(r"[\d.]+\d", platform.release())[0],
        "distribution": release,
        "compilers": f"g++ {version('g++', '-dumpfullversion')}, clang++ {version('clang++', '-dumpversion')}",
        "libraries": f"{os.confstr('CS_GNU_LIBC_VERSION')}, libbpf {version('pkg-config', '--modversion', 'libbpf')}",
        "programs": f"valgrind {version('valgrind', '--version')}, strace {version('strace', '--version')}",
        "load": f"{os.getloadavg()[2]:.1f} processes in the last 15 minutes, ours among them",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }
