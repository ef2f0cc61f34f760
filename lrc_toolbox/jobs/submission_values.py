"""The kinds of value a submission holds: paths, names, sizes, each with its check.

A plain ValueError is enough where what the field must be says it all; a
`WrongValueError` brings its own words. Which field is of which kind stands in
`jobs.submission`.
"""

from __future__ import annotations

import getpass
import os
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.jobs.submission_error import WrongValueError, shown

#: What a prefix may name in angle brackets, as Maya spells them.
PREFIX_TOKENS = ("Scene", "RenderLayer", "Camera")

_LARGEST_SIDE = 32768

Item = TypeVar("Item")


def login_name() -> str:
    """Return who is logged in; "unknown" where the system does not say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        # No variable and no entry in the user database: KeyError, and OSError from
        # Python 3.13 on. ImportError on Windows, which has no such database.
        return "unknown"


def _number(given: object) -> object:
    if isinstance(given, bool):
        raise ValueError("pydantic would take true for 1")
    return given


def _absolute(given: str) -> str:
    """Make a path good for the service too, which runs in another folder.

    A path that is absolute on another system stays as it is.
    """
    if not given.strip() or "\0" in given:
        raise ValueError("no path")
    if given[0] == "/":  # the usual case, without three path objects
        return given
    try:
        path = str(Path(given.strip()).expanduser())
    except RuntimeError as error:
        problem = f"{shown(given)} begins with a user who has no home folder."
        raise WrongValueError(problem, remedy="Write the path out.") from error
    if PureWindowsPath(path).is_absolute() or PurePosixPath(path).is_absolute():
        return path
    # Path.resolve() would follow links, which studios put there on purpose.
    return os.path.abspath(path)  # noqa: PTH100


def _not_blank(given: str) -> str:
    if not given.strip():
        raise ValueError("blank")
    return given


def _each_once(given: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(given))


def _known_gpu(given: str) -> str:
    # NVML names a whole GPU GPU-..., a slice of one MIG-...
    if re.fullmatch(r"auto|none|(GPU|MIG)-[0-9A-Za-z/-]+", given):
        return given
    remedy = 'It must be "auto", "none" or a UUID as `nvidia-smi -L` prints it.'
    raise WrongValueError(f'"gpu" is {shown(given)}.', remedy=remedy)


def _usable_prefix(given: str) -> str:
    """Refuse what would not be a file below the output folder on every system."""
    prefix = given.strip().replace("\\", "/")
    for token in re.findall(r"<([^<>]*)>", prefix):
        if token not in PREFIX_TOKENS:
            remedy = did_you_mean(f"<{token}>", [f"<{one}>" for one in PREFIX_TOKENS])
            raise WrongValueError(f'"prefix" has an unknown <{token}>.', remedy=remedy)
    plain = re.sub(r"<[^<>]*>", "_", prefix)
    odd = re.search(r'[<>:"|?*\x00-\x1f]', plain)
    if odd:
        problem = f'"prefix" has {shown(odd[0])}, which no file name may have.'
        raise WrongValueError(problem, remedy="Leave it out.")
    # Windows drops dots and blanks at a name's end, and ".." would lead elsewhere.
    if any(not part or part[-1] in ". " for part in plain.split("/")):
        problem = f'"prefix" is {shown(given)}.'
        remedy = "It must be a path below the output folder that ends in a file name."
        raise WrongValueError(problem, remedy=remedy)
    return prefix


def _without_circle(given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    try:
        TopologicalSorter(given).prepare()
    except CycleError as error:
        circle = " after ".join(error.args[1][::-1])
        problem = f'"layers_after" goes round in a circle: {circle}.'
        raise WrongValueError(problem, remedy="Leave one of them out.") from error
    return given


_IsNumber = BeforeValidator(_number)

Count = Annotated[int, Field(ge=1), _IsNumber]
Percentage = Annotated[float, Field(gt=0, le=1000), _IsNumber]
Priority = Annotated[int, Field(ge=0, le=100), _IsNumber]
Retries = Annotated[int, Field(ge=0, le=100), _IsNumber]
Seconds = Annotated[float, Field(gt=0), _IsNumber]
Whole = Annotated[int, Field(ge=0), _IsNumber]
Side = Annotated[int, Field(ge=1, le=_LARGEST_SIDE), _IsNumber]
JobNumbers = Annotated[tuple[Count, ...], AfterValidator(_each_once)]

Name = Annotated[str, Field(min_length=1), AfterValidator(_not_blank)]
Names = Annotated[tuple[Name, ...], AfterValidator(_each_once)]
LayersAfter = Annotated[dict[Name, Names], AfterValidator(_without_circle)]
FilePath = Annotated[str, Field(min_length=1), AfterValidator(_absolute)]
Prefix = Annotated[str, Field(min_length=1), AfterValidator(_usable_prefix)]
Gpu = Annotated[str, AfterValidator(_known_gpu)]
Order = Literal["ascending", "descending", "preview_first", "as_given"]
Existing = Literal["render", "proved", "unchanged"]
Format = Literal["exr", "png"]
Formats = Annotated[tuple[Format, ...], Field(min_length=1), AfterValidator(_each_once)]
