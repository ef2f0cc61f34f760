"""A scene file as it was when it was read, to read more of it later.

The file is open only for a read: on Windows an open scene can't be replaced, and Maya
would fail to save. Any thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from lrc_toolbox.scenes.scene_read_error import SceneReadError


class FileState(NamedTuple):
    """What tells one state of a file from another.

    Attributes:
        path: the file.
        size: in bytes.
        changed_ns: when it was last changed.
    """

    path: str
    size: int
    changed_ns: int

    @classmethod
    def of(cls, path: str | Path) -> FileState:
        """The file's state now."""
        status = Path(path).stat()
        return cls(str(path), status.st_size, status.st_mtime_ns)

    def read(self, start: int, end: int) -> bytes:
        """A stretch of the file.

        Raises:
            SceneReadError: the file was changed or went away since it was read.
        """
        try:
            if FileState.of(self.path) != self:
                raise SceneReadError(
                    self.path,
                    "it was changed while it was read",
                    remedy="Try again when the scene is saved.",
                )
            with Path(self.path).open("rb") as stream:
                stream.seek(start)
                return stream.read(end - start)
        except OSError as error:
            reason = error.strerror or str(error)
            raise SceneReadError(
                self.path, f"cannot be read: {reason}", remedy="Check the disk."
            ) from error
