# SPDX-License-Identifier: BSD-2-Clause
"""Measures programs in turn, so that the machine's other work affects all alike."""
import random
import time


def turns(rounds, programs_by_name, measure_one, pause=0):
    """The measurements of every program by name: one of each in a round, in random order. The pause lets the
    kernel free what a program left behind, which it does with a delay."""
    found = {name: [] for name in programs_by_name}
    for _ in range(rounds):
        for name in random.sample(list(programs_by_name), len(programs_by_name)):
            found[name].append(measure_one(programs_by_name[name]))
            time.sleep(pause)
    return found
