# SPDX-License-Identifier: BSD-2-Clause
"""Tries mutants: compiles only what a mutated file is part of, links it before the test programs' own archives,
and runs the programs until one fails."""

import collections
import json
import math
import os
import queue
import shlex
import shutil
import subprocess
import threading
import time

from mutations import Mutant, apply

# A test program: its Meson target, the arguments it is run with, what is added to its environment, and where the
# files lie whose mutants it is run for. @TREE@ in an argument is the copy of the tree.
Suite = collections.namedtuple("Suite", "name target arguments environment below", defaults=((), {}, "lib/"))

# EQUAL: it survived, and an optimising compiler generates the same code for it.
KILLED, SURVIVED, EQUAL, NOT_COMPILED = "killed", "survived", "equal", "did not compile"


class Broken(Exception):
    """The tests cannot be built, or fail before anything is mutated."""


def run(command, directory, environment=None, seconds=None):
    """Runs a program, for at most `seconds` of processor time: its exit status and output."""

    if seconds:
        command = ["prlimit", f"--cpu={seconds}", "--core=0", f"--as={1 << 30}", *command]
    try:
        done = subprocess.run(
            command, cwd=directory, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
            timeout=30 * seconds if seconds else None, check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, "asleep"
    return done.returncode, done.stdout


def copy_tree(source, target):
    """The files that git has or would add, as they are in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=source, stdout=subprocess.PIPE, check=True
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if os.path.exists(os.path.join(source, name)):
            os.makedirs(os.path.join(target, os.path.dirname(name)), exist_ok=True)
            shutil.copy2(os.path.join(source, name), os.path.join(target, name))


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Trial:
    """A copy of a tree, its test programs built, and the means to rebuild them with a mutant."""

    def __init__(self, source, work, suites, options=()):
        self.tree = os.path.join(work, "tree")
        self.build = os.path.join(self.tree, "build")
        self.work = work
        self.suites = suites
        copy_tree(source, self.tree)
        # Warnings are no errors here, for a mutant may earn some.
        self._must(["meson", "setup", "build", "--buildtype=plain", "-Dwerror=false", *options], self.tree)
        self._must(["ninja", *(suite.target for suite in suites)], self.build)
        with open(os.path.join(self.build, "compile_commands.json"), encoding="utf-8") as file:
            self.compile_of = {entry["output"]: shlex.split(entry["command"]) for entry in json.load(file)}
        self.users = self._users()
        self.link_of = {suite.name: self._link(suite) for suite in suites}
        self.unchanged = {}
        self.seconds, self.measuring = {}, threading.Lock()
        self.linker = ["-fuse-ld=gold"] if shutil.which("ld.gold") else []  # three times as quick

    def _must(self, command, directory):
        status, output = run(command, directory)
        if status:
            raise Broken(f"{shlex.join(command)}\n{output[-4000:]}")
        return output

    def _users(self):
        """For each file of the tree the objects that are compiled from it."""
        users, current = collections.defaultdict(set), ""
        for line in self._must(["ninja", "-t", "deps"], self.build).splitlines():
            if line.startswith("    "):
                path = os.path.normpath(os.path.join(self.build, line.strip()))
                users[os.path.relpath(path, self.tree)].add(current)
            elif line:
                current = line.split(":")[0]
        return users

    def _link(self, suite):
        """How the program is linked, and the objects its archives hold: of two made of one source the first."""
        command = shlex.split(self._must(["ninja", "-t", "commands", suite.target], self.build).splitlines()[-1])
        members = {}
        for archive in (word + ".p/" for word in command if word.endswith(".a")):
            for each in sorted(self.compile_of):
                if each.startswith(archive):
                    members.setdefault(self.compile_of[each][-1], each)
        return command, list(members.values())

    def _arguments(self, suite):
        return [argument.replace("@TREE@", self.tree) for argument in suite.arguments]

    def _seconds(self, suite):
        """The processor time a mutant may take: several times that of the unchanged program, which must pass."""
        with self.measuring:
            if suite.name not in self.seconds:
                output = os.path.join(self.work, "time")
                environment = [f"{name}={value}" for name, value in suite.environment.items()]
                program = [os.path.join(self.build, suite.target), *self._arguments(suite)]
                self._must(["env", *environment, "bash", "-c", 'TIMEFORMAT=%U; { time "$@" 2>&1; } 2>"$0"', output,
                            *program], self.build)
                with open(output, encoding="ascii") as file:
                    self.seconds[suite.name] = 1 + math.ceil(4 * float(file.read()))
            return self.seconds[suite.name]

    def place(self, number):
        """A directory of a worker's own: the library's sources, one of which is mutated at a time."""
        directory = os.path.join(self.work, f"worker{number}")
        shutil.rmtree(directory, ignore_errors=True)
        shutil.copytree(os.path.join(self.tree, "lib"), os.path.join(directory, "lib"))
        return directory

    def _compile(self, target, directory, options=()):
        """Compiles one object from the worker's sources: where it is, or None."""
        compiled = os.path.join(directory, "-".join([target.replace("/", "_"), *options]))
        command = list(self.compile_of[target])
        source = os.path.relpath(os.path.join(self.build, command[-1]), self.tree)
        command[command.index("-o") + 1] = compiled
        command[command.index("-MF") + 1] = compiled + ".d"
        command[-1] = os.path.join(directory, source)
        first = next(i for i, word in enumerate(command) if word.startswith("-"))
        command[first:first] = ["-I", directory, "-w", *options]
        return compiled if run(command, self.build)[0] == 0 else None

    def _program(self, suite, mutant, directory, compiled):
        """Links a suite with the mutant: where it is, "" if the mutant is no part of it, or None."""
        command, members = self.link_of[suite.name]
        objects = []
        for target in (each for each in members if each in self.users[mutant.path]):
            if target not in compiled:
                compiled[target] = self._compile(target, directory)
            if not compiled[target]:
                return None
            objects.append(compiled[target])
        if not objects:
            return ""
        # Mutated objects come first: neither their likes in the archives are taken then, nor inline functions
        # of theirs that the test program's own objects hold too.
        program = os.path.join(directory, "program")
        at = command.index("-o")
        status, _ = run(command[:at] + ["-o", program, *objects] + command[at + 2 :] + self.linker, self.build)
        return program if status == 0 else None

    def outcome(self, mutant, directory):
        """The outcome of one mutant, and the suite that killed it."""
        path = os.path.join(directory, mutant.path)
        with open(path, encoding="utf-8") as file:
            original = file.read()
        write(path, apply(original, mutant))
        try:
            return self._outcome(mutant, directory, path, original)
        finally:
            write(path, original)

    def _code(self, target, directory):
        """What an optimising compiler makes of an object; None if it refuses."""
        compiled = self._compile(target, directory, ("-O2",))
        if not compiled:
            return None
        with open(compiled, "rb") as file:
            return file.read()

    def _unchanged_code(self, target, mutant, directory, path, original):
        """The same of the object without the mutant, which is compiled once."""
        if (target, directory) not in self.unchanged:
            write(path, original)
            self.unchanged[target, directory] = self._code(target, directory)
            write(path, apply(original, mutant))
        return self.unchanged[target, directory]

    def _is_equal(self, mutant, directory, path, original):
        members = set().union(*(members for _, members in self.link_of.values()))
        for target in sorted(self.users[mutant.path] & members):
            code = self._code(target, directory)
            if code is None or code != self._unchanged_code(target, mutant, directory, path, original):
                return False
        return True

    def _outcome(self, mutant, directory, path, original):
        compiled, survived = {}, 0
        for suite in self.suites:
            if not mutant.path.startswith(suite.below):
                continue
            program = self._program(suite, mutant, directory, compiled)
            if program is None:
                return NOT_COMPILED, ""
            if not program:
                continue
            if survived == 1 and self._is_equal(mutant, directory, path, original):
                return EQUAL, ""
            command = [program, *self._arguments(suite)]
            if run(command, self.build, suite.environment, self._seconds(suite))[0]:
                return KILLED, suite.name
            survived += 1
        equal = survived == 1 and self._is_equal(mutant, directory, path, original)
        return (EQUAL if equal else SURVIVED), ""

    def control(self, path):
        """A mutant that changes nothing must survive: else compiling, or linking, is what fails."""
        same = Mutant(path, 0, 0, "", 1, "", "", "")
        outcome, suite = self.outcome(same, self.place(0))
        if outcome != EQUAL:
            raise Broken(f"{path}, unchanged: {outcome} {suite}")

    def outcomes(self, mutants, jobs, deadline=None):
        """Yields (mutant, outcome, suite) as they come; none is begun after the deadline."""
        left, lock, results = iter(mutants), threading.Lock(), queue.Queue()

        def work(number):
            try:
                directory = self.place(number)
                while not deadline or time.monotonic() < deadline:
                    with lock:
                        mutant = next(left, None)
                    if mutant is None:
                        return
                    results.put((mutant, *self.outcome(mutant, directory)))
            except BaseException as error:  # pylint: disable=broad-except # raised again where results are read
                results.put(error)
            finally:
                results.put(None)

        for number in range(jobs):
            threading.Thread(target=work, args=(number,), daemon=True).start()
        while jobs:
            result = results.get()
            if result is None:
                jobs -= 1
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result
