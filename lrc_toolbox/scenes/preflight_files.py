"""Preflight of what lies beside the scene: references, textures, caches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lrc_toolbox.jobs.wording import count
from lrc_toolbox.scenes.findings import Finding, found, gathered, quoted
from lrc_toolbox.scenes.snapshot import ExternalFile, FileKind, SceneSnapshot

_MISSING: tuple[tuple[FileKind, str, str], ...] = (
    ("texture", "texture_missing", "texture"),
    ("cache", "cache_missing", "cache"),
    ("other", "file_missing", "other file"),
)
#: So many missing numbers of one sequence stand in its sentence.
_SHOWN = 6


def check_references(scene: SceneSnapshot) -> Iterator[Finding]:
    """References: loaded ones are there and could be looked into."""
    loaded = [each for each in scene.references if each.loaded]
    missing = [each for each in loaded if not each.found]
    yield from _missing(
        "reference_missing",
        "reference",
        [each.path for each in missing if each.depth == 1],
    )
    yield from _missing(
        "nested_reference_missing",
        "nested reference",
        [each.path for each in missing if each.depth > 1],
    )
    for each in loaded:
        if each.found and each.problem:
            message = (
                f"Reference {quoted(each.path)} could not be looked into: "
                f"{each.problem.rstrip('.')}."
            )
            yield found("reference_unreadable", message, each.remedy, where=each.node)
    unloaded = [each.path for each in scene.references if not each.loaded]
    if unloaded:
        verb = "is" if len(unloaded) == 1 else "are"
        what = count(len(unloaded), "reference")
        message = f"{what} {verb} unloaded: {gathered(unloaded)}."
        yield found("reference_unloaded", message)


def check_files(scene: SceneSnapshot) -> Iterator[Finding]:
    """Files: each is there, with all of its tiles and frames."""
    for kind, code, noun in _MISSING:
        absent = [
            each.path
            for each in scene.files
            if each.kind == kind and not each.found and not each.missing
        ]
        yield from _missing(code, noun, absent)
    gaps = [each for each in scene.files if each.missing]
    if gaps:
        first = gaps[0]
        others = len({each.path for each in gaps}) - 1
        more = f", and {count(others, 'other file')} has gaps too" if others else ""
        more = more.replace(" has ", " have ") if others > 1 else more
        message = f"{quoted(first.path)} lacks {_numbers(first)}{more}."
        yield found("files_incomplete", message, where=first.node)


def _missing(code: str, noun: str, paths: Iterable[str]) -> Iterator[Finding]:
    """One finding for all of a sort, however many: a scene may name ten thousand."""
    unique = list(dict.fromkeys(paths))
    if unique:
        verb = "is" if len(unique) == 1 else "are"
        message = f"{count(len(unique), noun)} {verb} missing: {gathered(unique)}."
        where = unique[0] if len(unique) == 1 else ""
        yield found(code, message, where=where)


def _numbers(file: ExternalFile) -> str:
    """The first missing tiles or frames: `numbers 1003, 1004`."""
    shown = ", ".join(str(number) for number in file.missing[:_SHOWN])
    many = "number" if len(file.missing) == 1 else "numbers"
    return f"{many} {shown}{'...' if len(file.missing) > _SHOWN else ''}"
