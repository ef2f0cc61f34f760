"""Runs the tests in an environment of their own.

``python3 scripts/test.py [pytest arguments]``; ``-n 0`` runs them one after the other.
In the oldest syntax, so that any Python can say which one is needed.
"""

import os
import sys

import usable_python

#: Most processes side by side: each starts renderers and services of its own.
MOST = 4


def side_by_side(asked):
    # type: (list[str]) -> list[str]
    """Say how many processes share the tests, unless the arguments say it.

    One for each CPU; just one where somebody wants to talk to it.
    """
    alone = any(word.startswith(("-n", "--pdb", "--trace", "-s")) for word in asked)
    count = min(MOST, os.cpu_count() or 1)
    if alone or count == 1:
        return []
    return ["-n", str(count), "--dist", "worksteal"]


if __name__ == "__main__":
    usable_python.require()
    import environment

    # The tests' windows are drawn in memory, with or without a display.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(str(environment.ROOT))
    # Processes that collect the same tests must see sets in the same order.
    os.environ.setdefault("PYTHONHASHSEED", "0")
    environment.go_on_in(
        environment.DEVELOPMENT_EXTRAS,
        ["-m", "pytest"] + side_by_side(sys.argv[1:]) + sys.argv[1:],
    )
