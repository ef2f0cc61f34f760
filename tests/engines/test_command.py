from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.engines.command import CommandEngine
from lrc_toolbox.engines.command_template import TOKENS
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.submission import Submission, SubmissionError

GRANT = Grant(cpu_ids=(2, 3, 5))
FRAMES = FrameRange.parse("1-4")


def submission(folder: Path, **fields: Any) -> Submission:
    scene = folder / "shot.ma"
    scene.touch()
    given = {
        "scene": str(scene),
        "output_folder": str(folder / "out"),
        "engine": "command",
        "command": [sys.executable, "<scene>", "<frames>"],
        "frames": "1-4",
    }
    return Submission.model_validate({**given, **fields})


def refused(folder: Path, **fields: Any) -> SubmissionError:
    with pytest.raises(SubmissionError) as caught:
        CommandEngine().plan(submission(folder, **fields))
    assert caught.value.remedy
    return caught.value


def launched(
    folder: Path, *command: str, frames: str = "1-4", **fields: Any
) -> tuple[str, ...]:
    asked = submission(folder, command=[sys.executable, *command], **fields)
    (plan,) = CommandEngine().plan(asked)
    chunk = FrameRange.parse(frames)
    return CommandEngine().launch(asked, asked.scene, plan, chunk, GRANT).argv


# -- what is planned ------------------------------------------------------------------
def test_without_layers_and_cameras_there_is_one_task(tmp_path: Path) -> None:
    (plan,) = CommandEngine().plan(submission(tmp_path))
    assert (plan.layer, plan.camera, plan.frames) == ("masterLayer", "persp", FRAMES)
    (picture,) = plan.pictures
    expected = tmp_path / "out" / "masterLayer" / "persp" / "shot.0003.exr"
    assert picture.path(3) == str(expected)
    assert (picture.width, picture.height, picture.channels) == (0, 0, ())


def test_every_layer_and_camera_is_a_task_as_it_is_given(tmp_path: Path) -> None:
    plans = CommandEngine().plan(
        submission(
            tmp_path,
            layers=["key", "fill"],
            cameras=["left", "right"],
            command=[sys.executable, "<layer>", "<camera>"],
        )
    )
    assert [(plan.layer, plan.camera) for plan in plans] == [
        ("key", "left"),
        ("key", "right"),
        ("fill", "left"),
        ("fill", "right"),
    ]


def test_every_format_and_the_resolution_are_expected(tmp_path: Path) -> None:
    (plan,) = CommandEngine().plan(
        submission(tmp_path, formats=["exr", "png"], resolution=[640, 360])
    )
    assert [picture.pattern[-9:] for picture in plan.pictures] == [
        ".####.exr",
        ".####.png",
    ]
    assert {(one.width, one.height) for one in plan.pictures} == {(640, 360)}


def test_a_plan_holds_json_only(tmp_path: Path) -> None:
    (plan,) = CommandEngine().plan(submission(tmp_path))
    assert all(isinstance(value, str) for value in plan.settings.values())


# -- what is refused ------------------------------------------------------------------
def test_frames_must_be_given(tmp_path: Path) -> None:
    assert refused(tmp_path, frames=None).key == "frames"


def test_a_missing_scene_is_refused_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "hero_v002.ma").touch()
    error = refused(tmp_path, scene=str(tmp_path / "hero_v02.ma"))
    assert error.key == "scene"
    assert error.remedy == 'Did you mean "hero_v002.ma"?'


def test_a_folder_is_no_scene(tmp_path: Path) -> None:
    error = refused(tmp_path, scene=str(tmp_path))
    assert (error.key, error.remedy) == ("scene", "Name the scene file in it.")


@pytest.mark.parametrize("name", ["no-such-program-anywhere", "/no/such/program"])
def test_a_program_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    error = refused(tmp_path, command=[name, "<scene>"])
    assert error.key == "command"
    assert name in error.problem


def test_an_unknown_token_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, command=[sys.executable, "<outptu>"])
    assert '"<output>"' in error.remedy


@pytest.mark.parametrize(
    ("key", "names"), [("layer", ["key", "fill"]), ("camera", ["left", "right"])]
)
def test_tasks_that_would_render_the_same_are_refused(
    tmp_path: Path, key: str, names: list[str]
) -> None:
    error = refused(tmp_path, **{f"{key}s": names})
    assert f"<{key}>" in error.problem


def test_tasks_that_would_write_the_same_file_are_refused(tmp_path: Path) -> None:
    error = refused(
        tmp_path,
        layers=["key", "fill"],
        prefix="<Scene>",
        command=[sys.executable, "<layer>"],
    )
    assert error.key == "prefix"
    assert "<RenderLayer>" in error.remedy


