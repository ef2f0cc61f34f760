"""Measures what the product promises, and prints every figure beside its aim.

``python3 scripts/bench.py [--quick] [--only NAME ...] [--json FILE]``; what each figure
means stands in docs/performance.md. The work is done in ``measure.py``; this file keeps
to the oldest syntax, so that any Python can say which one is needed.
"""

import os
import sys

import usable_python

if __name__ == "__main__":
    usable_python.require()
    import environment

    program = os.path.join(str(environment.ROOT), "scripts", "measure.py")
    environment.go_on_in(environment.DEMO_EXTRAS, [program] + sys.argv[1:])
