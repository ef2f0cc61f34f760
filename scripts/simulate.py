"""Plays nights of rendering through, with the product's scheduler, and prints a table.

``python3 scripts/simulate.py [--quick] [--seed N]``; some minutes as it stands. What
the figures mean stands in docs/performance.md. The work is done in ``simulating.py``;
this file keeps to the oldest syntax, so that any Python can say which one is needed.
"""

import os
import sys

import usable_python

if __name__ == "__main__":
    usable_python.require()
    import environment

    program = os.path.join(str(environment.ROOT), "scripts", "simulating.py")
    environment.go_on_in(environment.DEMO_EXTRAS, [program] + sys.argv[1:])
