"""What the queue asks of an engine; the engines themselves stand beside this file.

No processes are started here: an engine says what to run, `running` runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission


@dataclass(frozen=True, slots=True)
class Launch:
    """A process to start.

    Attributes:
        argv: program and arguments, no shell.
        environment: variables to set on top of the service's own.
        cwd: folder to start in; empty for the log's.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    cwd: str = ""


def gpu_environment(grant: Grant) -> dict[str, str]:
    """Let a process see the GPU it was granted, and no other one.

    By UUID, which CUDA takes in `CUDA_VISIBLE_DEVICES` and which no renumbering changes
    (CUDA C++ Programming Guide, CUDA Environment Variables). Whoever also passes a GPU
    number to the renderer counts within what is visible: it is number 0.
    """
    return {
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
        "CUDA_VISIBLE_DEVICES": grant.gpu_uuid or "",
    }


class Engine(Protocol):
    """A way to get frames out of a scene."""

    name: str
    #: True: one process takes frames from its standard input, per
    #: docs/worker-protocol.md. False: one process per chunk of frames.
    kept_open: bool
    #: True: attempts render a copy of the scene, made by the service.
    copies_scene: bool

    def gpu_need(self, submission: Submission) -> GpuNeed:
        """Say what it wants of the GPUs, where the submission leaves that open."""

    def plan(self, submission: Submission) -> tuple[TaskPlan, ...]:
        """Settle what a submission renders, in the asking client.

        Raises:
            SubmissionError: a layer, camera, frame range or file is wrong; the error
                names the nearest that exists.
        """

    def launch(
        self,
        submission: Submission,
        scene: str,
        plan: TaskPlan,
        frames: FrameRange,
        grant: Grant,
    ) -> Launch:
        """Say how to start a process for a task.

        Args:
            scene: the file to render: the copy where `copies_scene`, else the artist's.
            frames: for an engine that is not kept open, what this process renders.
        """

    def opening(
        self, submission: Submission, scene: str, plan: TaskPlan
    ) -> dict[str, Any]:
        """Give the `open` message of the worker protocol; only asked if `kept_open`."""
