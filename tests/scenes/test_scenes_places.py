"""Projects, their folders, and what a written path means."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lrc_toolbox.scenes.places import (
    Places,
    below_project,
    expand_variables,
    has_drive,
    is_absolute,
    read_rules,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "show"
    for each in ("scenes/shot", "sourceimages", "tex"):
        (folder / each).mkdir(parents=True)
    (folder / "workspace.mel").write_text('workspace -fr "images" "renders";\n')
    return folder


def places_of(project: Path, **variables: str) -> Places:
    return Places(project / "scenes/shot/a.ma", environment=variables)


def test_project_is_the_nearest_folder_above_with_a_workspace(project: Path) -> None:
    (project.parent / "workspace.mel").touch()
    assert places_of(project).project == project


def test_scene_outside_a_project_uses_its_own_folder(tmp_path: Path) -> None:
    places = Places(tmp_path / "a.ma", environment={})
    if places.project is not None:
        pytest.skip("a folder above the temporary one is a Maya project")
    assert places.images_folder() == tmp_path / "images"


def test_given_project_beats_the_one_above_the_scene(tmp_path: Path) -> None:
    other = tmp_path / "other"
    places = Places(tmp_path / "a.ma", project=other, environment={})
    assert places.images_folder() == other / "images"


def test_rules_of_the_workspace_replace_the_defaults(project: Path) -> None:
    places = places_of(project)
    assert places.images_folder() == project / "renders"
    assert places.folder("sourceImages") == project / "sourceimages"


def test_garbage_in_a_workspace_is_skipped() -> None:
    text = (
        '//Maya project\nworkspace -fr "a" "b;\nworkspace -fr "images" "out";\n'
        'workspace -v;\x00\xff"" workspace -fileRule "sourceImages" "tex dir";'
    )
    assert read_rules(text)["images"] == "out"
    assert read_rules(text)["sourceImages"] == "tex dir"


def test_workspace_that_is_no_text_leaves_the_defaults(project: Path) -> None:
    (project / "workspace.mel").write_bytes(bytes(range(256)) * 50)
    assert places_of(project).images_folder() == project / "images"


@pytest.mark.parametrize(
    ("written", "expanded"),
    [
        ("$SHOW/a.tif", "S/a.tif"),
        ("${SHOW}/a.tif", "S/a.tif"),
        ("%SHOW%/a.tif", "S/a.tif"),
        ("$NOBODY/a.tif", "$NOBODY/a.tif"),
        ("~/a.tif", "H/a.tif"),
        ("a~/b.tif", "a~/b.tif"),
        ("a.%04d.tif", "a.%04d.tif"),
    ],
)
def test_variables_are_expanded_and_unknown_ones_stay(
    written: str, expanded: str
) -> None:
    assert expand_variables(written, {"SHOW": "S", "HOME": "H"}) == expanded


def test_home_on_windows_is_the_user_profile() -> None:
    assert expand_variables("~\\a", {"USERPROFILE": "C:\\U"}) == "C:\\U\\a"


@pytest.mark.parametrize("path", ["D:/x.tif", "d:\\x.tif", "D:x.tif"])
def test_drives_are_absolute_on_every_system(path: str) -> None:
    assert has_drive(path)
    assert is_absolute(path)


@pytest.mark.parametrize("path", ["/x", "//server/share/x", "\\\\server\\share\\x"])
def test_roots_and_unc_paths_are_absolute(path: str) -> None:
    assert is_absolute(path)
    assert not has_drive(path)


def test_double_slash_marks_the_end_of_the_project() -> None:
    assert below_project("C:/show//sourceimages/x.tif") == "sourceimages/x.tif"
    assert below_project("C:\\show\\\\sourceimages\\x.tif") == "sourceimages/x.tif"
    assert below_project("//server/share/x.tif") == ""
    assert below_project("//server/show//tex/x.tif") == "tex/x.tif"
    assert below_project("C:/show/x.tif") == ""


def test_marked_path_of_another_machine_is_found_below_this_project(
    project: Path,
) -> None:
    texture = project / "sourceimages/x.tif"
    texture.touch()
    found = places_of(project).resolve("Q:/gone/show//sourceimages/x.tif")
    assert Path(found) == texture


@pytest.mark.parametrize("home", [".", "sourceimages", "scenes/shot"])
def test_relative_path_is_found_below_project_rule_and_scene(
    project: Path, home: str
) -> None:
    texture = project / home / "wood/x.tif"
    texture.parent.mkdir(exist_ok=True, parents=True)
    texture.touch()
    found = places_of(project).resolve("wood\\x.tif")
    assert found
    assert Path(found).samefile(texture)


def test_project_comes_before_the_rule_and_the_scene(project: Path) -> None:
    for home in (".", "sourceimages", "scenes/shot"):
        (project / home / "x.tif").touch()
    found = places_of(project).resolve("x.tif")
    assert Path(found).samefile(project / "x.tif")


@pytest.mark.skipif(os.name == "nt", reason="drives are this system's own")
def test_drive_is_not_taken_for_a_relative_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    trap = project / "D:" / "x.tif"
    trap.parent.mkdir()
    trap.touch()
    assert places_of(project).resolve("D:/x.tif") == ""


def test_folder_is_no_file(project: Path) -> None:
    assert places_of(project).resolve("sourceimages") == ""


def test_variable_leads_to_the_file(project: Path) -> None:
    (project / "tex/x.tif").touch()
    places = places_of(project, TEX=str(project / "tex"))
    assert Path(places.resolve("$TEX/x.tif")).samefile(project / "tex/x.tif")


@pytest.mark.parametrize("path", ["", "  ", "a\0b.tif", "x" * 5000, "\udcff.tif"])
def test_impossible_paths_are_not_found(project: Path, path: str) -> None:
    assert places_of(project).resolve(path) == ""


def test_many_files_of_a_folder_cost_one_listing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(100):
        (project / f"tex/{number}.tif").touch()
    listed: list[str] = []
    scandir = os.scandir

    def listing(path: str) -> object:
        listed.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", listing)
    places = places_of(project)
    found = [places.resolve(f"tex/{number}.tif") for number in range(0, 200, 2)]
    assert sum(map(bool, found)) == 50
    assert listed.count(f"{project.as_posix()}/tex") == 1


def test_case_is_what_the_file_system_says(project: Path) -> None:
    for number in range(20):
        (project / f"tex/T{number}.tif").touch()
    places = places_of(project)
    for number in range(20):
        other = project / f"tex/t{number}.TIF"
        assert bool(places.resolve(f"tex/t{number}.TIF")) == other.exists()
