"""What an artist is about to submit: what is wrong with it, and what it will do.

The rules behind the submit form. Plain data, no Qt, any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lrc_toolbox.jobs.frames import FrameRange, FrameRangeError
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.wording import count
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.snapshot import LayerSnapshot, SceneSnapshot


class Field(Enum):
    """The parts of the form that can be wrong."""

    SCENE = "scene"
    LAYERS = "layers"
    FRAMES = "frames"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds.

    Attributes:
        scene: what was read of the scene, None before that.
        ticked: names of the layers to render.
        frames: as typed; empty for what the scene says, per layer.
        percent: size in percent of the scene's own.
    """

    scene: SceneSnapshot | None = None
    ticked: frozenset[str] = frozenset()
    frames: str = ""
    folder: str = ""
    percent: float = 100.0
    priority: int = 50

    @property
    def layers(self) -> list[LayerSnapshot]:
        """The ticked layers, in the scene's order."""
        offered = self.scene.layers if self.scene else ()
        return [layer for layer in offered if layer.name in self.ticked]

    def problems(self) -> dict[Field, str]:
        """Say for each wrong part what to do about it; empty where all is well."""
        found = {
            Field.SCENE: "" if self.scene else "Choose a scene.",
            Field.LAYERS: self._wrong_layers() if self.scene else "",
            Field.FRAMES: wrong_frames(self.frames),
            Field.FOLDER: "" if self.folder.strip() else "Choose a folder.",
        }
        return {field: text for field, text in found.items() if text}

    def frame_count(self) -> int:
        """Count the pictures it will render, cameras taken into account.

        Raises:
            FrameRangeError: the typed frames cannot be read.
        """
        typed = FrameRange.parse(self.frames) if self.frames.strip() else None
        return sum(
            len(scene_frames(layer) if typed is None else typed) * len(layer.cameras)
            for layer in self.layers
        )

    def sizes(self) -> str:
        """Say how many pixels the pictures will have, each size once."""
        scale = self.percent / 100
        each = {
            (max(1, round(width * scale)), max(1, round(height * scale))): None
            for width, height in (layer.resolution for layer in self.layers)
        }
        return ", ".join(f"{width} x {height}" for width, height in each)

    def summary(self) -> str:
        """Say what the Render button does."""
        if self.problems():
            return "Render"
        layers = count(len(self.layers), "layer")
        return f"Render {layers}, {count(self.frame_count(), 'frame')}"

    def submission(self) -> Submission:
        """Make the submission.

        Raises:
            SubmissionError: something in it is wrong.
        """
        return Submission(
            scene=self.scene.path if self.scene else "",
            layers=tuple(layer.name for layer in self.layers),
            frames=self.frames.strip() or None,
            output_folder=self.folder.strip(),
            percent=None if self.percent == 100 else self.percent,
            priority=self.priority,
        )

    def _wrong_layers(self) -> str:
        if not self.layers:
            return "Tick at least one layer."
        blind = [layer.name for layer in self.layers if not layer.cameras]
        if not blind:
            return ""
        return (
            f"{blind[0]} has no renderable camera. Untick it, or make a camera "
            "renderable in Maya's Render Settings and save the scene."
        )


def scene_frames(layer: LayerSnapshot) -> FrameRange:
    """Give the frames a layer has in the scene; Maya's step need not meet the end."""
    return FrameRange.parse(str(layer.frames), keep_ends=False)


def wrong_frames(text: str) -> str:
    """Say what is wrong with typed frames; empty where nothing is."""
    if not text.strip():
        return ""
    try:
        FrameRange.parse(text)
    except FrameRangeError as error:
        problem = error.problem[:1].upper() + error.problem[1:]
        return f"{problem}, at character {error.position + 1}. {error.remedy}"
    return ""


def default_folder(scene: str) -> str:
    """Say where a scene's pictures go unless told: where its project keeps images."""
    places = Places(scene)
    if places.project is None:
        return str(places.scene.parent / "renders")
    return str(places.images_folder())


def scene_path(typed: str) -> str:
    """Clean a path as it is pasted or dropped: blanks, quotes, a `file:` address."""
    return typed.strip().strip("\"'")
