"""The files that a scene names, listed without holding up the service.

A small scene is read right here. Reading a large one, or all that a scene references,
keeps this process's interpreter busy for seconds, so a process of its own does that.
Any thread but the service's loop.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from lrc_toolbox.running.scene_copies import LARGE
from lrc_toolbox.scenes.content import files_in, is_scene, named_files

#: How long, in seconds, the other process may take.
PATIENCE_S = 1800.0

_PACKAGES = Path(__file__).resolve().parents[2]
_MODULE = named_files.__module__


def list_files(copy: str, scene: str) -> tuple[str, ...]:
    """List the files that a scene and its references name, as `named_files` does.

    Args:
        copy: the file to read.
        scene: where the scene itself lies.

    Raises:
        OSError: the scene, or what it references, could not be read to the end.
    """
    if not is_scene(scene):
        return ()
    if Path(copy).stat().st_size <= LARGE:
        own = files_in(copy, scene)
        if not any(map(is_scene, own)):
            return own
    return _list_apart(copy, scene)


def _list_apart(copy: str, scene: str) -> tuple[str, ...]:
    # Windows alone has this flag; a console would flash up without it. Not run here.
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        done = subprocess.run(
            [sys.executable, "-m", _MODULE, copy, scene],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=_PACKAGES,  # -m looks there first, so not in a folder of the artist's
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            creationflags=flags,
            timeout=PATIENCE_S,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise OSError(f"the files of {scene} could not be listed: {error}") from error
    return tuple(json.loads(done.stdout))
