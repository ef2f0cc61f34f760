"""The set-up lock between real processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import setup_lock

HOLDER = """
import sys
sys.path.insert(0, sys.argv[1])
import subprocess
from pathlib import Path
from setup_lock import only_one
with only_one(Path(sys.argv[2]), lambda: None):
    if sys.argv[3] == "child":
        holder = "import sys; print('held', flush=True); sys.stdin.read()"
        subprocess.Popen([sys.executable, "-c", holder], close_fds=False)
        sys.stdout.flush()
        import os
        os._exit(9)
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(path: Path, who: str) -> subprocess.Popen[str]:
    """Starts a process that holds the lock until its standard input ends."""
    scripts = str(Path(setup_lock.__file__).parent)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, scripts, str(path), who],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def let_go(holder: subprocess.Popen[str]) -> None:
    assert holder.stdin is not None
    holder.stdin.close()


def test_a_second_run_waits_until_the_first_is_done(tmp_path: Path) -> None:
    path = tmp_path / "py.lock"
    waited: list[str] = []
    with hold(path, "self") as holder:

        def on_wait() -> None:
            waited.append("told")
            let_go(holder)

        with setup_lock.only_one(path, on_wait):
            assert waited == ["told"]
            assert holder.wait(10) == 0


def test_a_program_left_behind_by_a_killed_run_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "py.lock"
    waited: list[str] = []
    with hold(path, "child") as holder:
        assert holder.wait(10) == 9

        def on_wait() -> None:
            waited.append("told")
            let_go(holder)

        with setup_lock.only_one(path, on_wait):
            assert waited == ["told"]


def test_a_free_lock_is_taken_at_once(tmp_path: Path) -> None:
    waited: list[str] = []
    with setup_lock.only_one(tmp_path / "py.lock", lambda: waited.append("told")):
        pass
    assert waited == []
