"""The Python in docs/td-guide.md is run as it stands there, by a real service."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lrc_toolbox.queue import RenderQueue

REPOSITORY = Path(__file__).resolve().parent.parent.parent
_GUIDE = (REPOSITORY / "docs" / "td-guide.md").read_text(encoding="utf-8")
_RUNS = re.compile(r"<!-- runs -->\n```python\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the guide's reader has it: the scene, and the files it shows."""
    shutil.copy(REPOSITORY / "docs" / "examples" / "rocket.ma", tmp_path)
    for name, text in _FILE.findall(_GUIDE):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    with RenderQueue(tmp_path / "home") as queue:
        assert queue.stop_service()


def test_the_guides_python_is_all_run() -> None:
    shown = len(re.findall(r"^```python$", _GUIDE, re.MULTILINE))
    assert shown == len(_RUNS.findall(_GUIDE)) + len(_FILE.findall(_GUIDE)) > 5


def test_the_guides_script_says_what_the_guide_says(folder: Path, home: Path) -> None:
    pytest.importorskip("mitsuba", reason="the guide renders with the preview engine")
    script = folder / "guide.py"
    script.write_text("\n".join(_RUNS.findall(_GUIDE)), encoding="utf-8")
    environment = {
        **os.environ,
        "LRC_HOME": str(home),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONIOENCODING": "utf-8",
    }
    run = subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert "beauty shotCam 3 frames" in lines
    assert "rocket done 3/3" in lines
    assert "The scene has no layer 'beuty'. Did you mean \"beauty\"?" in lines
    assert sum(line.startswith("proved: ") for line in lines) == 3
    assert lines.count("['done', 'done']") == 2
    assert lines[-1] == "done"
    assert len(list((folder / "painted").rglob("*.exr"))) == 4
