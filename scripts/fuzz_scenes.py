"""Reads damaged scenes by the ten thousand and says what came of them.

``python3 scripts/fuzz_scenes.py [--flips 10000] [--seconds N]``; a few minutes as it
stands. The work is done in ``fuzz.py``; this file keeps to the oldest syntax, so that
any Python can say which one is needed.
"""

import os
import sys

import usable_python

if __name__ == "__main__":
    usable_python.require()
    import environment

    program = os.path.join(str(environment.ROOT), "scripts", "fuzz.py")
    environment.go_on_in(environment.DEMO_EXTRAS, [program] + sys.argv[1:])
