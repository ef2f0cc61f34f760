"""What the queue asks of the engine: tasks from a scene, and how to start a worker."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.engines.preview.engine import DEFAULT_SAMPLES, PreviewEngine
from lrc_toolbox.engines.preview.opening import Opening
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.submission import Submission, SubmissionError

MakeScene = Callable[[], Any]


def submission(scene: Path, folder: Path, **fields: Any) -> Submission:
    return Submission(scene=str(scene), output_folder=str(folder), **fields)


@pytest.fixture
def layered(shared: Path) -> Path:
    """Five renderable layers; what each renders was verified by Maya 2023."""
    return shared / "scenes" / "01-rs-layers-per-layer-overrides.ma"


def test_every_renderable_layer_and_camera_becomes_a_task_as_maya_has_them(
    layered: Path, shared: Path, tmp_path: Path
) -> None:
    truth = json.loads((shared / "scenes" / "TRUTH.json").read_text("utf-8"))
    (verified,) = [
        file["maya_verified"] for file in truth["files"] if file["file"] == layered.name
    ]
    plans = PreviewEngine().plan(submission(layered, tmp_path))
    cameras = {layer: set(names) for layer, names in verified["cameras"].items()}
    planned: dict[str, set[str]] = {}
    for plan in plans:
        planned.setdefault(plan.layer, set()).add(plan.camera)
        assert str(plan.frames) == verified["frames"][plan.layer]
        (picture,) = plan.pictures
        large = plan.layer == "renderSetupLayer4"
        size = (1920, 1080) if large else (960, 540)
        assert (picture.width, picture.height) == size
        assert picture.channels == ("R", "G", "B", "A")
        name = f"{plan.layer}/{plan.camera}/{layered.stem}.0003.exr"
        assert Path(picture.path(3)) == tmp_path / name
        assert plan.settings == {"samples": DEFAULT_SAMPLES}
    assert planned == cameras


def test_what_a_submission_names_goes_before_what_the_scene_says(
    layered: Path, tmp_path: Path
) -> None:
    (plan,) = PreviewEngine().plan(
        submission(
            layered,
            tmp_path,
            layers=("rs_notRenderableLayer",),
            cameras=("cameraShape3",),
            frames="1-9x4",
            resolution=(320, 200),
            formats=("png", "exr"),
            samples=3,
            prefix="<Camera>",
        )
    )
    assert (plan.layer, plan.camera) == ("notRenderableLayer", "camera3")
    assert list(plan.frames) == [1, 5, 9]
    png, exr = plan.pictures
    assert (png.width, png.height, png.channels) == (320, 200, ("R", "G", "B"))
    assert Path(exr.pattern) == tmp_path / "camera3.####.exr"
    assert plan.settings == {"samples": 3}


def test_percent_scales_each_layers_own_resolution(
    layered: Path, tmp_path: Path
) -> None:
    plans = PreviewEngine().plan(submission(layered, tmp_path, percent=50))
    sizes = {plan.layer: plan.pictures[0].width for plan in plans}
    assert sizes["renderSetupLayer4"] == 960
    assert sizes["masterLayer"] == 480


def test_a_layer_named_twice_is_rendered_once(layered: Path, tmp_path: Path) -> None:
    plans = PreviewEngine().plan(
        submission(
            layered,
            tmp_path,
            layers=("layerFrameRange1", "rs_layerFrameRange1"),
            cameras=("persp",),
        )
    )
    assert len(plans) == 1


@pytest.mark.parametrize(
    ("fields", "key", "near"),
    [
        ({"layers": ("masterLayr",)}, "layers", '"masterLayer"'),
        ({"cameras": ("camra1",)}, "cameras", '"camera1"'),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(
    fields: dict[str, Any], key: str, near: str, layered: Path, tmp_path: Path
) -> None:
    with pytest.raises(SubmissionError, match=near) as caught:
        PreviewEngine().plan(submission(layered, tmp_path, **fields))
    assert caught.value.key == key


def test_tasks_that_would_write_the_same_file_are_refused(
    layered: Path, tmp_path: Path
) -> None:
    with pytest.raises(SubmissionError, match="<RenderLayer>"):
        PreviewEngine().plan(submission(layered, tmp_path, prefix="<Camera>/<Scene>"))


def test_a_scene_without_a_renderable_camera_says_which_there_are(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    # The last node of the usual scene is its camera.
    path = maya_scene().set(".rnd no").save(tmp_path / "none.ma")
    with pytest.raises(SubmissionError, match="no renderable camera") as caught:
        PreviewEngine().plan(submission(path, tmp_path))
    assert caught.value.key == "cameras"
    assert "cam" in caught.value.remedy


def test_a_scene_without_a_renderable_layer_says_which_there_are(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    scene = maya_scene().node("renderLayerManager", "renderLayerManager")
    scene.node("renderLayer", "defaultRenderLayer", ".g yes", ".rndr no")
    scene.connect("renderLayerManager.rlmi[0]", "defaultRenderLayer.rlid")
    path = scene.save(tmp_path / "none.ma")
    with pytest.raises(SubmissionError, match="no renderable layer") as caught:
        PreviewEngine().plan(submission(path, tmp_path))
    assert "masterLayer" in caught.value.remedy


def test_frames_of_the_scene_that_are_none_are_told_with_their_layer(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    scene = maya_scene().select("defaultRenderGlobals", ".an yes", ".ef 1e300")
    path = scene.save(tmp_path / "odd.ma")
    with pytest.raises(SubmissionError, match="masterLayer") as caught:
        PreviewEngine().plan(submission(path, tmp_path))
    assert caught.value.key == "frames"


def test_a_scene_that_cannot_be_read_is_the_submissions_error(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError) as caught:
        PreviewEngine().plan(submission(tmp_path / "absent.ma", tmp_path))
    assert caught.value.key == "scene"
    assert "absent.ma" in str(caught.value)


def test_a_worker_is_started_with_its_grant_and_sees_no_other_gpu(
    layered: Path, tmp_path: Path
) -> None:
    engine = PreviewEngine()
    asked = submission(layered, tmp_path)
    plan, *_ = engine.plan(asked)
    launch = engine.launch(asked, "copy.ma", plan, plan.frames, Grant((2, 5)))
    assert launch.argv[0] == sys.executable
    assert launch.argv[-2:] == ("--cpus", "2,5")
    assert launch.environment["CUDA_VISIBLE_DEVICES"] == ""
    granted = Grant((0,), gpu_uuid="GPU-1234")
    launch = engine.launch(asked, "copy.ma", plan, plan.frames, granted)
    assert launch.argv[-2:] == ("--gpu", "GPU-1234")
    assert launch.environment["CUDA_VISIBLE_DEVICES"] == "GPU-1234"
    assert launch.environment["CUDA_DEVICE_ORDER"] == "PCI_BUS_ID"


def test_the_opening_survives_its_way_to_the_worker(
    layered: Path, tmp_path: Path
) -> None:
    engine = PreviewEngine()
    asked = submission(layered, tmp_path, samples=5)
    plan, *_ = engine.plan(asked)
    message = json.loads(json.dumps(engine.opening(asked, "copy.ma", plan)))
    assert Opening.read(message) == Opening(
        scene="copy.ma",
        textures_beside=str(layered),
        layer=plan.layer,
        camera=plan.camera,
        width=960,
        height=540,
        samples=5,
    )


def test_planning_loads_nothing_that_a_panel_must_not_load(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    scene = maya_scene().save(tmp_path / "small.ma")
    program = (
        "import sys\n"
        "from lrc_toolbox.engines.preview.engine import PreviewEngine\n"
        "from lrc_toolbox.jobs.submission import Submission\n"
        f"asked = Submission(scene={str(scene)!r}, output_folder={str(tmp_path)!r})\n"
        "assert len(PreviewEngine().plan(asked)) == 1\n"
        "print(*({'numpy', 'mitsuba', 'drjit', 'OpenImageIO'} & set(sys.modules)))"
    )
    child = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert child.stdout.split() == []
