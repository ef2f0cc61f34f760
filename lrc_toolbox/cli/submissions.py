"""From what was typed to submissions. Checking them is `Submission`'s own work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lrc_toolbox.jobs.submission import Submission

_LISTS = ("layers", "cameras", "formats", "depends_on")
_DEFAULT_FOLDER = "renders"


def from_typed(sources: Sequence[str], options: Mapping[str, Any]) -> list[Submission]:
    """Make a submission of every scene or job file.

    Args:
        sources: scene files, and job files ending in `.json`.
        options: fields of `Submission` as they were typed, None or empty where
            they were not; they go over what a job file says.

    Raises:
        SubmissionError: a job file or an option is wrong.
    """
    typed = {key: value for key, value in options.items() if _is_given(value)}
    for key in _LISTS:
        if key in typed:
            typed[key] = _by_commas(typed[key])
    if "resolution" in typed:
        typed["resolution"] = _sides(typed["resolution"])
    return [_submission(source, typed) for source in sources]


def _submission(source: str, typed: Mapping[str, Any]) -> Submission:
    if not source.lower().endswith(".json"):
        scene = {"scene": source, "output_folder": _DEFAULT_FOLDER}
        return Submission.from_json({**scene, **typed})
    if not typed:
        return Submission.load(source)
    asked = Submission.load(source).model_dump(mode="json")
    # The two say the same thing, so a typed one takes the other's place.
    for key, other in (("resolution", "percent"), ("percent", "resolution")):
        if key in typed and other not in typed:
            asked[other] = None
    return Submission.from_json({**asked, **typed}, where=source)


def _is_given(value: object) -> bool:
    """Say whether an option was typed; typer gives a list option empty if not."""
    return value is not None and (not isinstance(value, list | tuple) or bool(value))


def _by_commas(texts: Iterable[str]) -> list[str]:
    names = (name.strip() for text in texts for name in text.split(","))
    return [name for name in names if name]


def _sides(text: str) -> list[str] | str:
    """Part `640x360`; what is no size is left for `Submission` to refuse."""
    sides = text.lower().split("x")
    return sides if len(sides) == 2 else text
