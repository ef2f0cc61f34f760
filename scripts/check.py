"""Runs every check of the code, and the tests, in an environment of their own.

``python3 scripts/check.py [--no-tests]``. The checks are listed in ``checks.py``; this
file keeps to the oldest syntax, so that any Python can say which one is needed.
"""

import os
import sys

import usable_python

if __name__ == "__main__":
    usable_python.require()
    import environment

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(str(environment.ROOT))
    environment.go_on_in(
        environment.DEVELOPMENT_EXTRAS,
        [os.path.join("scripts", "checks.py")] + sys.argv[1:],
    )
