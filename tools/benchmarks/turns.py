# SPDX-License-Identifier: BSD-2-Clause
"""Programs that are measured by turns, so that what else the machine does meets them alike."""
import random
import time


def turns(rounds, programs_by_name, measure_one, pause=0):
    """The measurements of every program by name: one of each in a round, in an order of chance. The pause lets the
    kernel free what a program left behind, which it does late."""
    found = {name: [] for name in programs_by_name}
    for _ in range(rounds):
        for name in random.sample(list(programs_by_name), len(programs_by_name)):
            found[name].append(measure_one(programs_by_name[name]))
            time.sleep(pause)
    return found
