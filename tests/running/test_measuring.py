from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

from lrc_toolbox.machine.identity import identity_of
from lrc_toolbox.running.measuring import Measured, Measuring

#: Holds so many MiB, starts another that holds as many, and waits.
HOLDS = """
import subprocess, sys
mib, depth = int(sys.argv[1]), int(sys.argv[2])
held = b"x" * (mib << 20)
if depth:
    again = [sys.executable, "-c", sys.argv[3], str(mib), str(depth - 1), sys.argv[3]]
    child = subprocess.Popen(again, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    print(child.stdout.readline().decode().strip(), flush=True)
else:
    print("ready", flush=True)
sys.stdin.read()
"""


def until(look: Callable[[], Measured], fits: Callable[[Measured], bool]) -> Measured:
    end = time.monotonic() + 20
    while not fits(seen := look()):
        assert time.monotonic() < end, seen
        time.sleep(0.01)
    return seen


def test_memory_is_that_of_a_process_and_all_it_started() -> None:
    argv = [sys.executable, "-c", HOLDS, "60", "1", HOLDS]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"ready"
        identity = identity_of(child.pid)
        assert identity is not None
        measuring = Measuring(every_s=0.01)
        seen = until(lambda: measuring.newest({7: identity}), lambda one: 7 in one.held)
        assert 120 <= seen.held[7].memory_mib < 250
        assert len(seen.held[7].pids) == 2
        assert seen.owners == dict.fromkeys(seen.held[7].pids, 7)
        assert child.stdin is not None
        child.stdin.close()
    until(lambda: measuring.newest({7: identity}), lambda one: 7 not in one.held)
