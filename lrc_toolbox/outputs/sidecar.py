"""The sidecar: a small file beside pictures that says what they were rendered from.

`.lrc_rendered.json` in the folder of the pictures. It holds, for each sequence, what
every frame was rendered from and how its file looked then, so that a picture that
somebody replaced is noticed. It may be deleted: then nothing is known. One that is
damaged says nothing either. Any thread.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError

from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission

NAME = ".lrc_rendered.json"

#: Raised whenever more, or less, goes into a fingerprint.
_VERSION = 1
_ABOUT = "What these pictures were rendered from (LRC Toolbox). May be deleted."
#: Time stamps of some file systems are this coarse, in seconds (FAT: 2 s).
_COARSE_S = 2.0

_Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Sequence(BaseModel):
    """The pictures of one pattern.

    Attributes:
        sources: fingerprints that frames were rendered from.
        frames: of each frame the place of its fingerprint in `sources`, the time its
            file was last changed, seconds since 1970 UTC, and its size in bytes.
    """

    sources: list[str] = []
    frames: dict[int, tuple[int, _Finite, int]] = {}


class _Document(BaseModel):
    version: Literal[1] = 1
    about: str = _ABOUT
    pictures: dict[str, _Sequence] = {}


class Sidecar:
    """What is known of the pictures in one folder.

    Args:
        folder: where the pictures are.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        try:
            content = self._path.read_bytes()
            self._document = _Document.model_validate_json(content)
        except (OSError, ValidationError):
            self._document = _Document()

    def fits(self, picture: ExpectedPicture, frame: int, source: str) -> bool:
        """Say whether a picture was rendered from a source, and stayed as it was."""
        sequence = self._document.pictures.get(Path(picture.pattern).name)
        noted = sequence.frames.get(frame) if sequence is not None else None
        if sequence is None or noted is None:
            return False
        which, changed, size = noted
        if not 0 <= which < len(sequence.sources) or sequence.sources[which] != source:
            return False
        try:
            seen = Path(picture.path(frame)).stat()
        except OSError:
            return False
        return seen.st_size == size and abs(seen.st_mtime - changed) <= _COARSE_S

    def note(
        self, picture: ExpectedPicture, frame: int, seen: os.stat_result, source: str
    ) -> None:
        """Remember what a picture was rendered from.

        Args:
            picture: the sequence.
            frame: the frame's number.
            seen: its file, as it was when it was proved.
            source: the fingerprint.
        """
        name = Path(picture.pattern).name
        sequence = self._document.pictures.setdefault(name, _Sequence())
        if source not in sequence.sources:
            sequence.sources.append(source)
        which = sequence.sources.index(source)
        sequence.frames[frame] = (which, round(seen.st_mtime, 3), seen.st_size)

    def save(self) -> None:
        """Write it, whole or not at all.

        Raises:
            OSError: the folder cannot be written to.
        """
        for sequence in self._document.pictures.values():
            _drop_unused(sequence)
        part = self._path.with_name(f"{NAME}.{os.getpid()}.part")
        try:
            part.write_text(self._document.model_dump_json(), encoding="utf-8")
            part.replace(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            raise


def _drop_unused(sequence: _Sequence) -> None:
    used = sorted({which for which, _, _ in sequence.frames.values()})
    if len(used) < len(sequence.sources):
        places = {which: place for place, which in enumerate(used)}
        sequence.sources = [sequence.sources[which] for which in used]
        sequence.frames = {
            frame: (places[which], changed, size)
            for frame, (which, changed, size) in sequence.frames.items()
        }


def fingerprint(
    scene: str,
    files: Iterable[tuple[str, int, int]],
    submission: Submission,
    plan: TaskPlan,
) -> str:
    """Make a short text of all that a task's pictures are rendered from.

    Args:
        scene: the digest of the scene's content.
        files: path, size and time of change of every file that the scene names.
        submission: its settings; only those that change pixels count.
        plan: layer, camera, pictures and the engine's own settings.
    """
    pictures = [
        (Path(one.pattern).name, one.width, one.height, one.channels)
        for one in plan.pictures
    ]
    content = [
        *(_VERSION, scene, sorted(files)),
        *(submission.engine, submission.renderer, submission.command),
        *(plan.layer, plan.camera, pictures, plan.settings),
    ]
    text = json.dumps(content, sort_keys=True)
    return hashlib.blake2b(text.encode("ascii"), digest_size=16).hexdigest()
