"""The policy: what is kept back for the artist, and what renders may have.

Owns the settings, their reasons and their JSON file. What follows from them is worked
out in `scheduling.reserving`. `python -m lrc_toolbox.jobs.policy` prints the table in
docs/policy.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.submission_error import WrongValueError, explain, shown
from lrc_toolbox.jobs.submission_values import Count, Whole

#: Days as people write them, Monday first as Python counts them.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_PERCENT = "a number from 0 to 100"
_SECONDS = "a number of seconds from 0 up"
_MIB = "a whole number of MiB from 0 up"
_MUST_BE = {
    "attempts": "a whole number from 1 up",
    "host_cores": "a whole number from 0 up",
    "host_cores_percent": _PERCENT,
    "host_gpu": '"auto", "keep" or "share"',
    "host_vram_mib": _MIB,
    "host_vram_percent": _PERCENT,
    "host_memory_mib": _MIB,
    "host_memory_percent": _PERCENT,
    "present_cores_percent": "a number from 1 to 100",
    "yield_gpu_percent": _PERCENT,
    "yield_cpu_percent": _PERCENT,
    "yield_after_s": _SECONDS,
    "resume_after_s": _SECONDS,
    "away_after_s": _SECONDS,
    "stop_after": "a whole number from 0 up",
    "least_free_memory_percent": _PERCENT,
    "log_mib": _MIB,
    "low_priority": "true or false",
    "keep_awake": "true or false",
    "windows": 'a list of windows, e.g. [{"begins": "19:00", "ends": "07:00"}]',
    "otherwise": '"reserved" or "nothing"',
}


class PolicyError(LrcError):
    """A policy cannot be used.

    Attributes:
        key: the setting, empty for the whole file.
        where: the file.
    """

    def __init__(
        self, key: str, problem: str, *, remedy: str = "", where: str = ""
    ) -> None:
        super().__init__(f"{where}: {problem}" if where else problem, remedy=remedy)
        self.key = key
        self.problem = problem
        self.where = where


def _clock(given: str) -> str:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", given.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        problem = f"{shown(given)} is no time of day."
        raise WrongValueError(problem, remedy='Write hours and minutes: "19:00".')
    return f"{int(found[1]):02}:{found[2]}"


def _not_true(given: object) -> object:
    if isinstance(given, bool):
        raise ValueError("pydantic would take true for 1")
    return given


_IsNumber = BeforeValidator(_not_true)
Clock = Annotated[str, AfterValidator(_clock)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Mib = Annotated[int, Field(ge=0), _IsNumber]
Percent = Annotated[float, Field(ge=0, le=100), _IsNumber]
Seconds = Annotated[float, Field(ge=0), _IsNumber]


class Window(BaseModel):
    """A time of day in which another rule holds.

    Attributes:
        begins, ends: local time; one that ends before it begins ends the next day.
        days: the days on which it begins; empty for every day.
        grants: what renders may have then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    begins: Clock
    ends: Clock
    days: tuple[Day, ...] = ()
    grants: Literal["everything", "reserved", "nothing"] = "everything"


