"""Where a task's pictures go: from a prefix with tokens to paths with a frame number.

Shared by every engine's `plan`. Names only; nothing is read or created here. Runs in
the client that submits.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterable, Mapping

from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission, SubmissionError

#: What a prefix may contain, as Maya's render settings spell it; case is ignored.
TOKENS = ("<Scene>", "<RenderLayer>", "<Camera>", "<Job>")

_TOKEN = re.compile(r"<[^<>/\\]*>")
# Refused in file names by Windows; all of them, so that a project may move between
# systems. ":" comes from namespaces, "|" from paths in the scene.
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file, read 2025-11: these
# are devices in every folder, whatever the suffix.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
_PADDING = "####"
# 255 bytes is what ext4, NTFS (UTF-16 units) and APFS take; the frame number, the
# suffix and the temporary name need some of them.
_LONGEST_NAME = 220


def picture_patterns(
    submission: Submission, scene_stem: str, layer: str, camera: str
) -> tuple[str, ...]:
    """Say which files each frame of one task must leave behind.

    Args:
        scene_stem: the scene's file name without its suffix, for `<Scene>`.
        layer: the layer's name, for `<RenderLayer>`.
        camera: the camera's name, for `<Camera>`.

    Returns:
        One absolute native path per format of the submission, in its order, each with
        `####` for the frame number.

    Raises:
        SubmissionError: the prefix is empty, leaves the output folder, has a token
            that does not exist or gives a name too long for a file.
    """
    values = {
        "<scene>": scene_stem,
        "<renderlayer>": layer,
        "<camera>": camera,
        "<job>": submission.title,
    }
    if _ABSOLUTE.match(submission.prefix):
        raise _leaves_folder(submission.prefix)
    parts = [
        _file_name(_expand(part, values))
        for part in re.split(r"[/\\]+", submission.prefix)
        if part not in ("", ".")
    ]
    if not parts:
        raise SubmissionError(
            f"The prefix {submission.prefix!r} gives no file name.",
            remedy=f"Use for example {'/'.join(TOKENS[1:3])}/{TOKENS[0]}.",
        )
    folder = os.path.abspath(os.path.expanduser(submission.output_folder))  # noqa: PTH100, PTH111 - `..` goes, links stay
    stem = os.path.join(folder, *parts)  # noqa: PTH118
    return tuple(f"{stem}.{_PADDING}.{suffix}" for suffix in submission.formats)


def require_distinct(plans: Iterable[TaskPlan]) -> None:
    """Refuse tasks that would overwrite each other's pictures.

    Raises:
        SubmissionError: two tasks write the same file; names both and the token that
            would keep them apart.
    """
    writers: dict[str, TaskPlan] = {}
    for plan in plans:
        for picture in plan.pictures:
            other = writers.setdefault(_same_file(picture.pattern), plan)
            if other is not plan:
                raise SubmissionError(
                    f"{_task(other)} and {_task(plan)} both write {picture.pattern}.",
                    remedy=_keep_apart(other, plan),
                )


def _expand(part: str, values: Mapping[str, str]) -> str:
    """Replace the tokens of one path component."""

    def value(match: re.Match[str]) -> str:
        token = match.group()
        if token.lower() not in values:
            raise SubmissionError(
                f"The prefix has an unknown token {token}.", remedy=_nearest(token)
            )
        return _ILLEGAL.sub("_", values[token.lower()])

    return _TOKEN.sub(value, part)


def _nearest(token: str) -> str:
    by_lower = {known.lower(): known for known in TOKENS}
    close = difflib.get_close_matches(token.lower(), by_lower, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {by_lower[close[0]]}?"
    return f"It may have {', '.join(TOKENS)}."


def _file_name(part: str) -> str:
    """Turn one expanded component into a name that every system accepts.

    Raises:
        SubmissionError: the component is `..` or too long.
    """
    if part == "..":
        raise _leaves_folder(part)
    name = _ILLEGAL.sub("_", part)
    # Windows drops blanks and dots at the end of a name, silently.
    name = re.sub(r"[. ]+$", lambda end: "_" * len(end.group()), name)
    if len(name.encode()) > _LONGEST_NAME:
        raise SubmissionError(
            f"The prefix gives a name too long for a file: {name[:40]}...",
            remedy=f"Keep every part of it under {_LONGEST_NAME} bytes.",
        )
    return f"_{name}" if _DEVICE.match(name) else name


def _leaves_folder(part: str) -> SubmissionError:
    return SubmissionError(
        f"The prefix leaves the output folder with {part!r}.",
        remedy="Choose another output folder instead.",
    )


def _same_file(path: str) -> str:
    # Windows and macOS keep "Key" and "key" in one file as they are delivered.
    return path.casefold() if sys.platform in ("win32", "darwin") else path


def _task(plan: TaskPlan) -> str:
    return f"Layer {plan.layer!r} through camera {plan.camera!r}"


def _keep_apart(one: TaskPlan, other: TaskPlan) -> str:
    token = TOKENS[1] if one.layer != other.layer else TOKENS[2]
    return f"Put {token} into the prefix, or rename one of the two."
