"""LRC Toolbox: a batch render manager for Maya that works just as well without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from lrc_toolbox.scenes.inspection import Inspection


def inspect(
    path: str | Path,
    *,
    follow_references: bool = True,
    project: str | Path | None = None,
) -> Inspection:
    """Read a Maya scene without Maya and say what it offers to render.

    Args:
        path: a Maya scene. A damaged one is read up to the damage.
        follow_references: read the scenes it loads too and offer their cameras.
        project: its Maya project, where paths in it begin; the nearest folder above it
            with a `workspace.mel` if not given.

    Returns:
        `.snapshot` with what the scene is, `.findings` with what is doubtful about it,
        and `.to_json()` as `lrc inspect --json` prints it.

    Raises:
        SceneReadError: the file is missing, cannot be read, or is no Maya scene.
    """
    # Imported here so that `import lrc_toolbox` itself costs nothing.
    from lrc_toolbox.scenes.inspection import inspect as look

    return look(path, follow_references=follow_references, project=project)
