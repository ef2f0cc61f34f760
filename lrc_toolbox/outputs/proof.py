"""The proof of a frame: its pictures are there, whole and as asked.

Says what counts as proved; `outputs.examination` looks into one file.
The service asks through `outputs.prover_client`, because decoding belongs in a process
of its own; this module itself imports neither NumPy nor OpenImageIO before `prove` is
called. Any thread.
"""

from __future__ import annotations

import importlib.util
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.pictures import ExpectedPicture, PictureLook, temporary_path

if TYPE_CHECKING:
    from lrc_toolbox.outputs.thumbnails import Thumbnail


class ProverMissingError(LrcError):
    """OpenImageIO, which proves pictures, cannot be used in this Python."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Pictures cannot be proved: {reason}.",
            remedy='Install it with: pip install "lrc-toolbox[review]"',
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found out about the pictures of one frame.

    Attributes:
        failure: why they do not count, None where the frame is proved.
        notes: what a person may want to know although it is no failure.
        picture: the first picture's path; empty where the frame is not proved.
        thumbnail: the thumbnail's path; empty where none was written.
        look: how they look in numbers; None where the frame is not proved.
    """

    failure: Failure | None = None
    notes: tuple[str, ...] = ()
    picture: str = ""
    thumbnail: str = ""
    look: PictureLook | None = None


def require_prover() -> None:
    """Make sure that pictures can be proved, without importing what does it.

    Raises:
        ProverMissingError: OpenImageIO or NumPy is not installed.
    """
    for module in ("OpenImageIO", "numpy"):
        if importlib.util.find_spec(module) is None:
            raise ProverMissingError(f"{module} is not installed")


def prove(
    pictures: Sequence[ExpectedPicture], frame: int, *, thumbnail: str | None
) -> Proof:
    """Prove one frame's pictures; each file is read once.

    Every file must be there under its final name only, decode fully (all lines or tiles
    of all parts, deep ones too), and have:

    - the asked size as its *full* size (OpenEXR's display window): a rendered region or
      overscan stores fewer or more pixels than the frame has, and is right;
    - the asked channels, whatever their order and case, in any of its parts: `R` is
      met by `r`, not by `diffuse.R`. Where a single colour is asked for, luminance
      (`Y`) meets it.

    Damage inside uncompressed pixels cannot be seen: OpenEXR keeps no checksums.

    Args:
        pictures: what the frame must leave behind; the thumbnail shows the first.
        frame: the frame's number.
        thumbnail: where to write a JPEG of at most 256 pixels, None for nowhere.

    Returns:
        The proof; a broken or missing picture is its `failure`, not an exception.

    Raises:
        ProverMissingError: OpenImageIO or NumPy cannot be imported.
    """
    try:
        from lrc_toolbox.outputs.examination import BrokenPictureError, examine
    except ImportError as error:
        raise ProverMissingError(f"OpenImageIO cannot be imported ({error})") from error
    notes: list[str] = []
    first: Thumbnail | None = None
    size_bytes = 0
    for index, picture in enumerate(pictures):
        path = picture.path(frame)
        failure = _misplaced(path)
        if failure is not None:
            return Proof(failure, tuple(notes))
        try:
            seen = examine(picture, path, draw=index == 0 and thumbnail is not None)
            size_bytes += Path(path).stat().st_size
        except BrokenPictureError as error:
            return Proof(_broken(str(error)), tuple(notes))
        except OSError as error:
            gone = f"{Path(path).name} went away while it was read: {error.strerror}"
            return Proof(_broken(gone), tuple(notes))
        notes.extend(seen.notes)
        first = first or seen.thumbnail
    written = _write(first, thumbnail, notes)
    shown = pictures[0].path(frame) if pictures else ""
    return Proof(None, tuple(notes), shown, written, _look(first, size_bytes))


def _misplaced(path: str) -> Failure | None:
    """Say what is wrong with a file before anything is decoded."""
    name = Path(path).name
    temporary = Path(temporary_path(path))
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            return _broken(f"{name} is not a file")
        if status.st_size == 0:
            return _broken(f"{name} is empty")
        with Path(path).open("rb"):
            pass
    except (FileNotFoundError, NotADirectoryError):
        hint = f"; only {temporary.name} is there" if temporary.exists() else ""
        return Failure(FailureClass.OUTPUT_MISSING, f"{path} is not there{hint}.")
    except OSError as error:
        return _broken(f"{name} cannot be read: {error.strerror}")
    if temporary.exists():
        return _broken(f"{name} is still being written as {temporary.name}")
    return None


def _broken(sentence: str) -> Failure:
    return Failure(FailureClass.OUTPUT_BROKEN, f"{sentence}.")


def _look(small: Thumbnail | None, size_bytes: int) -> PictureLook:
    if small is None:
        return PictureLook(size_bytes)
    return PictureLook(size_bytes, small.mean, small.brightest)


def _write(small: Thumbnail | None, path: str | None, notes: list[str]) -> str:
    """Write the thumbnail; where that fails the frame is proved all the same."""
    if small is None or path is None:
        return ""
    try:
        small.write(path)
    except OSError as error:
        notes.append(f"no thumbnail: {error}")
        return ""
    return path
