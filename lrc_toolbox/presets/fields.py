"""Some fields of a submission: checked without the others, and laid over each other.

`lrc schema preset` prints the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from lrc_toolbox.jobs.submission import Submission

# What a preset lacks, for the check of what it has.
_STAND_INS = {"scene": "scene.ma", "output_folder": "renders"}

# Of two that say the same thing the one on top takes the other's place.
_RIVALS = {"resolution": "percent", "percent": "resolution"}

_PATHS = ("scene", "output_folder")


def check(fields: Mapping[str, Any], where: str = "") -> None:
    """Check fields as far as they go.

    Args:
        where: the file they stand in, for the errors.

    Raises:
        SubmissionError: one of them is unknown or wrong.
    """
    whole = {**_STAND_INS, **fields}
    # The program may be in one preset, and that one is run in another.
    if fields.get("command") and "engine" not in fields:
        whole["engine"] = "command"
    if fields.get("engine") == "command" and not fields.get("command"):
        whole["command"] = ["program"]
    Submission.from_json(whole, where)


def laid_over(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Put fields over others: what is above wins, field by field.

    Of `notify` each part wins by itself.
    """
    merged = {**lower, **upper}
    for key, rival in _RIVALS.items():
        if upper.get(key) is not None and rival not in upper:
            merged.pop(rival, None)
    if upper.get("engine", "command") != "command" and "command" not in upper:
        merged.pop("command", None)
    below, above = lower.get("notify"), upper.get("notify")
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        said = {key: value for key, value in above.items() if value is not None}
        merged["notify"] = {**below, **said}
    return merged


def placed(fields: Mapping[str, Any], base: Path | None) -> dict[str, Any]:
    """Let relative paths count from a folder; None for where they are used."""
    if base is None:
        return dict(fields)
    moved = {key: str(base / fields[key]) for key in _PATHS if _relative(fields, key)}
    return {**fields, **moved}


def _relative(fields: Mapping[str, Any], key: str) -> bool:
    path = fields.get(key)
    if not isinstance(path, str) or path.startswith(("~", "/", "\\")):
        return False
    # A drive's path is absolute on the system that has drives, and stays as it is.
    return not PureWindowsPath(path).drive


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a preset: any fields of a submission."""
    schema = Submission.json_schema()
    del schema["required"]
    schema["title"] = "LRC Toolbox preset"
    schema["description"] = "Any fields of a submission, kept under a name."
    return schema
