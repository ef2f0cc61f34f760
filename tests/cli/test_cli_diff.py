"""`lrc diff` as people and programs meet it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import REPOSITORY, Lrc

ROCKET = REPOSITORY / "docs" / "examples" / "rocket.ma"


def test_a_scene_does_not_differ_from_itself(lrc: Lrc) -> None:
    told = lrc.here("diff", ROCKET, ROCKET)
    assert told == (0, "", "")
    assert lrc.json("diff", ROCKET, ROCKET) == {"differences": [], "exit_code": 0}


def test_what_changed_is_told_by_name(lrc: Lrc, tmp_path: Path) -> None:
    changed = tmp_path / "rocket.ma"
    text = ROCKET.read_text("utf-8")
    assert '".ef" 24' in text
    changed.write_text(text.replace('".ef" 24', '".ef" 48'), "utf-8")
    told = lrc.run("diff", ROCKET, changed)
    assert (told.returncode, told.stderr) == (6, "")
    assert "48" in told.stdout
    document = lrc.json("diff", ROCKET, changed)
    assert document["exit_code"] == 6
    assert any("24" in each["before"] for each in document["differences"])
