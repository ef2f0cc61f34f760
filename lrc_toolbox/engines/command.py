"""The engine `command`: any program, started once for every chunk of frames.

For renderers that have no engine of their own, and for everything else that makes
pictures. Nothing is known of the scene, so layers and cameras are taken as given. A
program may speak the worker protocol's events; else its last percentage is the
progress. `plan` runs in the client that submits, `launch` in the service.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from lrc_toolbox.engines.command_template import filled, named_tokens
from lrc_toolbox.engines.engine import Launch, gpu_environment
from lrc_toolbox.engines.naming import picture_patterns, require_distinct
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission, SubmissionError

# What Maya calls them where nobody made any.
_LAYERS = ("masterLayer",)
_CAMERAS = ("persp",)


class CommandEngine:
    """Runs `Submission.command`; see `engines.command_template` for its tokens."""

    name = "command"
    kept_open = False
    copies_scene = False

    def gpu_need(self, submission: Submission) -> GpuNeed:
        """Take a GPU where there is one, until the program is seen to use none.

        Nobody knows what a program does: without a GPU of its own it might take the
        one that Maya works on.
        """
        return GpuNeed.REQUIRED

    def plan(self, submission: Submission) -> tuple[TaskPlan, ...]:
        """Make a task for every layer and camera; check all that can be checked.

        Pictures may have any channels, and any size where no resolution is asked for.

        Raises:
            SubmissionError: the scene, the program or the frames are missing, the
                command has an unknown token or lacks one it needs, or two tasks would
                write the same file.
        """
        frames = _frames(submission)
        _require_scene(submission)
        _require_tokens(submission, named_tokens(submission.command))
        settings = {"program": _program(submission.command[0]), "cwd": str(Path.cwd())}
        plans = tuple(
            TaskPlan(layer, camera, frames, pictures, settings)
            for layer in submission.layers or _LAYERS
            for camera in submission.cameras or _CAMERAS
            for pictures in [_pictures(submission, layer, camera)]
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
        """Fill in the command for a chunk of frames; makes the pictures' folders.

        Raises:
            SubmissionError: the frames have no single step and the command cannot take
                them as a list.
            OSError: a folder cannot be made.
        """
        for picture in plan.pictures:
            Path(picture.pattern).parent.mkdir(parents=True, exist_ok=True)
        first, *_ = plan.pictures
        values = {
            "scene": scene,
            "layer": plan.layer,
            "camera": plan.camera,
            "frames": frames,
            "frame": frames.first,
            "start": frames.first,
            "end": frames.last,
            "step": _step(submission, frames),
            "output": first.path(frames.first),
            "output_pattern": first.pattern,
            "threads": grant.cpu_threads,
            "width": first.width,
            "height": first.height,
        }
        _, *arguments = filled(submission.command, values)
        program, cwd = str(plan.settings["program"]), str(plan.settings["cwd"])
        return Launch((program, *arguments), gpu_environment(grant), cwd)

    def opening(
        self, submission: Submission, scene: str, plan: TaskPlan
    ) -> dict[str, Any]:
        """Give nothing: its processes take no messages."""
        return {}


def _frames(submission: Submission) -> FrameRange:
    frames = submission.frame_range
    if not frames:
        raise SubmissionError(
            "frames",
            '"frames" is missing: a command knows nothing of the scene\'s own.',
            remedy='Give for example "1-10".',
        )
    return frames


def _require_scene(submission: Submission) -> None:
    scene = Path(submission.scene)
    if scene.is_file():
        return
    if scene.is_dir():
        raise SubmissionError(
            "scene",
            f"{scene} is a folder.",
            remedy="Name the scene file in it.",
        )
    folder = scene.parent
    beside = sorted(folder.iterdir()) if folder.is_dir() else []
    raise SubmissionError(
        "scene",
        f"The scene {scene} is not there.",
        remedy=did_you_mean(
            scene.name, [path.name for path in beside if path.is_file()]
        ),
    )


def _require_tokens(submission: Submission, named: frozenset[str]) -> None:
    """Refuse a command that would render the same again, or the wrong frames."""
    for key, values in (("layer", submission.layers), ("camera", submission.cameras)):
        if len(values) > 1 and key not in named:
            raise SubmissionError(
                "command",
                f"The command has no <{key}>: it would render the same for every one.",
                remedy=f"Put <{key}> into it, or submit each {key} by itself.",
            )
    chunk = submission.chunk_size or 1
    if chunk > 1 and not _takes_several(named):
        raise SubmissionError(
            "command",
            f"The command cannot be told which {chunk} frames to render at once.",
            remedy="Put <frames> into it, or <start>, <end> and <step>; or leave out "
            '"chunk_size".',
        )
    if submission.percent is not None:
        raise SubmissionError(
            "percent",
            '"percent" needs the scene\'s own size, which a command does not know.',
            remedy='Give "resolution" instead.',
        )
    if submission.resolution is None and named & {"width", "height"}:
        raise SubmissionError(
            "resolution",
            "The command asks for <width> or <height>, and there is no resolution.",
            remedy='Give "resolution", for example [1920, 1080].',
        )


def _takes_several(named: frozenset[str]) -> bool:
    return "frames" in named or named >= {"start", "end", "step"}


def _program(name: str) -> str:
    """Find a program as the person's terminal does, for the service to start.

    Raises:
        SubmissionError: there is none.
    """
    found = shutil.which(os.path.expanduser(name))  # noqa: PTH111 - "render" stays bare
    if found is None:
        raise SubmissionError(
            "command",
            f'There is no program "{name}" that could be started.',
            remedy="Give its whole path, or put its folder into PATH.",
        )
    return str(Path(found).absolute())


def _pictures(
    submission: Submission, layer: str, camera: str
) -> tuple[ExpectedPicture, ...]:
    width, height = submission.resolution or (0, 0)
    stem = Path(submission.scene).stem
    return tuple(
        ExpectedPicture(pattern, width, height, channels=())
        for pattern in picture_patterns(submission, stem, layer, camera)
    )


def _step(submission: Submission, frames: FrameRange) -> int:
    """Say how far the frames are from each other.

    Raises:
        SubmissionError: they are not evenly apart, and the command has no `<frames>`.
    """
    if len(frames.runs) > 1 and "frames" not in named_tokens(submission.command):
        raise SubmissionError(
            "command",
            f"The command cannot be told to render just {frames}.",
            remedy='Put <frames> into it, or leave out "chunk_size".',
        )
    return frames.runs[0].step
