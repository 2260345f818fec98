# SPDX-License-Identifier: BSD-2-Clause
"""How test programs in Python count, and the line "N passed, N failed, N skipped" that tools/check adds up."""


def end(passed, failed, skipped=0):
    """Prints the line; the exit status of the program."""
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def end_of(checks):
    """Prints checks, each what it is about and whether it holds, and the line; the exit status of the program."""
    for what, holds in checks:
        print("ok:" if holds else "FAILED:", what)
    failed = sum(not holds for _, holds in checks)
    return end(len(checks) - failed, failed)
