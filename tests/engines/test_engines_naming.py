from __future__ import annotations

from pathlib import Path

import pytest

from lrc_toolbox.engines.naming import picture_patterns, require_distinct
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.pictures import ExpectedPicture, temporary_path
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission, SubmissionError


def submission(folder: Path, **fields: object) -> Submission:
    return Submission.model_validate(
        {"scene": str(folder / "shot.ma"), "output_folder": str(folder), **fields}
    )


def plan(layer: str, camera: str, *patterns: str) -> TaskPlan:
    pictures = tuple(ExpectedPicture(pattern, 0, 0) for pattern in patterns)
    return TaskPlan(layer, camera, FrameRange.of([1]), pictures)


def test_every_format_gets_a_pattern_below_the_output_folder(tmp_path: Path) -> None:
    asked = submission(tmp_path, formats=["exr", "png"])
    stem = tmp_path / "key" / "persp" / "shot"
    assert picture_patterns(asked, "shot", "key", "persp") == (
        f"{stem}.####.exr",
        f"{stem}.####.png",
    )


def test_namespaces_and_dag_paths_become_legal_names(tmp_path: Path) -> None:
    asked = submission(tmp_path, prefix="<Camera>/<RenderLayer>")
    (pattern,) = picture_patterns(asked, "shot", 'a<b>?*"', "rig:cam|camShape")
    assert pattern == str(tmp_path / "rig_cam_camShape" / "a_b____.####.exr")


def test_a_value_that_looks_like_a_token_is_not_expanded(tmp_path: Path) -> None:
    asked = submission(tmp_path, prefix="<Scene>")
    (pattern,) = picture_patterns(asked, "<Camera>", "key", "persp")
    assert pattern == str(tmp_path / "_Camera_.####.exr")


@pytest.mark.parametrize(
    ("layer", "name"),
    [("aux", "_aux"), ("COM1.x", "_COM1.x"), ("key. .", "key___"), ("..", "__")],
)
def test_names_that_windows_refuses_are_changed(
    tmp_path: Path, layer: str, name: str
) -> None:
    asked = submission(tmp_path, prefix="<RenderLayer>/p")
    (pattern,) = picture_patterns(asked, "shot", layer, "persp")
    assert pattern == str(tmp_path / name / "p.####.exr")


def test_a_name_too_long_for_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="too long") as caught:
        picture_patterns(submission(tmp_path), "shot", "ä" * 111, "persp")
    assert caught.value.key == "prefix"


def test_the_longest_allowed_name_fits_its_temporary_file(tmp_path: Path) -> None:
    asked = submission(tmp_path, prefix="<Scene>")
    (pattern,) = picture_patterns(asked, "ä" * 110, "key", "persp")
    path = ExpectedPicture(pattern, 0, 0).path(-1234567)
    Path(temporary_path(path)).write_bytes(b"")
    Path(temporary_path(path)).replace(path)


def test_two_cameras_in_one_file_are_refused_with_the_token_to_add() -> None:
    first, second = (
        plan("key", "left", "/r/a.####.exr"),
        plan("key", "right", "/r/b.####.exr", "/r/a.####.exr"),
    )
    with pytest.raises(SubmissionError) as caught:
        require_distinct([first, second])
    assert '"left"' in str(caught.value)
    assert '"right"' in str(caught.value)
    assert "/r/a.####.exr" in str(caught.value)
    assert "<Camera>" in caught.value.remedy


def test_two_layers_in_one_file_are_refused_with_the_token_to_add() -> None:
    plans = [
        plan("key", "persp", "/r/a.####.exr"),
        plan("fill", "persp", "/r/a.####.exr"),
    ]
    with pytest.raises(SubmissionError) as caught:
        require_distinct(plans)
    assert "<RenderLayer>" in caught.value.remedy


def test_tasks_with_files_of_their_own_are_accepted() -> None:
    require_distinct(
        [plan("key", "persp", "/r/a.####.exr"), plan("key", "top", "/r/b.exr")]
    )
