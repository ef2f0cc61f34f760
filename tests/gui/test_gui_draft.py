from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lrc_toolbox.gui.draft import Draft, Field, default_folder, scene_path
from lrc_toolbox.scenes.output_sequences import FrameSpan
from tests.gui.samples import layer, scene

TWO = scene(
    layer("beauty"), layer("shadow", frames=FrameSpan(1, 12), cameras=("a", "b"))
)
READY = Draft(scene=TWO, ticked=frozenset({"beauty", "shadow"}), folder="/shows/images")


def test_the_button_says_what_it_will_do_over_layers_and_cameras() -> None:
    assert READY.summary() == "Render 2 layers, 48 frames"
    assert replace(READY, frames="1,5-6").summary() == "Render 2 layers, 9 frames"


def test_a_single_layer_and_frame_are_not_plural() -> None:
    one = replace(READY, ticked=frozenset({"beauty"}), frames="7")
    assert one.summary() == "Render 1 layer, 1 frame"


def test_a_step_of_the_scene_does_not_take_in_the_end_but_a_typed_one_does() -> None:
    stepped = replace(READY, scene=scene(layer("beauty", frames=FrameSpan(1, 10, 5))))
    assert stepped.frame_count() == 2
    assert replace(stepped, frames="1-10x5").frame_count() == 3


def test_the_size_is_told_in_pixels_each_size_once() -> None:
    assert replace(READY, percent=50.0).sizes() == "960 x 540"
    mixed = scene(layer("beauty"), layer("shadow", resolution=(640, 360)))
    assert replace(READY, scene=mixed).sizes() == "1920 x 1080, 640 x 360"


def test_without_a_scene_it_only_asks_for_one() -> None:
    assert set(Draft().problems()) == {Field.SCENE, Field.FOLDER}
    assert Draft().summary() == "Render"


def test_no_ticked_layer_is_a_problem() -> None:
    assert Field.LAYERS in replace(READY, ticked=frozenset()).problems()


def test_a_ticked_layer_without_a_camera_is_named_with_the_remedy() -> None:
    blind = scene(layer("beauty", cameras=()))
    problem = replace(READY, scene=blind).problems()[Field.LAYERS]
    assert "beauty has no renderable camera" in problem
    assert "Untick it" in problem


def test_a_layer_without_a_camera_is_no_problem_while_it_is_not_ticked() -> None:
    mixed = scene(layer("beauty"), layer("blind", cameras=()))
    draft = replace(READY, scene=mixed, ticked=frozenset({"beauty"}))
    assert draft.problems() == {}


def test_wrong_frames_name_the_place_and_what_to_write() -> None:
    problem = replace(READY, frames="10-").problems()[Field.FRAMES]
    assert "at character 4" in problem
    assert '"' in problem


@pytest.mark.parametrize("frames", ["", "  ", "1001-1100", "1-10x3", "-5--1"])
def test_frames_that_can_be_read_are_no_problem(frames: str) -> None:
    assert Field.FRAMES not in replace(READY, frames=frames).problems()


def test_the_submission_names_the_ticked_layers_in_the_scenes_order() -> None:
    submission = READY.submission()
    assert submission.layers == ("beauty", "shadow")
    assert submission.frames is None
    assert submission.percent is None


def test_size_frames_and_priority_reach_the_submission() -> None:
    changed = replace(READY, percent=50.0, frames=" 1-5 ", priority=70)
    submission = changed.submission()
    assert submission.percent == 50
    assert submission.frames == "1-5"
    assert submission.priority == 70


def test_pictures_of_a_scene_in_a_project_go_to_its_images_folder(
    tmp_path: Path,
) -> None:
    (tmp_path / "workspace.mel").touch()
    inside = tmp_path / "scenes" / "lighting" / "shot.ma"
    assert default_folder(str(inside)) == str(tmp_path / "images")


def test_a_project_may_keep_its_images_elsewhere(tmp_path: Path) -> None:
    rule = 'workspace -fr "images" "out/renders";\n'
    (tmp_path / "workspace.mel").write_text(rule)
    inside = tmp_path / "scenes" / "shot.ma"
    assert default_folder(str(inside)) == str(tmp_path / "out" / "renders")


def test_pictures_of_a_scene_without_a_project_go_beside_it(tmp_path: Path) -> None:
    assert default_folder(str(tmp_path / "shot.ma")) == str(tmp_path / "renders")


@pytest.mark.parametrize("typed", ['"/a b/c.ma"', "  /a b/c.ma ", "'/a b/c.ma'"])
def test_a_pasted_path_loses_its_quotes_and_blanks(typed: str) -> None:
    assert scene_path(typed) == "/a b/c.ma"
