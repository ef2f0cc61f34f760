"""Where a task's pictures go: from a prefix with tokens to paths with a frame number.

Shared by every engine's `plan`. Names only: nothing is read or created here, and which
tokens a prefix may have is checked by `Submission`. Runs in the client that submits.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission, SubmissionError

# Refused in file names by Windows; replaced everywhere, so that a project may move
# between systems. ":" comes from namespaces, "|" from paths in the scene.
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: devices in every
# folder, whatever the suffix.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
# ext4 takes 255 bytes, NTFS and APFS 255 characters; the frame number, the suffix and
# the temporary name need some of them.
_LONGEST_NAME = 220


def picture_patterns(
    submission: Submission, scene_stem: str, layer: str, camera: str
) -> tuple[str, ...]:
    """Say which files each frame of one task must leave behind.

    Args:
        submission: gives the output folder, the prefix and the formats.
        scene_stem: the scene's file name without its suffix, for `<Scene>`.
        layer: the layer's name, for `<RenderLayer>`.
        camera: the camera's name, for `<Camera>`.

    Returns:
        One absolute native path per format of the submission, in its order, each with
        `####` for the frame number.

    Raises:
        SubmissionError: a name becomes too long for a file.
    """
    values = {"Scene": scene_stem, "RenderLayer": layer, "Camera": camera}
    parts = []
    for part in submission.prefix.split("/"):
        for token, value in values.items():
            part = part.replace(f"<{token}>", _ILLEGAL.sub("_", value))
        parts.append(_file_name(part))
    stem = Path(submission.output_folder).joinpath(*parts)
    return tuple(f"{stem}.####.{suffix}" for suffix in submission.formats)


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
                    "prefix",
                    f"{_task(other)} and {_task(plan)} both write {picture.pattern}.",
                    remedy=_keep_apart(other, plan),
                )


def _file_name(part: str) -> str:
    """Turn one component into a name that every system accepts.

    Raises:
        SubmissionError: it is too long.
    """
    # Windows drops blanks and dots at the end of a name, silently.
    name = re.sub(r"[. ]+$", lambda end: "_" * len(end[0]), part)
    if len(name.encode(errors="surrogateescape")) > _LONGEST_NAME:
        raise SubmissionError(
            "prefix",
            f"{name[:40]}... is too long for a file name.",
            remedy=f"Keep every part of the prefix under {_LONGEST_NAME} bytes.",
        )
    return f"_{name}" if _DEVICE.match(name) else name


def _same_file(path: str) -> str:
    # Windows and macOS keep "Key" and "key" in one file as they are delivered.
    return path.casefold() if sys.platform in ("win32", "darwin") else path


def _task(plan: TaskPlan) -> str:
    return f'Layer "{plan.layer}" through camera "{plan.camera}"'


def _keep_apart(one: TaskPlan, other: TaskPlan) -> str:
    token = "<RenderLayer>" if one.layer != other.layer else "<Camera>"
    return f"Put {token} into the prefix, or rename one of the two."
