"""`lrc preflight` as people and programs meet it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import REPOSITORY, Lrc

ROCKET = REPOSITORY / "docs" / "examples" / "rocket.ma"


def test_a_truncated_scene_is_an_error_by_its_exit_code(
    lrc: Lrc, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.ma"
    cut.write_bytes(ROCKET.read_bytes()[:30_000])
    told = lrc.run("preflight", cut)
    assert (told.returncode, told.stderr) == (5, "")
    assert told.stdout.startswith(f"{cut}\n  error ")
    document = lrc.json("preflight", ROCKET, cut)
    assert document["exit_code"] == 5
    assert [scene["path"] for scene in document["scenes"]] == [str(ROCKET), str(cut)]
    codes = {each["code"] for each in document["scenes"][1]["findings"]}
    assert "file_damaged" in codes


def test_a_scene_that_cannot_be_read_does_not_keep_the_others_from_being_checked(
    lrc: Lrc, tmp_path: Path
) -> None:
    missing, garbage = tmp_path / "missing.ma", tmp_path / "garbage.mb"
    garbage.write_bytes(bytes(range(256)) * 8)
    cut = tmp_path / "cut.ma"
    cut.write_bytes(ROCKET.read_bytes()[:30_000])
    told = lrc.json("preflight", missing, ROCKET, garbage, cut)
    assert told["exit_code"] == 5
    paths = [scene["path"] for scene in told["scenes"]]
    assert paths == list(map(str, (missing, ROCKET, garbage, cut)))
    codes = [
        {finding["code"] for finding in scene["findings"]} for scene in told["scenes"]
    ]
    assert codes[0] == codes[2] == {"file_unreadable"}
    assert "file_unreadable" not in codes[1]
    assert "file_damaged" in codes[3]
    alone = lrc.here("preflight", missing)
    assert (alone.returncode, alone.stderr) == (5, "")
    assert "error" in alone.stdout


def test_warnings_count_only_where_that_is_asked(lrc: Lrc, tmp_path: Path) -> None:
    still = tmp_path / "still.ma"
    text = ROCKET.read_text("utf-8")
    still.write_text(text.replace('".an" yes', '".an" no'), "utf-8")
    levels = {
        each["level"] for each in lrc.json("preflight", still)["scenes"][0]["findings"]
    }
    assert "warning" in levels
    assert "error" not in levels
    assert lrc.here("preflight", still).returncode == 0
    assert lrc.here("preflight", still, "--strict").returncode == 5


def test_a_scene_newer_than_the_chosen_maya_is_an_error(lrc: Lrc) -> None:
    assert lrc.here("preflight", ROCKET, "--maya", "2024").returncode == 0
    told = lrc.here("preflight", ROCKET, "--maya", "2022")
    assert told.returncode == 5
    assert "2024" in told.stdout


def test_a_maya_that_is_no_year_is_refused(lrc: Lrc) -> None:
    told = lrc.here("preflight", ROCKET, "--maya", "newest")
    assert (told.returncode, told.stdout) == (2, "")
    assert "--maya" in told.stderr


def test_a_folder_that_takes_no_pictures_is_an_error(lrc: Lrc, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = lrc.here("preflight", ROCKET, "--output", tmp_path / "file")
    assert told.returncode == 5
    assert "is a file" in told.stdout
    assert lrc.here("preflight", ROCKET, "--output", tmp_path / "new").returncode == 0
