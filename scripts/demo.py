"""Renders the example scene's layers, two at a time, with pictures to look at.

``python3 scripts/demo.py [--headless] [--out FOLDER] [--frames RANGE] [--slots N]``.
The work is done in ``example_render.py``; this file keeps to the oldest syntax, so that
any Python can say which one is needed.
"""

import os
import sys

import usable_python

if __name__ == "__main__":
    usable_python.require()
    import environment

    program = os.path.join(str(environment.ROOT), "scripts", "example_render.py")
    environment.go_on_in(environment.DEMO_EXTRAS, [program] + sys.argv[1:])
