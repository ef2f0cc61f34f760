"""The most memory that reading a scene takes, in a process of its own.

``python reading_memory.py SCENE`` reads it as `lrc inspect` does and prints the peak in
bytes. Importing is in it, so a small scene's figure is what to take off.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


def peak_bytes(scene: Path) -> int:
    """The peak of a child that reads this scene."""
    done = subprocess.run(
        [sys.executable, __file__, str(scene)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def _own_peak() -> int:
    """This process's peak.

    Not `ru_maxrss` on Linux: a child is given its parent's peak when it is started. The
    parts for Windows and macOS could not be run here.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(scene: str) -> None:
    """Reads the scene and prints the peak."""
    from lrc_toolbox.scenes.graph import read_scene
    from lrc_toolbox.scenes.kinds import matters_to_snapshot
    from lrc_toolbox.scenes.taking import take_snapshot

    take_snapshot(read_scene(scene, wanted=matters_to_snapshot))
    print(_own_peak())


if __name__ == "__main__":
    main(sys.argv[1])
