"""What a scene offers to render: layers, their frames, cameras, size and renderer.

The question clients ask on submission and the panel asks when a scene is chosen. It
reads no geometry. Plain frozen data. Any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lrc_toolbox.scenes.layers import LayerKind


@dataclass(frozen=True, slots=True)
class FrameSpan:
    """Frames as Maya states them: start, end (included) and step."""

    start: float
    end: float
    step: float = 1.0

    def __str__(self) -> str:
        """As `jobs.frames` reads it: `1-10`, `1-10x2`, `537`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class CameraSnapshot:
    """One camera.

    Attributes:
        name: its transform's name, as an artist reads it; with as much of the DAG path
            as makes it unique.
        node: the camera shape's name.
        renderable: outside any layer override.
        startup: one of Maya's own (persp, top, front, side).
    """

    name: str
    node: str
    renderable: bool
    orthographic: bool
    startup: bool


@dataclass(frozen=True, slots=True)
class LayerSnapshot:
    """One render layer with everything that it overrides taken into account.

    Attributes:
        name: as a person reads it; `masterLayer` for the default layer.
        node: the renderLayer node, e.g. `rs_beauty`: what `Render -rl` takes.
        renderable: Maya's batch render includes it.
        order: place in the layer list, from 0.
        frames: a single frame where animation is off.
        cameras: names of the cameras that are renderable in this layer.
        image_prefix: `imageFilePrefix`; empty if not set.
    """

    name: str
    node: str
    kind: LayerKind
    renderable: bool
    order: int
    frames: FrameSpan
    resolution: tuple[int, int]
    renderer: str
    image_prefix: str
    cameras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SceneSnapshot:
    """What a scene offers to render; globals are without layer overrides."""

    path: str
    maya_version: str
    fps: float
    renderer: str
    frames: FrameSpan
    animation: bool
    resolution: tuple[int, int]
    image_prefix: str
    layers: tuple[LayerSnapshot, ...]
    cameras: tuple[CameraSnapshot, ...]
    references: tuple[str, ...]

    def layer(self, name: str) -> LayerSnapshot | None:
        """The layer of this name or node name."""
        raise NotImplementedError

    def camera(self, name: str) -> CameraSnapshot | None:
        """The camera of this transform name or shape name."""
        raise NotImplementedError


def read_snapshot(path: str | Path) -> SceneSnapshot:
    """Read what a Maya ASCII scene offers to render.

    Raises:
        SceneReadError: the file is missing, binary, truncated or no Maya scene.
    """
    raise NotImplementedError
