"""A submission: what a person asks for when they press Render.

Owns its fields and its JSON file; each kind of value is checked in
`jobs.submission_values`. Whether the scene, its layers and its
cameras exist is the engine's question. `python -m lrc_toolbox.jobs.submission` prints
the JSON Schema, which is kept in `docs/submission.schema.json`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

from lrc_toolbox.jobs.frames import FrameRange, FrameRangeError
from lrc_toolbox.jobs.notifications import JobNotify
from lrc_toolbox.jobs.submission_error import (
    SubmissionError,
    WrongValueError,
    explain,
    shown,
)
from lrc_toolbox.jobs.submission_values import (
    PREFIX_TOKENS,
    Count,
    Existing,
    FilePath,
    Formats,
    Gpu,
    JobNumbers,
    LayersAfter,
    Name,
    Names,
    Order,
    Percentage,
    Prefix,
    Priority,
    Retries,
    Seconds,
    Side,
    Whole,
    login_name,
)

__all__ = ["PREFIX_TOKENS", "Submission", "SubmissionError"]

_VERSION = 1
_TEXT = "text in quotes"
_NAMES = 'a list of names, e.g. ["beauty"]'
_COUNT = "a whole number from 1 up"
_MUST_BE = {
    "schema_version": f"{_VERSION}",
    "scene": "the path of a scene file",
    "layers": _NAMES,
    "cameras": _NAMES,
    "frames": 'frames in quotes, e.g. "1-10", or null for what the scene says',
    "keep_ends": "true or false",
    "order": '"ascending", "descending", "preview_first" or "as_given"',
    "engine": 'an engine\'s name, e.g. "preview"',
    "renderer": "a renderer's name, or null for the scene's own",
    "resolution": "width and height in pixels from 1 to 32768, e.g. [1920, 1080]",
    "percent": "a number above 0 and up to 1000",
    "output_folder": "the path of a folder",
    "prefix": _TEXT,
    "formats": 'a list of "exr" and "png", at least one',
    "priority": "a whole number from 0 to 100",
    "cpu_threads": f"{_COUNT}, or null",
    "gpu": '"auto", "none" or a GPU\'s UUID',
    "chunk_size": f"{_COUNT}, or null for all frames",
    "retries": "a whole number from 0 to 100",
    "stall_s": "a number of seconds above 0, or null",
    "frame_limit_s": "a number of seconds above 0, or null for no limit",
    "memory_limit_mib": f"{_COUNT}, or null for no limit",
    "stop_after": "a whole number from 0 up, or null for what the policy says",
    "pause_when_odd": "true or false",
    "depends_on": "a list of job numbers, e.g. [17]",
    "frames_after": "a list of job numbers, e.g. [17]",
    "layers_after": 'layers with a list of layers each, e.g. {"comp": ["beauty"]}',
    "existing": '"render", "proved" or "unchanged"',
    "name": _TEXT,
    "note": _TEXT,
    "user": "a user's name",
    "notify": 'an object, e.g. {"events": ["failed"]}, or null',
    "samples": f"{_COUNT}, or null",
    "command": 'a list of texts, program first, e.g. ["Render", "<scene>"]',
}


class Submission(BaseModel):
    """One job as it is asked for; see each field's description.

    Raises:
        SubmissionError: something is wrong, however it is built; see its `others` too.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        title="LRC Toolbox submission",
        # Built with the first submission: a panel that only watches never pays for it.
        defer_build=True,
    )

    schema_version: Literal[1] = Field(default=1, description="Version of this format.")
    scene: FilePath = Field(
        description="Scene file. A leading ~ is the home folder; a relative path "
        "counts from the folder of the program that submits.",
    )
    layers: Names = Field(
        default=(), description="Render layers; empty for every renderable one."
    )
    cameras: Names = Field(
        default=(), description="Cameras; empty for each layer's renderable ones."
    )
    frames: str | None = Field(
        default=None,
        description='Frames, e.g. "1001-1100", "1,5,10-20" or "1-100x5"; null for '
        "what the scene says, per layer.",
    )
    keep_ends: bool = Field(
        default=True,
        description="Whether a step includes the first and last frame of its range.",
    )
    order: Order = Field(
        default="ascending",
        description='Which frames come first. "preview_first": first, middle and last, '
        'then the middle of each half and so on; "as_given": as frames lists them, '
        'e.g. "10,1,5-7". A process that renders chunks renders each in its own way.',
    )
    engine: Name = Field(
        default="preview",
        description="What gets frames out of the scene.",
    )
    renderer: Name | None = Field(
        default=None,
        description="Renderer inside the engine; null for the scene's own.",
    )
    resolution: tuple[Side, Side] | None = Field(
        default=None,
        description="Width and height in pixels; null for the scene's own. Not "
        "together with percent.",
    )
    percent: Percentage | None = Field(
        default=None,
        description="Size in percent of the scene's own resolution. Not together with "
        "resolution.",
    )
    output_folder: FilePath = Field(
        description="Folder for the pictures, made where it is missing. ~ and relative "
        "paths as in scene.",
    )
    prefix: Prefix = Field(
        default="<RenderLayer>/<Camera>/<Scene>",
        description="Picture path below the output folder, without frame number and "
        "suffix. Tokens: " + " ".join(f"<{token}>" for token in PREFIX_TOKENS) + ".",
    )
    formats: Formats = Field(
        default=("exr",),
        description="A picture in each, for every frame.",
    )
    priority: Priority = Field(
        default=50, description="Higher is sooner; equal ones by age."
    )
    cpu_threads: Count | None = Field(
        default=None, description="CPU threads wished for; null for a fair share."
    )
    gpu: Gpu = Field(
        default="auto",
        description='"auto" for any free one, "none" for the CPU, or a GPU\'s UUID.',
    )
    chunk_size: Count | None = Field(
        default=None,
        description="Frames that one process gets; null for all of a task.",
    )
    retries: Retries = Field(
        default=1, description="How often a failed frame is tried again."
    )
    stall_s: Seconds | None = Field(
        default=None,
        description="Seconds without a word after which a process counts as stalled; "
        "null for what suits the renderer.",
    )
    frame_limit_s: Seconds | None = Field(
        default=None,
        description="Seconds that a frame may take; null for no limit.",
    )
    memory_limit_mib: Count | None = Field(
        default=None,
        description="Memory in MiB that a render process may hold; null for no limit.",
    )
    stop_after: Whole | None = Field(
        default=None,
        description="Stop a layer after so many different frames failed in a row in "
        "the same way; 0 for never, null for what the policy says.",
    )
    pause_when_odd: bool = Field(
        default=False,
        description="Pause the job when a frame is odd beside its neighbours: black, "
        "far smaller, far slower.",
    )
    depends_on: JobNumbers = Field(
        default=(), description="Jobs that must be done before this one starts."
    )
    frames_after: JobNumbers = Field(
        default=(),
        description="Jobs whose frames come first: frame 7 is rendered once frame 7 of "
        "these is proved, in the layer of the same name or, where a job has none of "
        "that name, in all of its layers. Frames that they do not render do not wait.",
    )
    layers_after: LayersAfter = Field(
        default={},
        description="Layers that come after other layers of this job: each begins when "
        "every frame of those is proved, and is given up where one of them fails.",
    )
    existing: Existing = Field(
        default="render",
        description='Pictures that are there already: "render" renders them again, '
        '"proved" skips frames whose pictures are whole, "unchanged" those that were '
        "also rendered from this scene with these settings.",
    )
    name: str = Field(
        default="", description="What lists call the job; empty for the scene's name."
    )
    note: str = Field(default="", description="Anything worth telling; read by people.")
    user: Name = Field(
        default_factory=login_name,
        description="Who asked; left out, who is logged in.",
    )
    notify: JobNotify | None = Field(
        default=None,
        description="Who is told of this job; null for what notifications.json says.",
    )
    samples: Count | None = Field(
        default=None,
        description="Samples per pixel of the preview engine; null for its own choice.",
    )
    command: tuple[str, ...] = Field(
        default=(),
        description='Program and arguments of the engine "command"; its tokens '
        "are in that engine's documentation.",
    )

    def __hash__(self) -> int:
        # pydantic's own takes every field, and a dict has no hash.
        return hash((self.scene, self.output_folder, self.layers, self.frames))

    @property
    def title(self) -> str:
        """What lists call the job: its name, else the scene's file name."""
        # PureWindowsPath, because it knows both slashes, whichever system wrote it.
        return self.name or PureWindowsPath(self.scene).stem

    @property
    def frame_range(self) -> FrameRange | None:
        """The frames, or None for what the scene says."""
        if self.frames is None:
            return None
        return FrameRange.parse(self.frames, keep_ends=self.keep_ends)

    @classmethod
    def from_json(
        cls, given: str | bytes | Mapping[str, Any], where: str = ""
    ) -> Submission:
        """Read a submission from JSON text or from what JSON was read into.

        Args:
            given: the text or the object; a key `$schema` is passed over.
            where: the file it stands in, for the errors.

        Raises:
            SubmissionError: it is no JSON, or no submission.
        """
        fields = _read_json(given, where) if isinstance(given, str | bytes) else given
        if not isinstance(fields, Mapping):
            problem = f"A submission is one JSON object, not {shown(fields)}."
            raise SubmissionError("", problem, where=where)
        try:
            return cls.model_validate(
                {key: value for key, value in fields.items() if key != "$schema"}
            )
        except SubmissionError as error:
            raise error.at(where) from None

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Submission:
        """Read a submission's JSON file.

        Raises:
            SubmissionError: it cannot be read; the error names the file and the place.
        """
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            problem = f"The file cannot be read: {error.strerror}."
            raise SubmissionError("", problem, where=os.fspath(path)) from error
        return cls.from_json(content, where=os.fspath(path))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the submission's JSON file, whole or not at all.

        Raises:
            SubmissionError: it cannot be written.
        """
        target = Path(path)
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            part.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
            part.replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            problem = f"The file cannot be written: {error.strerror}."
            raise SubmissionError("", problem, where=str(target)) from error

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the JSON file."""
        schema = Submission.model_json_schema()
        schema["description"] = "One job, as it is asked for."
        # Editors find the schema by this key, so a file may have it.
        schema["properties"]["$schema"] = {"type": "string"}
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

    @model_validator(mode="after")
    def _fields_fit_together(self) -> Submission:
        if self.resolution is not None and self.percent is not None:
            problem = '"percent" and "resolution" are both given.'
            raise WrongValueError(problem, remedy="Leave one out.", key="percent")
        if self.order == "as_given" and self.frames is None:
            problem = '"order" is "as_given", but no frames are given.'
            remedy = 'Give "frames" in the order you want them, e.g. "10,1,5-7".'
            raise WrongValueError(problem, remedy=remedy, key="order")
        if self.engine == "command" and not self.command:
            problem = '"command" is missing, which the engine "command" runs.'
            remedy = f"It must be {_MUST_BE['command']}."
            raise WrongValueError(problem, remedy=remedy, key="command")
        if self.command and self.engine != "command":
            problem = f'"command" is given, but the engine is "{self.engine}".'
            remedy = 'Leave it out, or set "engine" to "command".'
            raise WrongValueError(problem, remedy=remedy, key="command")
        try:
            self.frame_range  # noqa: B018
        except FrameRangeError as error:
            problem, remedy = str(error.args[0]), error.remedy
            raise WrongValueError(problem, remedy=remedy, key="frames") from error
        return self

    # The last one defined is the outermost: it hears of what all others found.
    @model_validator(mode="wrap")
    @classmethod
    def _in_plain_words(
        cls, given: Any, check: ModelWrapValidatorHandler[Submission]
    ) -> Submission:
        version = given.get("schema_version") if isinstance(given, dict) else None
        if isinstance(version, int) and version > _VERSION:
            problem = f"It is of format {version}; this program knows up to {_VERSION}."
            raise SubmissionError(
                "schema_version", problem, remedy="Use a newer LRC Toolbox."
            )
        try:
            return check(given)
        except ValidationError as error:
            raise explain(error, _MUST_BE, cls.model_fields) from None


def _read_json(text: str | bytes, where: str) -> object:
    try:
        # Windows editors put a byte order mark first.
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(plain)
    except UnicodeDecodeError as error:
        problem = f"Byte {error.start + 1} is not UTF-8."
        remedy = "Save the file as UTF-8."
        raise SubmissionError("", problem, remedy=remedy, where=where) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        problem = f"This is no JSON: {error.msg} at {place}."
        raise SubmissionError("", problem, where=where) from error
    except RecursionError as error:
        problem = "This is no submission: brackets stand in brackets without end."
        raise SubmissionError("", problem, where=where) from error


def main() -> None:
    """Print the JSON Schema."""
    sys.stdout.write(json.dumps(Submission.json_schema(), indent=2) + "\n")


if __name__ == "__main__":
    main()
