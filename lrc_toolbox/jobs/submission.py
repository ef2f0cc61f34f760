"""A submission: what a person asks for when they press Render.

Owns its fields, their checks, and its JSON file. Whether the scene, its layers and its
cameras exist is the engine's question. `python -m lrc_toolbox.jobs.submission` prints
the JSON Schema, which is kept in `docs/submission.schema.json`.
"""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    field_validator,
    model_validator,
)

from lrc_toolbox.jobs.frames import FrameRange, FrameRangeError
from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.jobs.submission_error import (
    SubmissionError,
    WrongValueError,
    explain,
    shown,
)

__all__ = ["PREFIX_TOKENS", "Submission", "SubmissionError"]

#: What a prefix may name in angle brackets, as Maya spells them.
PREFIX_TOKENS = ("Scene", "RenderLayer", "Camera")

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
    "stall_s": "a number of seconds above 0",
    "depends_on": "a list of job numbers, e.g. [17]",
    "name": _TEXT,
    "note": _TEXT,
    "user": "a user's name",
    "samples": f"{_COUNT}, or null",
    "command": 'a list of texts, program first, e.g. ["Render", "<scene>"]',
}


def login_name() -> str:
    """Return who is logged in; "unknown" where the system does not say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        # No variable and no entry in the user database: KeyError, OSError from
        # Python 3.13 on; ImportError on Windows, which has no such database.
        return "unknown"


class Submission(BaseModel):
    """One job as it is asked for; see each field's description.

    Raises:
        SubmissionError: something is wrong, however it is built; see its `others` too.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, title="LRC Toolbox submission"
    )

    schema_version: Literal[1] = Field(default=1, description="Version of this format.")
    scene: str = Field(
        min_length=1,
        description="Scene file. A leading ~ is the home folder; a relative path "
        "counts from the folder of the program that submits.",
    )
    layers: tuple[str, ...] = Field(
        default=(), description="Render layers; empty for every renderable one."
    )
    cameras: tuple[str, ...] = Field(
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
    engine: str = Field(
        default="preview",
        min_length=1,
        description="What gets frames out of the scene.",
    )
    renderer: str | None = Field(
        default=None,
        description="Renderer inside the engine; null for the scene's own.",
    )
    resolution: tuple[int, int] | None = Field(
        default=None,
        description="Width and height in pixels; null for the scene's own. Not "
        "together with percent.",
    )
    percent: float | None = Field(
        default=None,
        gt=0,
        le=1000,
        description="Size in percent of the scene's own resolution. Not together with "
        "resolution.",
    )
    output_folder: str = Field(
        min_length=1,
        description="Folder for the pictures, made where it is missing. ~ and relative "
        "paths as in scene.",
    )
    prefix: str = Field(
        default="<RenderLayer>/<Camera>/<Scene>",
        min_length=1,
        description="Picture path below the output folder, without frame number and "
        "suffix. Tokens: " + " ".join(f"<{token}>" for token in PREFIX_TOKENS) + ".",
    )
    formats: tuple[Literal["exr", "png"], ...] = Field(
        default=("exr",),
        min_length=1,
        description="A picture in each, for every frame.",
    )
    priority: int = Field(
        default=50, ge=0, le=100, description="Higher is sooner; equal ones by age."
    )
    cpu_threads: int | None = Field(
        default=None, ge=1, description="CPU threads wished for; null for a fair share."
    )
    gpu: str = Field(
        default="auto",
        description='"auto" for any free one, "none" for the CPU, or a GPU\'s UUID.',
    )
    chunk_size: int | None = Field(
        default=None,
        ge=1,
        description="Frames that one process gets; null for all of a task.",
    )
    retries: int = Field(
        default=1, ge=0, le=100, description="How often a failed frame is tried again."
    )
    stall_s: float = Field(
        default=1800.0,
        gt=0,
        description="Seconds without a word after which a process counts as stalled.",
    )
    depends_on: tuple[int, ...] = Field(
        default=(), description="Jobs that must be done before this one starts."
    )
    name: str = Field(
        default="", description="What lists call the job; empty for the scene's name."
    )
    note: str = Field(default="", description="Anything worth telling; read by people.")
    user: str = Field(
        default_factory=login_name,
        min_length=1,
        description="Who asked; left out, who is logged in.",
    )
    samples: int | None = Field(
        default=None,
        ge=1,
        description="Samples per pixel of the preview engine; null for its own choice.",
    )
    command: tuple[str, ...] = Field(
        default=(),
        description='Program and arguments of the engine "command"; its tokens '
        "are in that engine's documentation.",
    )

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
            part.unlink(missing_ok=True)
            problem = f"The file cannot be written: {error.strerror}."
            raise SubmissionError("", problem, where=str(target)) from error

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the JSON file."""
        schema = Submission.model_json_schema()
        # Editors find the schema by this key, so a file may have it.
        schema["properties"]["$schema"] = {"type": "string"}
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

    @field_validator(
        *("percent", "priority", "cpu_threads", "chunk_size", "retries", "stall_s"),
        *("samples", "resolution", "depends_on"),
        mode="before",
    )
    @classmethod
    def _true_is_no_number(cls, given: Any) -> Any:
        inside = given if isinstance(given, list | tuple) else [given]
        if any(isinstance(one, bool) for one in inside):
            raise ValueError("pydantic would take true for 1")
        return given

    @field_validator("scene", "output_folder")
    @classmethod
    def _absolute(cls, given: str) -> str:
        """Make a path good for the service too, which runs in another folder.

        A path that is absolute on another system stays as it is.
        """
        try:
            path = str(Path(given.strip()).expanduser()) if given.strip() else ""
        except RuntimeError as error:
            problem = f"{shown(given)} begins with a user who has no home folder."
            raise WrongValueError(problem, remedy="Write the path out.") from error
        if not path:
            raise WrongValueError("A path is blank.", remedy="Name the file or folder.")
        if PureWindowsPath(path).is_absolute() or PurePosixPath(path).is_absolute():
            return path
        # Path.resolve() would follow links, which farms put there on purpose.
        return os.path.abspath(path)  # noqa: PTH100

    @field_validator("layers", "cameras")
    @classmethod
    def _each_once(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        if not all(name.strip() for name in given):
            raise ValueError("a name is blank")
        return tuple(dict.fromkeys(given))

    @field_validator("formats")
    @classmethod
    def _each_format_once(
        cls, given: tuple[Literal["exr", "png"], ...]
    ) -> tuple[Literal["exr", "png"], ...]:
        return tuple(dict.fromkeys(given))

    @field_validator("depends_on")
    @classmethod
    def _job_numbers(cls, given: tuple[int, ...]) -> tuple[int, ...]:
        if any(job < 1 for job in given):
            raise ValueError("jobs count from 1")
        return tuple(dict.fromkeys(given))

    @field_validator("resolution")
    @classmethod
    def _sane(cls, given: tuple[int, int] | None) -> tuple[int, int] | None:
        if given is not None and not all(1 <= side <= 32768 for side in given):
            raise ValueError("no picture has this size")
        return given

    @field_validator("gpu")
    @classmethod
    def _known_gpu(cls, given: str) -> str:
        # NVML names whole GPUs GPU-..., slices of one MIG-...
        if given in ("auto", "none") or re.match(r"(GPU|MIG)-[0-9A-Za-z/-]+\Z", given):
            return given
        raise WrongValueError(
            f'"gpu" is {shown(given)}.',
            remedy=f"It must be {_MUST_BE['gpu']} as `nvidia-smi -L` prints it.",
        )

    @field_validator("prefix")
    @classmethod
    def _usable_prefix(cls, given: str) -> str:
        prefix = given.strip().replace("\\", "/")
        for token in re.findall(r"<([^<>]*)>", prefix):
            if token not in PREFIX_TOKENS:
                remedy = did_you_mean(
                    f"<{token}>", [f"<{one}>" for one in PREFIX_TOKENS]
                )
                raise WrongValueError(
                    f'"prefix" has an unknown <{token}>.', remedy=remedy
                )
        rest = re.sub(r"<[^<>]*>", "_", prefix)
        odd = re.search(r'[<>:"|?*\x00-\x1f]', rest)
        if odd:
            problem = f'"prefix" has {shown(odd[0])}, which no file name may have.'
            raise WrongValueError(problem, remedy="Leave it out.")
        if rest.startswith("/") or not all(
            part.strip(". ") for part in rest.split("/")
        ):
            problem = f'"prefix" is {shown(given)}.'
            remedy = (
                "It must be a path below the output folder that ends in a file name."
            )
            raise WrongValueError(problem, remedy=remedy)
        return prefix

    @model_validator(mode="after")
    def _fields_fit_together(self) -> Submission:
        if self.resolution is not None and self.percent is not None:
            problem = '"percent" and "resolution" are both given.'
            raise WrongValueError(problem, remedy="Leave one out.", key="percent")
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
            raise WrongValueError(str(error), key="frames") from error
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
