"""The classes of failure, each with the sentence a person reads.

What is tried again, and how often, is decided in `scheduling.retries`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FailureClass(str, Enum):
    """Why a frame or an attempt failed, as DESIGN.md lists the classes."""

    LICENCE = "licence"
    OUT_OF_GPU_MEMORY = "out_of_gpu_memory"
    OUT_OF_MEMORY = "out_of_memory"
    MISSING_FILE = "missing_file"
    PLUGIN_MISSING = "plugin_missing"
    SCENE_ERROR = "scene_error"
    BAD_ARGUMENTS = "bad_arguments"
    DISK = "disk"
    CRASH = "crash"
    STALLED = "stalled"
    TIMEOUT = "timeout"
    OUTPUT_MISSING = "output_missing"
    OUTPUT_BROKEN = "output_broken"
    OTHER = "other"

    @property
    def sentence(self) -> str:
        """What happened, in one sentence a person understands."""
        return _SENTENCES[self]


_SENTENCES: dict[FailureClass, str] = {
    FailureClass.LICENCE: "The renderer got no licence.",
    FailureClass.OUT_OF_GPU_MEMORY: "The GPU ran out of memory.",
    FailureClass.OUT_OF_MEMORY: "The computer ran out of memory.",
    FailureClass.MISSING_FILE: "A file the render needs is not there.",
    FailureClass.PLUGIN_MISSING: "A plug-in the scene needs is not installed.",
    FailureClass.SCENE_ERROR: "The scene cannot be rendered as it is.",
    FailureClass.BAD_ARGUMENTS: "The render was started with wrong arguments.",
    FailureClass.DISK: "A file could not be written.",
    FailureClass.CRASH: "The render process crashed.",
    FailureClass.STALLED: "The render process said nothing for too long.",
    FailureClass.TIMEOUT: "The frame took longer than it was allowed to.",
    FailureClass.OUTPUT_MISSING: "The render ended without writing its picture.",
    FailureClass.OUTPUT_BROKEN: "The picture on disk is broken.",
    FailureClass.OTHER: "The render failed.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: its class and what was seen.

    Attributes:
        kind: the class, which decides what happens next.
        message: what exactly was seen, for the person who looks into it.
    """

    kind: FailureClass
    message: str

    def __str__(self) -> str:
        return f"{self.kind.sentence} {self.message}".strip()