class Policy(BaseModel):
    """What is kept back for the artist; see each field's description for the reason.

    Raises:
        PolicyError: from `read` and `load`; a plain call raises pydantic's own error.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True
    )

    attempts: Count = Field(
        default=4,
        description="Render processes side by side. Each loads the scene once more; "
        "past four, memory and disks become what is waited for.",
    )
    host_cores: Whole = Field(
        default=2,
        description="Cores kept for each Maya. Its interface and its evaluation need "
        "one each to stay quick.",
    )
    host_cores_percent: Percent = Field(
        default=20,
        description="The same as a share of all cores; the larger counts. Parallel "
        "evaluation grows with the machine.",
    )
    host_gpu: Literal["auto", "keep", "share"] = Field(
        default="auto",
        description="Whether Maya's GPU is kept for it. auto: kept where another GPU "
        "is left, shared where it is the only one.",
    )
    host_vram_mib: Mib = Field(
        default=2048,
        description="VRAM kept free on a shared GPU. What Viewport 2.0 and its "
        "textures grow by when an artist opens a heavier shot.",
    )
    host_vram_percent: Percent = Field(
        default=25,
        description="The same as a share of the GPU's VRAM; the larger counts. "
        "Artists with large cards work with large scenes.",
    )
    host_memory_mib: Mib = Field(
        default=2048,
        description="Memory kept free while a Maya is open, for what it loads next.",
    )
    host_memory_percent: Percent = Field(
        default=10,
        description="The same as a share of all memory; the larger counts. A machine "
        "that swaps is lost to everybody.",
    )
    present_cores_percent: Annotated[float, Field(ge=1, le=100), _IsNumber] = Field(
        default=80,
        description="Renders' largest share of the cores while a Maya is open, for the "
        "desktop, the browser and the player.",
    )
    yield_gpu_percent: Percent = Field(
        default=40,
        description="Maya's load of a shared GPU above which renders step back. "
        "An idle viewport takes next to nothing, playback more than this.",
    )
    yield_cpu_percent: Percent = Field(
        default=50,
        description="Maya's share of all cores above which renders step back: it is "
        "simulating, caching or rendering by itself.",
    )
    yield_after_s: Seconds = Field(
        default=4,
        description="How long the load must stay so. Shorter ones are a click.",
    )
    resume_after_s: Seconds = Field(
        default=20,
        description="How long it must be calm before renders go on. Artists scrub, "
        "look and scrub again.",
    )
    away_after_s: Seconds = Field(
        default=900,
        description="No key and no mouse for so long means that the artist is away "
        "and renders get everything; 0 for never. A locked screen means so at once.",
    )
    stop_after: Whole = Field(
        default=3,
        description="A layer stops after so many different frames failed in a row in "
        "the same way, so that a night is not lost to one cause; 0 for never.",
    )
    least_free_memory_percent: Percent = Field(
        default=3,
        description="With less of the computer's memory free, the render that is "
        "furthest above its grant is ended and tried with more, before the system "
        "pages or ends something of the artist's; 0 for never.",
    )
    log_mib: Mib = Field(
        default=1024,
        description="A process that writes more log than this is ended: a warning "
        "for every sample fills a disk in a night; 0 for no limit.",
    )
    low_priority: bool = Field(
        default=True,
        description="Renders run below normal priority: the desktop comes first, and "
        "an idle CPU is used all the same.",
    )
    keep_awake: bool = Field(
        default=True,
        description="The computer does not go to sleep while something renders.",
    )
    windows: tuple[Window, ...] = Field(
        default=(),
        description="Times of day with a rule of their own, for example everything "
        "from 19:00 to 07:00. The first that fits counts.",
    )
    otherwise: Literal["reserved", "nothing"] = Field(
        default="reserved",
        description="What holds outside of all windows: reserved is the rules above.",
    )

    @classmethod
    def read(cls, given: object, where: str = "") -> Policy:
        """Make a policy of what JSON was read into.

        Raises:
            PolicyError: a setting is unknown or wrong; the first one is told.
        """
        if not isinstance(given, dict):
            problem = f"A policy is one JSON object, not {shown(given)}."
            raise PolicyError("", problem, where=where)
        try:
            return cls.model_validate(
                {key: value for key, value in given.items() if key != "$schema"}
            )
        except ValidationError as error:
            told = explain(error, _MUST_BE, cls.model_fields)
            raise PolicyError(
                told.key, told.problem, remedy=told.remedy, where=where
            ) from None

    @classmethod
    def load(cls, path: Path) -> Policy:
        """Read the file; one that is not there means the policy as it comes.

        Raises:
            PolicyError: it cannot be read, or is no policy.
        """
        return cls.read(settings_in(path), os.fspath(path))

    def save(self, path: Path) -> None:
        """Write what differs from the policy as it comes, whole or not at all.

        Raises:
            PolicyError: it cannot be written.
        """
        own: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            part.write_text(json.dumps(own, indent=2) + "\n", encoding="utf-8")
            part.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            problem = f"The file cannot be written: {error.strerror}."
            raise PolicyError("", problem, where=os.fspath(path)) from error


def settings_in(path: Path) -> object:
    """Give what JSON a policy's file holds, unchecked; none where it is not there.

    Raises:
        PolicyError: it cannot be read, or is no JSON.
    """
    where = os.fspath(path)
    try:
        # Windows editors put a byte order mark first.
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        problem = f"The file cannot be read: {error}."
        raise PolicyError("", problem, where=where) from error
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        problem = f"This is no JSON: {error}."
        raise PolicyError("", problem, where=where) from error


def table() -> str:
    """The settings as a Markdown table: name, default, what it must be and why."""
    rows = ["| setting | as it comes | why |", "| --- | --- | --- |"]
    for name, field in Policy.model_fields.items():
        default = json.dumps(field.get_default(), default=list)
        rows.append(f"| `{name}` | `{default}` | {field.description} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
