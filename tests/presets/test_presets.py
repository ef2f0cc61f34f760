"""Presets, from real files in a project, a studio's folders and the user's own."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.policy import Policy, PolicyError
from lrc_toolbox.jobs.submission import SubmissionError
from lrc_toolbox.presets import (
    Place,
    PresetError,
    PresetExistsError,
    PresetNameError,
    Presets,
    UnknownPresetError,
)
from lrc_toolbox.presets.places import all_places, project_place, user_place
from lrc_toolbox.presets.presets import remove_preset, save_policy, save_preset
from lrc_toolbox.running.home import Home


class House:
    """A project with a scene, a studio's folder and a user's."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "show"
        self.scene = self.project / "scenes" / "sh010" / "houses.ma"
        self.scene.parent.mkdir(parents=True)
        self.scene.write_text("//Maya ASCII 2024 scene\n")
        (self.project / "workspace.mel").write_text("")
        self.studio = folder / "studio"
        self.user = folder / "home"

    def put(
        self, folder: Path, name: str, content: object, shelf: str = "presets"
    ) -> Path:
        path = folder / shelf / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def own(self) -> Path:
        return self.project / "lrc"

    @property
    def presets(self) -> Presets:
        return Presets.beside(self.scene, self.user)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    house = House(tmp_path)
    monkeypatch.setenv("LRC_PRESETS", str(house.studio))
    monkeypatch.chdir(tmp_path)
    return house


def test_the_projects_preset_counts_before_the_studios_and_the_users(
    house: House,
) -> None:
    places = ((house.user, 10), (house.studio, 20), (house.own, 30))
    for folder, priority in places:
        house.put(folder, "night", {"priority": priority})
        assert house.presets.fields(["night"]) == {"priority": priority}
    assert Presets.beside(None, house.user).fields(["night"]) == {"priority": 20}


def test_hidden_presets_are_listed_as_such(house: House) -> None:
    house.put(house.user, "night", {})
    house.put(house.own, "night", {})
    house.put(house.studio, "Dailies", {})
    (house.own / "presets" / ".night.json.1.part").write_text("")
    (house.own / "presets" / "notes.txt").write_text("")
    listed = [(p.name, p.place.kind, p.hidden) for p in house.presets.found()]
    assert listed == [
        ("Dailies", "studio", False),
        ("night", "project", False),
        ("night", "user", True),
    ]


def test_a_studio_may_have_several_folders_the_first_one_counts(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show, all_shows = tmp_path / "a", tmp_path / "b"
    folders = os.pathsep.join([str(show), "", f" {all_shows} ", str(tmp_path / "no")])
    monkeypatch.setenv("LRC_PRESETS", folders)
    house.put(all_shows, "night", {"priority": 1})
    assert house.presets.fields(["night"]) == {"priority": 1}
    house.put(show, "night", {"priority": 2})
    assert house.presets.fields(["night"]) == {"priority": 2}


def test_the_project_is_the_nearest_one_above_the_scene(house: House) -> None:
    inner = house.scene.parent
    (inner / "workspace.mel").write_text("")
    assert project_place(house.scene) == Place("project", inner / "lrc")
    assert project_place(inner) == Place("project", inner / "lrc")
    assert project_place(inner.parent / "later.ma") == Place("project", house.own)
    assert project_place(house.project.parent) is None
    kinds = [place.kind for place in all_places(house.scene, Home.of(house.user))]
    assert kinds == ["project", "studio", "user"]


def test_later_presets_go_over_earlier_ones_and_fields_over_all(house: House) -> None:
    house.put(house.user, "night", {"priority": 80, "percent": 50, "note": "n"})
    house.put(house.user, "wide", {"resolution": [64, 36], "note": "w"})
    made = house.presets.submission(
        "night", "wide", scene=str(house.scene), output_folder="/o", note="typed"
    )
    assert (made.priority, made.note) == (80, "typed")
    assert (made.percent, made.resolution) == (None, (64, 36))
    other_way = house.presets.fields(["wide", "night"])
    assert "resolution" not in other_way


def test_of_notify_each_part_counts_by_itself(house: House) -> None:
    address = "https://hooks.example/x"
    house.put(house.user, "chat", {"notify": {"webhooks": [address]}})
    house.put(house.user, "quiet", {"notify": {"events": ["failed"], "webhooks": None}})
    notify = house.presets.fields(["chat", "quiet"])["notify"]
    assert notify == {"webhooks": [address], "events": ["failed"]}


def test_a_command_may_be_in_another_preset_than_its_engine(house: House) -> None:
    house.put(house.user, "any", {"engine": "command"})
    house.put(house.user, "blender", {"command": ["blender", "<scene>"]})
    made = house.presets.submission(
        "any", "blender", scene="/s/a.blend", output_folder="/o"
    )
    assert made.command == ("blender", "<scene>")
    plain = house.presets.submission(
        "any", "blender", scene="/s/a.ma", output_folder="/o", engine="preview"
    )
    assert plain.command == ()


def test_a_relative_folder_of_a_project_counts_from_the_project(
    house: House, tmp_path: Path
) -> None:
    for folder in (house.own, house.user):
        house.put(folder, folder.name, {"output_folder": "images/night"})
    at = house.presets.submission("lrc", scene="/s/a.ma").output_folder
    assert at == str(house.project / "images/night")
    at = house.presets.submission("home", scene="/s/a.ma").output_folder
    assert at == str(tmp_path / "images/night")
    for path in ("/renders", "P:/renders", "~/renders", "\\\\server\\renders"):
        house.put(house.own, "far", {"output_folder": path})
        assert house.presets.fields(["far"]) == {"output_folder": path}


def test_an_unknown_preset_names_the_nearest(house: House) -> None:
    house.put(house.studio, "night_final", {})
    with pytest.raises(UnknownPresetError) as unknown:
        house.presets.fields(["nightfinal"])
    assert 'There is no preset "nightfinal".' in str(unknown.value)
    assert 'Did you mean "night_final"?' in unknown.value.remedy


def test_where_there_is_none_the_places_are_named(house: House) -> None:
    with pytest.raises(UnknownPresetError) as unknown:
        house.presets.fields(["night"])
    for folder in (house.own, house.studio, house.user):
        assert str(folder / "presets") in unknown.value.remedy


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        ({"prioritt": 1}, SubmissionError, 'Did you mean "priority"?'),
        ({"priority": 101}, SubmissionError, "from 0 to 100"),
        ({"percent": 5, "resolution": [1, 1]}, SubmissionError, "Leave one out"),
        ({"frames": "1-"}, SubmissionError, 'Frames "1-"'),
        ({"notify": {"events": ["dne"]}}, SubmissionError, '"dne"'),
        ("{", PresetError, "line 1, column 2"),
        ("[]", PresetError, "one JSON object"),
    ],
)
def test_a_wrong_file_is_told_with_its_path_and_the_remedy(
    house: House, content: object, kind: type[Exception], told: str
) -> None:
    path = house.put(house.studio, "night", content)
    with pytest.raises(kind) as wrong:
        house.presets.fields(["night"])
    assert str(path) in str(wrong.value)
    assert told in str(wrong.value)


