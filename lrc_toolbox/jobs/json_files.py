"""Settings kept as JSON files: read with the place of what is wrong, written whole.

Knows nothing of what the files hold. No error shows a file's text: it may be secret.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lrc_toolbox.jobs.errors import LrcError


class JsonFileError(LrcError):
    """A file cannot be read or written, or holds no JSON object.

    Attributes:
        problem: what is wrong, one sentence.
        where: the file.
    """

    def __init__(self, where: Path, problem: str, *, remedy: str = "") -> None:
        super().__init__(f"{where}: {problem}", remedy=remedy)
        self.problem = problem
        self.where = os.fspath(where)


def read_object(path: Path) -> dict[str, Any]:
    """Read the one JSON object that a file holds, without its `$schema`.

    Raises:
        FileNotFoundError: there is no such file.
        JsonFileError: it cannot be read, or holds something else.
    """
    try:
        # Windows editors put a byte order mark first.
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise
    except OSError as error:
        problem = f"The file cannot be read: {error.strerror}."
        raise JsonFileError(path, problem) from error
    except UnicodeDecodeError as error:
        problem = f"Byte {error.start + 1} is not UTF-8."
        raise JsonFileError(path, problem, remedy="Save the file as UTF-8.") from error
    given = _parsed(path, text)
    if not isinstance(given, dict):
        problem = "The file does not hold one JSON object."
        raise JsonFileError(
            path, problem, remedy="It must begin with { and end with }."
        )
    return {key: value for key, value in given.items() if key != "$schema"}


def write_object(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON object, whole or not at all; makes the folder where it is missing.

    Raises:
        JsonFileError: it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, indent=2, ensure_ascii=False)
        part.write_text(f"{text}\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        problem = f"The file cannot be written: {error.strerror}."
        raise JsonFileError(path, problem) from error


def _parsed(path: Path, text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        problem = f"This is no JSON: {error.msg} at {place}."
        raise JsonFileError(path, problem) from error
    except RecursionError as error:
        problem = "Brackets stand in brackets without end."
        raise JsonFileError(path, problem) from error
