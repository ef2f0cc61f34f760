"""From what was typed to submissions. Checking them is `Submission`'s own work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lrc_toolbox.jobs.submission import Submission, SubmissionError
from lrc_toolbox.presets import Presets
from lrc_toolbox.presets.fields import laid_over

_LISTS = ("layers", "cameras", "formats", "depends_on", "frames_after")
_DEFAULT_FOLDER = "renders"
_NEVER = "never"
# Options that are not called what they set.
_OPTIONS = {
    "output_folder": "--out",
    "formats": "--format",
    "depends_on": "--after",
    "cpu_threads": "--threads",
    "chunk_size": "--chunk",
    "keep_ends": "--keep-ends",
    "stop_after": "--stop-after",
    "frame_limit_s": "--frame-limit",
    "stall_s": "--stall",
    "memory_limit_mib": "--memory-limit",
    "pause_when_odd": "--pause-when-odd",
    "frames_after": "--frames-after",
    "layers_after": "--layers-after",
}


def from_typed(
    sources: Sequence[str], options: Mapping[str, Any], presets: Sequence[str] = ()
) -> list[Submission]:
    """Make a submission of every scene or job file.

    Args:
        sources: scene files, and job files ending in `.json`.
        options: fields of `Submission` as they were typed, None or empty where
            they were not; they go over what presets say.
        presets: names of presets as they were typed, by commas or not; they go over
            what a job file says, later ones over earlier ones.

    Raises:
        SubmissionError: a job file, a preset or an option is wrong.
        UnknownPresetError: there is no such preset.
    """
    typed = fields_typed(options)
    names = _by_commas(presets)
    return [_submission(source, typed, names) for source in sources]


def fields_typed(options: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields that were typed, lists parted at their commas."""
    typed = {key: value for key, value in options.items() if _is_given(value)}
    for key in _LISTS:
        if key in typed:
            typed[key] = _by_commas(typed[key])
    if "layers_after" in typed:
        typed["layers_after"] = _layer_lists(typed["layers_after"])
    for key in ("depends_on", "frames_after"):
        if key in typed:
            typed[key] = _numbers(typed[key])
    if "resolution" in typed:
        typed["resolution"] = _sides(typed["resolution"])
    if "notify" in typed:
        events = _by_commas(typed["notify"])
        typed["notify"] = {"events": [] if events == [_NEVER] else events}
    return typed


def _submission(
    source: str, typed: Mapping[str, Any], names: Sequence[str]
) -> Submission:
    fields: dict[str, Any] = {"scene": source, "output_folder": _DEFAULT_FOLDER}
    place = ""
    if source.lower().endswith(".json"):
        fields, place = Submission.load(source).model_dump(mode="json"), source
    if names:
        saved = Presets.beside(fields["scene"]).fields(names)
        saved.pop("scene", None)  # It was named here, or stands in the job file.
        fields = laid_over(fields, saved)
    try:
        return Submission.from_json(laid_over(fields, typed))
    except SubmissionError as error:
        raise naming_options(error, typed, place) from None


def naming_options(
    error: SubmissionError, typed: Mapping[str, Any], place: str = ""
) -> SubmissionError:
    """Name the option that was typed wrong, else the job file."""
    option = _OPTIONS.get(error.key, f"--{error.key}")
    return SubmissionError(
        error.key,
        error.problem,
        remedy=error.remedy,
        where=option if error.key in typed else place,
        others=tuple(naming_options(other, typed, place) for other in error.others),
    )


def _is_given(value: object) -> bool:
    """Say whether an option was typed; typer gives a list option empty if not."""
    return value is not None and (not isinstance(value, list | tuple) or bool(value))


def _by_commas(texts: Iterable[str]) -> list[str]:
    names = (name.strip() for text in texts for name in text.split(","))
    return [name for name in names if name]


def _layer_lists(texts: Iterable[str]) -> dict[str, list[str]]:
    """Part `comp=beauty,matte`; what has no layers is left for `Submission`."""
    found: dict[str, list[str]] = {}
    for text in texts:
        layer, _, others = text.partition("=")
        found.setdefault(layer.strip(), []).extend(_by_commas([others]) or [""])
    return found


def _sides(text: str) -> list[int | str] | str:
    """Part `640x360`; what is no size is left for `Submission` to refuse."""
    sides = text.lower().split("x")
    return _numbers(sides) if len(sides) == 2 else text


def _numbers(texts: Iterable[str]) -> list[int | str]:
    """Read numbers, as they are to stand in a preset; others are left for the check."""
    return [int(text) if text.strip().isdecimal() else text for text in texts]
