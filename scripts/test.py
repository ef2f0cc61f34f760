"""Runs the tests in an environment of their own.

``python3 scripts/test.py [pytest arguments]``. In the oldest syntax, so that any Python
can say which one is needed.
"""

import os
import sys

import usable_python

if __name__ == "__main__":
    usable_python.require()
    import environment

    # The tests' windows are drawn in memory, with or without a display.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(str(environment.ROOT))
    environment.go_on_in(
        environment.DEVELOPMENT_EXTRAS, ["-m", "pytest"] + sys.argv[1:]
    )
