"""`lrc preset`, and presets of `lrc submit`, in a project of their own."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from lrc_toolbox.cli.submissions import from_typed
from lrc_toolbox.jobs.submission import SubmissionError
from lrc_toolbox.presets import UnknownPresetError
from tests.cli.conftest import REPOSITORY, Lrc


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LRC_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LRC_PRESETS", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home" / "presets").mkdir(parents=True)
    return tmp_path / "home"


def put(folder: Path, name: str, **fields: object) -> None:
    (folder / "presets").mkdir(parents=True, exist_ok=True)
    (folder / "presets" / f"{name}.json").write_text(json.dumps(fields))


def test_what_was_typed_goes_over_presets_and_later_ones_over_earlier(
    home: Path,
) -> None:
    put(home, "night", priority=80, percent=50, note="night")
    put(home, "wide", resolution=[64, 36], note="wide")
    (made,) = from_typed(["a.ma"], {"priority": 5}, ["night,wide"])
    assert (made.priority, made.note, made.percent) == (5, "wide", None)
    (made,) = from_typed(["a.ma"], {"percent": 10}, ["night", "wide"])
    assert (made.percent, made.resolution) == (10, None)


def test_presets_go_over_a_job_file_but_never_over_its_scene(home: Path) -> None:
    job = {"scene": "/s/a.ma", "output_folder": "/o", "percent": 50, "priority": 10}
    Path("night.json").write_text(json.dumps(job))
    put(home, "high", priority=90, scene="/s/other.ma")
    (made,) = from_typed(["night.json"], {}, ["high"])
    assert (made.scene, made.priority, made.percent) == ("/s/a.ma", 90, 50)


def test_each_scene_sees_the_presets_of_its_own_project(home: Path) -> None:
    for show, priority in (("one", 11), ("two", 22)):
        put(Path(show) / "lrc", "night", priority=priority, output_folder="pics")
        (Path(show) / "workspace.mel").touch()
    made = from_typed(["one/a.ma", "two/a.ma"], {}, ["night"])
    assert [one.priority for one in made] == [11, 22]
    assert made[1].output_folder == str(Path("two/pics").absolute())


def test_an_unknown_preset_is_told(home: Path) -> None:
    put(home, "night")
    with pytest.raises(UnknownPresetError, match="night"):
        from_typed(["a.ma"], {}, ["nigth"])


def test_events_to_be_told_of_are_typed_by_commas_or_never(home: Path) -> None:
    put(home, "chat", notify={"webhooks": ["https://hooks.example/x"]})
    (made,) = from_typed(["a.ma"], {"notify": ["done,failed"]}, ["chat"])
    assert made.notify is not None
    assert made.notify.events == ("done", "failed")
    assert made.notify.webhooks == ("https://hooks.example/x",)
    (never,) = from_typed(["a.ma"], {"notify": ["never"]})
    assert never.notify is not None
    assert never.notify.events == ()
    with pytest.raises(SubmissionError) as refused:
        from_typed(["a.ma"], {"notify": ["dne"]})
    assert refused.value.where == "--notify"


def test_a_preset_is_kept_listed_used_and_removed(lrc: Lrc) -> None:
    saved = lrc.here("preset", "save", "half", "--percent", 50, "--out", "pics")
    assert (saved.returncode, saved.stderr) == (0, "")
    small = ("--resolution", "32x18", "--layers", "beauty,matte")
    again = lrc.here("preset", "save", "half", *small)
    assert again.returncode == 2
    assert "--replace" in again.stderr
    assert lrc.here("preset", "save", "half", *small, "--replace").stdout
    held = {"resolution": [32, 18], "layers": ["beauty", "matte"]}
    assert lrc.json("preset", "show", "half") == held
    listed = lrc.here("preset", "list").stdout
    assert "half" in listed
    assert "resolution" in listed
    [row] = lrc.json("preset", "list")["presets"]
    assert (row["name"], row["kind"], row["hidden"]) == ("half", "user", False)
    shown = lrc.json("submit", lrc.job_file, "--preset", "half", "--dry-run")
    assert shown["submissions"][0]["submission"]["resolution"] == [32, 18]
    removed = lrc.json("preset", "remove", "half")
    assert removed["removed"] == "half"
    assert not Path(removed["path"]).exists()


def test_a_preset_of_a_project_needs_a_project(lrc: Lrc) -> None:
    refused = lrc.here("preset", "save", "x", "--percent", 5, "--project", lrc.folder)
    assert refused.returncode == 2
    assert "workspace.mel" in refused.stderr
    show = lrc.folder / "show"
    (show / "scenes").mkdir(parents=True)
    (show / "workspace.mel").touch()
    argv = ("preset", "save", "x", "--percent", 5, "--project", show / "scenes")
    path = lrc.json(*argv)["path"]
    assert path == str(show / "lrc" / "presets" / "x.json")
    places = lrc.json("preset", "path", "--project", show)["places"]
    assert [place["kind"] for place in places] == ["project", "user"]
    assert lrc.here("preset", "remove", "x", "--project", show).returncode == 0


def test_what_is_wrong_is_told_by_its_option(lrc: Lrc) -> None:
    wrong = lrc.here("preset", "save", "x", "--priority", 900)
    assert wrong.returncode == 2
    assert "--priority" in wrong.stderr
    assert "No option was typed" in lrc.here("preset", "save", "x").stderr


def test_a_broken_preset_is_listed_as_such(lrc: Lrc) -> None:
    folder = lrc.home / "presets"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "broken.json").write_text("{")
    assert "This is no JSON" in lrc.here("preset", "list").stdout
    (folder / "broken.json").unlink()


def test_editors_and_programs_get_a_schema_of_presets(lrc: Lrc) -> None:
    schema = json.loads(lrc.here("schema", "preset").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"percent": 50}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"percnt": 50}, schema)
    settings = lrc.here("schema", "notifications").stdout
    assert (REPOSITORY / "docs/notifications.schema.json").read_text(
        "utf-8"
    ) == settings


def test_a_policy_is_kept_and_holds_again_when_it_is_used(lrc: Lrc) -> None:
    assert lrc.here("policy", "set", "host_cores", 3).returncode == 0
    kept = lrc.json("policy", "save", "careful")["path"]
    assert json.loads(Path(kept).read_text()) == {"host_cores": 3}
    assert lrc.here("policy", "unset", "host_cores").returncode == 0
    assert lrc.here("policy", "set", "attempts", 2).returncode == 0
    assert lrc.json("policy", "use", "careful")["settings"] == {"host_cores": 3}
    policy = json.loads((lrc.home / "policy.json").read_text())
    assert policy == {"host_cores": 3}
    assert "careful" in lrc.here("preset", "list").stdout
    unknown = lrc.here("policy", "use", "carful")
    assert unknown.returncode == 2
    assert 'Did you mean "careful"?' in unknown.stderr
    assert lrc.here("policy", "unset", "host_cores").returncode == 0