@pytest.mark.parametrize(
    "tokens", [["<frame>"], ["<output>"], ["<start>", "<end>"], ["<start>", "<step>"]]
)
def test_several_frames_at_once_need_a_way_to_say_which(
    tmp_path: Path, tokens: list[str]
) -> None:
    error = refused(tmp_path, command=[sys.executable, *tokens], chunk_size=4)
    assert error.key == "command"
    assert "<frames>" in error.remedy


def test_percent_is_refused_because_nobody_knows_of_what(tmp_path: Path) -> None:
    assert refused(tmp_path, percent=50).key == "percent"


def test_a_size_is_refused_where_none_is_given(tmp_path: Path) -> None:
    error = refused(tmp_path, command=[sys.executable, "-x", "<width>"])
    assert error.key == "resolution"


# -- what is started ------------------------------------------------------------------
def test_every_token_gets_its_value(tmp_path: Path) -> None:
    names = [name for name in TOKENS if name != "frames"]
    argv = launched(
        tmp_path, *[f"<{name}>" for name in names], frames="3", resolution=[640, 360]
    )
    stem = tmp_path / "out" / "masterLayer" / "persp" / "shot"
    assert dict(zip(names, argv[1:], strict=True)) == {
        "scene": str(tmp_path / "shot.ma"),
        "layer": "masterLayer",
        "camera": "persp",
        "frame": "3",
        "start": "3",
        "end": "3",
        "step": "1",
        "output": f"{stem}.0003.exr",
        "output_pattern": f"{stem}.####.exr",
        "threads": "3",
        "width": "640",
        "height": "360",
    }


def test_a_chunk_is_told_as_a_list(tmp_path: Path) -> None:
    argv = launched(tmp_path, "<frames>", frames="1-4,20-30x2")
    assert argv[1:] == ("1-4,20-30x2",)


def test_a_chunk_is_told_as_start_end_and_step(tmp_path: Path) -> None:
    told = ("-s", "<start>", "-e", "<end>", "-b", "<step>")
    argv = launched(tmp_path, *told, frames="10-20x5", chunk_size=4)
    assert argv[1:] == ("-s", "10", "-e", "20", "-b", "5")


def test_frames_between_are_never_rendered_by_the_way(tmp_path: Path) -> None:
    told = ("<start>", "<end>", "<step>")
    with pytest.raises(SubmissionError, match="1-3,9"):
        launched(tmp_path, *told, frames="1-3,9", chunk_size=4)


def test_an_argument_with_blanks_and_quotes_stays_one_argument(tmp_path: Path) -> None:
    assert launched(tmp_path, "a 'b' \"c\" $HOME; *")[1:] == ("a 'b' \"c\" $HOME; *",)


def test_the_command_runs_where_and_as_it_was_submitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service is another process in another folder with another PATH."""
    tools = tmp_path / "tools"
    tools.mkdir()
    name = "render-it.bat" if os.name == "nt" else "render-it"
    tool = tools / name
    tool.write_text("#!/bin/sh\ncat beside.txt > $1\n")
    tool.chmod(0o755)
    (tmp_path / "beside.txt").write_text("rendered")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)
    asked = submission(tmp_path, command=[name, "<output>"])
    (plan,) = CommandEngine().plan(asked)

    monkeypatch.undo()
    frames = FrameRange.of([2])
    launch = CommandEngine().launch(asked, asked.scene, plan, frames, GRANT)
    assert launch.argv[0] == str(tool)
    assert Path(launch.cwd) == tmp_path
    if os.name != "nt":
        subprocess.run(launch.argv, cwd=launch.cwd, check=True, timeout=60)
        assert Path(plan.pictures[0].path(2)).read_text() == "rendered"


def test_the_pictures_folders_are_made(tmp_path: Path) -> None:
    launched(tmp_path, "<output>")
    assert (tmp_path / "out" / "masterLayer" / "persp").is_dir()


def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OSError, match="out"):
        launched(tmp_path, "<output>")


def test_its_processes_take_no_messages(tmp_path: Path) -> None:
    engine = CommandEngine()
    assert not engine.kept_open
    assert not engine.copies_scene
    asked = submission(tmp_path)
    assert engine.opening(asked, asked.scene, engine.plan(asked)[0]) == {}


def test_a_program_is_found_as_the_terminal_finds_it(tmp_path: Path) -> None:
    known = next(
        (name for name in ("sh", "cmd") if shutil.which(name) is not None), None
    )
    if known is None:
        pytest.skip("needs a program that is in PATH")
    (plan,) = CommandEngine().plan(submission(tmp_path, command=[known]))
    assert Path(str(plan.settings["program"])).is_absolute()
