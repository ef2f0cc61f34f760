"""Frames of opened scenes: from a task's opening and a number to pictures on disk.

Runs in the worker's main thread; importing it imports Mitsuba, so that the variant and
the process's CPUs must be settled before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import mitsuba as mi

from lrc_toolbox.engines.preview.film import write_picture
from lrc_toolbox.engines.preview.opening import Opening, OpeningError
from lrc_toolbox.engines.preview.reading import Notes
from lrc_toolbox.engines.preview.render import Picture, render, split
from lrc_toolbox.engines.preview.stage import Stage
from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.pose import pose


@dataclass(frozen=True, slots=True)
class _Scene:
    """A scene file that was read."""

    path: tuple[str, int]
    graph: SceneGraph
    stage: Stage


class Projector:
    """The scene in hand, and the task it is shown for.

    Args:
        log: takes lines for the log.
    """

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._notes = Notes()
        self._scene: _Scene | None = None
        self._opening: Opening | None = None

    def open(self, opening: Opening) -> None:
        """Take up a task; the scene is read unless it is the one in hand.

        Raises:
            SceneReadError: the file cannot be read.
            UnknownLayerError: the scene has no such layer.
            OpeningError: the scene has no such camera.
        """
        self._opening = None
        path = (opening.scene, Path(opening.scene).stat().st_mtime_ns)
        if self._scene is None or self._scene.path != path:
            self._scene = None
            graph = read_scene(opening.scene)
            stage = Stage(Path(opening.textures_beside), self._notes)
            self._scene = _Scene(path, graph, stage)
        cameras = pose(self._scene.graph, opening.layer, 1).cameras
        if opening.camera not in cameras:
            raise OpeningError(
                f"The scene has no camera {opening.camera!r}.",
                remedy=did_you_mean(opening.camera, cameras),
            )
        self._opening = opening
        self._tell()

    def render(
        self, frame: int, outputs: tuple[str, ...], done: Callable[[float], None]
    ) -> None:
        """Render a frame of the task in hand and write its pictures.

        Args:
            frame: the frame.
            outputs: absolute paths, `.exr` or `.png`.
            done: told the share that is done, 0 to 1.

        Raises:
            TooLargeError: the layer has too many triangles.
            PictureWriteError: a picture could not be written.
            OpeningError: no task was opened.
        """
        opening, scene = self._opening, self._scene
        if opening is None or scene is None:
            raise OpeningError("A frame came before a scene was opened.")
        size = (opening.width, opening.height)
        bands = split(str(mi.variant()), size, opening.samples)
        posed = pose(scene.graph, opening.layer, frame)
        camera = posed.cameras[opening.camera]
        shot = scene.stage.shot(posed, camera, bands, opening.samples)
        self._tell()
        picture = render(shot, opening.samples, frame, done)
        blank = _blank(picture)
        if blank:
            seen = f"Camera {opening.camera}, layer {opening.layer}"
            self._notes.add(f"{seen}: {blank}, in at least one frame.")
            self._tell()
        for output in outputs:
            write_picture(output, picture)

    def _tell(self) -> None:
        """Write what is new about what is left out."""
        for note in self._notes.news():
            self._log(f"note: {note}")


def _blank(picture: Picture) -> str:
    """Say why nothing can be seen in a picture; empty where something can.

    A black picture may be what the scene says; whoever finds it wants to know which of
    the two it is.
    """
    if not picture[..., 3].any():
        return "no object is seen"
    return "" if picture[..., :3].any() else "no light reaches what is seen"
