"""The engine `preview`: what the queue asks of it.

`plan` runs in the client that submits, perhaps inside Maya: nothing here imports
NumPy, Mitsuba or OpenImageIO. `launch` and `opening` run in the service.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from lrc_toolbox.engines.engine import Launch, gpu_environment
from lrc_toolbox.engines.naming import picture_patterns, require_distinct
from lrc_toolbox.jobs.frames import FrameRange, FrameRangeError
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission, SubmissionError
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import LayerSnapshot, SceneSnapshot
from lrc_toolbox.scenes.taking import read_snapshot

#: Rays per pixel where a submission names no number: at 640 x 360 about a second on one
#: core with LLVM, and no noise that hides a light.
DEFAULT_SAMPLES = 16

_WORKER = "lrc_toolbox.engines.preview.worker"
_CHANNELS = {"exr": ("R", "G", "B", "A"), "png": ("R", "G", "B")}


class PreviewEngine:
    """Renders a Maya ASCII scene with Mitsuba 3, without Maya."""

    name = "preview"
    kept_open = True
    copies_scene = True

    def gpu_need(self, submission: Submission) -> GpuNeed:
        """Take a GPU that is free; Mitsuba renders as well without one."""
        return GpuNeed.EITHER

    def plan(self, submission: Submission) -> tuple[TaskPlan, ...]:
        """Make a task for every layer and camera that is to be rendered.

        Raises:
            SubmissionError: the scene cannot be read, a layer or camera is not in it,
                nothing in it is renderable, or two tasks would write the same file.
        """
        snapshot = _snapshot(submission)
        plans = tuple(
            _task(submission, snapshot, layer, camera)
            for layer in _layers(submission, snapshot)
            for camera in _cameras(submission, snapshot, layer)
        )
        require_distinct(plans)
        return plans

    def launch(
        self,
        submission: Submission,
        scene: str,
        plan: TaskPlan,
        frames: FrameRange,
        grant: Grant,
    ) -> Launch:
        """Start the worker with its grant; what it renders comes with the frames."""
        cpus = ",".join(map(str, grant.cpu_ids))
        argv = [sys.executable, "-m", _WORKER, "--cpus", cpus]
        if grant.gpu_uuid:
            argv += ["--gpu", grant.gpu_uuid]
        return Launch(tuple(argv), gpu_environment(grant))

    def opening(
        self, submission: Submission, scene: str, plan: TaskPlan
    ) -> dict[str, Any]:
        """Say what a worker's next frames belong to; see `preview.opening`."""
        first, *_ = plan.pictures
        return {
            "scene": scene,
            "textures_beside": submission.scene,
            "layer": plan.layer,
            "camera": plan.camera,
            "width": first.width,
            "height": first.height,
            "samples": plan.settings["samples"],
        }


def _snapshot(submission: Submission) -> SceneSnapshot:
    try:
        return read_snapshot(submission.scene)
    except SceneReadError as error:
        raise SubmissionError(
            "scene", str(error.args[0]), remedy=error.remedy
        ) from error


def _layers(submission: Submission, snapshot: SceneSnapshot) -> list[LayerSnapshot]:
    """Give the layers asked for, else the renderable ones."""
    names = [layer.name for layer in snapshot.layers]
    # Once each, should a layer be named by its name and by its node's.
    asked: dict[str, LayerSnapshot] = {}
    for name in submission.layers:
        layer = snapshot.layer(name)
        if layer is None:
            raise _unknown("layers", "layer", name, names)
        asked[layer.name] = layer
    found = list(asked.values()) or [
        layer for layer in snapshot.layers if layer.renderable
    ]
    if not found:
        raise SubmissionError(
            "layers",
            f"{Path(snapshot.path).name} has no renderable layer.",
            remedy=f"Name one: {_listed(names)}.",
        )
    return found


def _cameras(
    submission: Submission, snapshot: SceneSnapshot, layer: LayerSnapshot
) -> list[str]:
    """Give the cameras asked for, else those that are renderable in the layer."""
    names = [camera.name for camera in snapshot.cameras]
    asked: dict[str, None] = {}
    for name in submission.cameras:
        camera = snapshot.camera(name)
        if camera is None:
            raise _unknown("cameras", "camera", name, names)
        asked[camera.name] = None
    found = list(asked or layer.cameras)
    if not found:
        raise SubmissionError(
            "cameras",
            f"Layer {layer.name!r} has no renderable camera.",
            remedy=f"Name one: {_listed(names)}.",
        )
    return found


def _unknown(key: str, noun: str, name: str, names: list[str]) -> SubmissionError:
    return SubmissionError(
        key,
        f"The scene has no {noun} {name!r}.",
        remedy=did_you_mean(name, names),
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "it has none"


def _task(
    submission: Submission,
    snapshot: SceneSnapshot,
    layer: LayerSnapshot,
    camera: str,
) -> TaskPlan:
    width, height = _size(submission, layer)
    patterns = picture_patterns(
        submission, Path(submission.scene).stem, layer.name, camera
    )
    pictures = tuple(
        ExpectedPicture(pattern, width, height, _CHANNELS[kind])
        for pattern, kind in zip(patterns, submission.formats, strict=True)
    )
    frames = submission.frame_range or _frames(layer)
    settings = {"samples": submission.samples or DEFAULT_SAMPLES}
    return TaskPlan(layer.name, camera, frames, pictures, settings)


def _frames(layer: LayerSnapshot) -> FrameRange:
    """Give the frames that the scene says.

    Raises:
        SubmissionError: they are no frames: the end before the start, or not a number.
    """
    try:
        return FrameRange.parse(str(layer.frames), keep_ends=False)
    except (FrameRangeError, ValueError, OverflowError) as error:
        span = f"{layer.frames.start:g} to {layer.frames.end:g}"
        raise SubmissionError(
            "frames",
            f"Layer {layer.name!r} has no frames to render, from {span}.",
            remedy='Name them, for example "1-10".',
        ) from error


def _size(submission: Submission, layer: LayerSnapshot) -> tuple[int, int]:
    if submission.resolution is not None:
        return submission.resolution
    scale = (submission.percent or 100.0) / 100
    width, height = layer.resolution
    return max(1, round(width * scale)), max(1, round(height * scale))
