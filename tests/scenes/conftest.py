"""Small scenes, written by the tests that read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.graph import SceneGraph, read_scene

HEADER = """//Maya ASCII 2023 scene
//Name: small.ma
requires maya "2023";
currentUnit -l centimeter -a degree -t film;
"""


@pytest.fixture
def write_scene(tmp_path: Path) -> Callable[[str], Path]:
    """Write a scene with the usual header; gives its path."""

    def write(body: str, header: str = HEADER) -> Path:
        path = tmp_path / "small.ma"
        path.write_text(header + body, encoding="utf-8")
        return path

    return write


@pytest.fixture
def scene(write_scene: Callable[[str], Path]) -> Callable[[str], SceneGraph]:
    """Write a scene with the usual header and read it back."""
    return lambda body: read_scene(write_scene(body))