def test_what_is_kept_is_found_and_can_be_removed(house: House) -> None:
    place = user_place(Home.of(house.user))
    fields: dict[str, Any] = {"percent": 50, "output_folder": "renders"}
    path = save_preset(place, "nächtlich final", fields)
    assert json.loads(path.read_text("utf-8")) == fields
    assert house.presets.fields(["nächtlich final"]) == fields
    with pytest.raises(PresetExistsError, match="already"):
        save_preset(place, "nächtlich final", {})
    save_preset(place, "nächtlich final", {}, replace=True)
    assert house.presets.fields(["nächtlich final"]) == {}
    assert remove_preset(place, "nächtlich final") == path
    with pytest.raises(UnknownPresetError):
        remove_preset(place, "nächtlich final")


def test_what_is_wrong_is_not_kept(house: House) -> None:
    place = user_place(Home.of(house.user))
    with pytest.raises(SubmissionError):
        save_preset(place, "night", {"priority": 900})
    assert house.presets.found() == []


@pytest.mark.parametrize(
    "name",
    [
        *("", "../up", "a/b", "a\\b", ".hidden", "dot.", "blank ", "con", "NUL.x"),
        *("a:b", "-x", "x" * 101, "a\nb"),
    ],
)
def test_a_name_that_no_file_can_have_everywhere_is_refused(
    house: House, name: str
) -> None:
    with pytest.raises(PresetNameError):
        save_preset(user_place(Home.of(house.user)), name, {})
    with pytest.raises(PresetNameError):
        house.presets.find(name)


@pytest.mark.skipif(os.name == "nt", reason="rights are told otherwise there")
def test_a_folder_that_takes_no_file_is_told(house: House) -> None:
    house.user.parent.mkdir(exist_ok=True)
    house.user.write_text("a file where the folder should be")
    with pytest.raises(PresetError, match="cannot be written"):
        save_preset(user_place(Home.of(house.user)), "night", {})


def test_a_policy_is_kept_found_and_made_the_one_that_holds(house: House) -> None:
    own = Place("project", house.own)
    path = save_policy(own, "generous", Policy(attempts=8, host_cores=1))
    assert json.loads(path.read_text()) == {"attempts": 8, "host_cores": 1}
    assert [p.name for p in house.presets.found("policies")] == ["generous"]
    assert house.presets.policy("generous").attempts == 8
    used = house.presets.use_policy("generous", house.user)
    assert Policy.load(Home.of(house.user).policy_file) == used
    with pytest.raises(UnknownPresetError, match=r'no policy "generos".*"generous"'):
        house.presets.use_policy("generos", house.user)


def test_a_wrong_policy_is_told_with_its_path_and_changes_nothing(house: House) -> None:
    Policy(attempts=2).save(_made(Home.of(house.user)).policy_file)
    path = house.put(house.studio, "bad", {"atempts": 3}, "policies")
    with pytest.raises(PolicyError) as wrong:
        house.presets.use_policy("bad", house.user)
    assert str(path) in str(wrong.value)
    assert 'Did you mean "attempts"?' in str(wrong.value)
    assert Policy.load(Home.of(house.user).policy_file).attempts == 2


def _made(home: Home) -> Home:
    home.create()
    return home
