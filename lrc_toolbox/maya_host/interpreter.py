"""Which Python runs the service when the panel is inside Maya: Maya's own mayapy.

`sys.executable` is Maya itself there, and starting that would open another Maya.
Nothing here imports Maya.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.running.launching import PYTHON_VARIABLE


class MayapyMissingError(LrcError):
    """Maya's own Python is nowhere where Maya keeps it.

    Attributes:
        tried: the paths looked at.
    """

    def __init__(self, tried: list[Path]) -> None:
        super().__init__(
            f"Maya's own Python was not found: {', '.join(map(str, tried))}.",
            remedy=f"Set {PYTHON_VARIABLE} to the mayapy of this Maya.",
        )
        self.tried = tried


def mayapy_path(
    environment: Mapping[str, str] = os.environ,
    executable: str = sys.executable,
    platform: str = sys.platform,
) -> Path:
    """Find the mayapy that belongs to this Maya.

    `MAYA_LOCATION/bin` comes first, then the folder of the running program. On macOS
    that is `Maya.app/Contents/MacOS`, and mayapy is in `Contents/bin`, where
    `MAYA_LOCATION` is `Contents` too.

    Raises:
        MayapyMissingError: it is in none of these places.
    """
    tried = list(_candidates(environment, Path(executable), platform))
    for path in tried:
        if path.is_file():
            return path
    raise MayapyMissingError(tried)


def use_mayapy() -> None:
    """Have the service started by mayapy, unless the environment names a Python.

    Raises:
        MayapyMissingError: it is in none of the places where Maya keeps it.
    """
    if not os.environ.get(PYTHON_VARIABLE):
        os.environ[PYTHON_VARIABLE] = str(mayapy_path())


def _candidates(
    environment: Mapping[str, str], executable: Path, platform: str
) -> Iterator[Path]:
    name = "mayapy.exe" if platform == "win32" else "mayapy"
    location = environment.get("MAYA_LOCATION")
    if location:
        yield Path(location) / "bin" / name
    yield executable.parent / name
    if platform == "darwin":
        yield executable.parent.parent / "bin" / name
