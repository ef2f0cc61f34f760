"""`lrc inspect` of a folder as people and programs meet it."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from rich.cells import cell_len
from rich.console import Console

from lrc_toolbox.cli.folder_table import FolderTable, SceneRow, scene_row
from lrc_toolbox.scenes.findings import Finding
from lrc_toolbox.scenes.inspection import Inspection, inspect, json_schema
from tests.cli.conftest import REPOSITORY, Lrc
from tests.cli.test_cli_ctrl_c import Terminal

ROCKET = REPOSITORY / "docs" / "examples" / "rocket.ma"


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """A folder with two sound scenes and one that is none."""
    folder = tmp_path / "shots"
    (folder / ".old").mkdir(parents=True)
    for name in ("b.ma", ".old/rocket.ma"):
        (folder / name).write_bytes(ROCKET.read_bytes())
    (folder / "a.mb").write_bytes(bytes(range(256)) * 8)
    return folder


def drawn(table: FolderTable, width: int) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=width, markup=False, highlight=False).print(table)
    return file.getvalue().splitlines()


def test_a_folder_is_a_row_for_each_scene(lrc: Lrc, shots: Path) -> None:
    told = lrc.here("inspect", shots)
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == str(shots)
    rows = [line.split()[0] for line in lines[2:] if line.startswith("  ")]
    assert rows[0] == "a.mb"
    assert "cannot be read" in lines[2]
    assert lines[3].startswith("    ")
    assert rows[2:] == ["b.ma", str(Path(".old", "rocket.ma"))]
    scene = next(line.split() for line in lines if line.startswith("  b.ma"))
    assert scene[1:6] == ["2024", "3/4", "1", "1-24", "arnold"]
    assert lines[-1] == "3 scenes, 1 cannot be read"


def test_json_has_a_document_for_each_scene_and_why_others_lack_one(
    lrc: Lrc, shots: Path
) -> None:
    told = lrc.json("inspect", shots)
    assert [scene["path"] for scene in told["scenes"]] == [
        str(shots / "b.ma"),
        str(shots / ".old" / "rocket.ma"),
    ]
    for scene in told["scenes"]:
        jsonschema.validate(scene, json_schema())
    (lost,) = told["unreadable"]
    assert lost["path"] == str(shots / "a.mb")
    assert lost["error"]["kind"] == "scene_read"


def test_a_folder_without_scenes_says_so(lrc: Lrc, tmp_path: Path) -> None:
    told = lrc.here("inspect", tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert f"There is no Maya scene in {tmp_path}" in told.stderr
    assert lrc.json("inspect", tmp_path)["error"]["kind"] == "no_scenes"


def test_the_worst_finding_stands_in_the_row_with_how_many_more() -> None:
    seen = inspect(ROCKET)
    findings = (
        Finding("error", "texture_missing", "A texture is missing."),
        Finding("note", "pixel_aspect", "Pixels are not square."),
    )
    path = str(Path("shots", "a.ma"))
    scene = Inspection(replace(seen.snapshot, path=path), findings, 0.0)
    lines = drawn(FolderTable("shots", [scene_row("shots", scene)]), 120)
    assert lines[2].startswith("  a.ma ")
    assert lines[2].endswith("error: texture missing +1")
    assert lines[-1] == "1 scene, 1 with errors"


@pytest.mark.parametrize("width", [60, 80, 160])
def test_rows_fit_the_terminal_and_keep_their_findings(width: int) -> None:
    facts = ("2025", "12/14", "3", "1001-1100", "mayaHardware2", "12.3 MB")
    worst = Finding("warning", "plugin_leftover", "Something.")
    long = SceneRow("shots/sh010/lighting/sh010_lighting_v012.ma", facts, 4, worst)
    lost = SceneRow("x.ma", problem="line 3: " + "very odd " * 40)
    lines = drawn(FolderTable("shots", [long, lost]), width)
    assert max(map(cell_len, lines)) <= width
    assert lines[2].endswith("warning: plugin leftover +3")


def test_names_of_files_cannot_steer_the_terminal() -> None:
    rows = [SceneRow("\x1b[2J.ma", problem="a \x1b]0;x\x07 problem")]
    text = "\n".join(drawn(FolderTable("\x1b[2J", rows), 80))
    assert "\x1b" not in text
    assert "\x07" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_sees_a_bar_that_goes_away(lrc: Lrc, shots: Path) -> None:
    terminal = Terminal(lrc, "inspect", shots)
    try:
        terminal.see(r"3/3.*rocket\.ma")
        assert terminal.code() == 0
        # The bar's line was erased before the table began.
        terminal.see(re.escape("\x1b[2K"))
        terminal.see("3 scenes")
    finally:
        terminal.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_ctrl_c_while_a_folder_is_read_ends_without_a_traceback(
    lrc: Lrc, tmp_path: Path
) -> None:
    # So many that they take longer to read than any test would wait.
    first = tmp_path / "shot0.ma"
    first.write_bytes(ROCKET.read_bytes())
    for number in range(1, 5000):
        os.link(first, tmp_path / f"shot{number}.ma")
    terminal = Terminal(lrc, "inspect", tmp_path)
    try:
        terminal.see(r"shot\d+\.ma")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.code() == 130
        assert "Traceback" not in terminal.shown
    finally:
        terminal.close()
