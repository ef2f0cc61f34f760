from __future__ import annotations

from pathlib import Path

import pytest

from lrc_toolbox.scenes.aovs import aovs_with_files
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.output_names import expected_outputs, overwrites
from lrc_toolbox.scenes.render_settings import Settings
from lrc_toolbox.scenes.scene_outputs import scene_outputs
from lrc_toolbox.scenes.snapshot import (
    Aov,
    FrameNaming,
    FrameSpan,
    ImageFormat,
    LayerSnapshot,
)
from lrc_toolbox.scenes.taking import read_snapshot

THREE = FrameSpan(1, 3)
PADDED = FrameNaming(padding=4)
DIFFUSE = Aov("diffuse", "aiAOV_diffuse", "aiAOV", True)


def layer(
    name: str = "masterLayer",
    *,
    prefix: str = "",
    cameras: tuple[str, ...] = ("cam",),
    renderer: str = "mayaSoftware",
    frames: FrameSpan = THREE,
    renderable: bool = True,
) -> LayerSnapshot:
    return LayerSnapshot(
        name=name,
        node=f"rs_{name}",
        kind="render_setup",
        renderable=renderable,
        order=0,
        frames=frames,
        resolution=(960, 540),
        renderer=renderer,
        image_prefix=prefix,
        cameras=cameras,
        image_format=ImageFormat("OpenEXR", "exr", 51, "exr"),
    )


def patterns(
    *layers: LayerSnapshot, naming: FrameNaming = PADDED, aovs: tuple[Aov, ...] = ()
) -> list[str]:
    found = expected_outputs("shot", layers, lambda _: naming, aovs)
    return [each.pattern for each in found]


def test_without_a_prefix_pictures_are_called_like_the_scene() -> None:
    assert patterns(layer()) == ["shot.####.exr"]


def test_folders_appear_where_there_are_several_layers_or_cameras() -> None:
    both = layer("a", cameras=("x", "y")), layer("b", renderable=False)
    assert patterns(*both) == ["x/shot.####.exr", "y/shot.####.exr"]
    assert patterns(layer("a"), layer("b")) == ["a/shot.####.exr", "b/shot.####.exr"]
    named = "<RenderLayer>_<Camera>"
    assert patterns(
        layer("a", prefix=named, cameras=("x", "y")), layer("b", prefix=named)
    ) == ["a_x.####.exr", "a_y.####.exr", "b_cam.####.exr"]


def test_a_token_turns_mayas_folders_off_so_that_cameras_collide() -> None:
    eyes = layer("a", prefix="<RenderLayer>", cameras=("x", "y"))
    found = expected_outputs("shot", [eyes], lambda _: PADDED, ())
    assert {each.pattern for each in found} == {"a.####.exr"}
    assert [[each.camera for each in group] for group in overwrites(found)] == [
        ["x", "y"]
    ]
    assert patterns(layer("a", prefix="name", cameras=("x", "y"))) == [
        "x/name.####.exr",
        "y/name.####.exr",
    ]


@pytest.mark.parametrize(
    ("prefix", "pattern"),
    [
        ("<Scene>/<RenderLayer>/<Camera>", "shot/key/ns_cam.####.exr"),
        ("%s_%l_%c", "shot_key_ns_cam.####.exr"),
        ("<scene>.<Extension>", "shot.exr.####.exr"),
        ("<Mystery>/x", "<Mystery>/x.####.exr"),
        ("D:\\out\\x", "D:/out/x.####.exr"),
    ],
)
def test_tokens_are_said_in_every_spelling(prefix: str, pattern: str) -> None:
    assert patterns(layer("key", prefix=prefix, cameras=("grp|ns:cam",))) == [pattern]


@pytest.mark.parametrize(
    ("naming", "pattern"),
    [
        (FrameNaming(4, "_"), "shot_####.exr"),
        (FrameNaming(4, ""), "shot####.exr"),
        (FrameNaming(4, before_extension=False), "shot.exr.####"),
        (FrameNaming(4, extension=False), "shot.####"),
        (FrameNaming(4, numbered=False), "shot.exr"),
        (FrameNaming(), "shot.#.exr"),
    ],
)
def test_numbers_stand_where_the_settings_put_them(
    naming: FrameNaming, pattern: str
) -> None:
    assert patterns(layer(), naming=naming) == [pattern]


def test_frames_may_be_negative_and_have_steps() -> None:
    (found,) = expected_outputs(
        "shot", [layer(frames=FrameSpan(-4, 4, 4))], {"masterLayer": PADDED}, ()
    )
    assert list(found.paths()) == ["shot.-004.exr", "shot.0000.exr", "shot.0004.exr"]


def test_renumbered_pictures_count_from_where_the_settings_say() -> None:
    naming = FrameNaming(4, first_number=100, number_step=2)
    (found,) = expected_outputs(
        "shot", [layer(frames=FrameSpan(1, 2, 0.5))], lambda _: naming, ()
    )
    assert found.numbers == FrameSpan(100, 104, 2)
    assert list(found.paths()) == ["shot.0100.exr", "shot.0102.exr", "shot.0104.exr"]
    assert len(found) == 3


@pytest.mark.parametrize(
    ("frames", "numbers"),
    [
        (FrameSpan(1, 2, 0.5), ["0001", "0002"]),
        (FrameSpan(0.5, 2.5), ["0000", "0001", "0002"]),
        (FrameSpan(1, 2, 0.1), ["0001", "0002"]),
        (FrameSpan(1, 4, 1.5), ["0001", "0002", "0004"]),
        (FrameSpan(20, 10), []),
        (FrameSpan(1, 10, 0), []),
    ],
)
def test_names_count_whole_frames_and_every_file_once(
    frames: FrameSpan, numbers: list[str]
) -> None:
    (found,) = expected_outputs("shot", [layer(frames=frames)], lambda _: PADDED, ())
    assert list(found.paths()) == [f"shot.{number}.exr" for number in numbers]
    assert len(found) == len(numbers)


def test_arnold_keeps_aovs_apart_by_a_folder_or_by_the_token() -> None:
    assert patterns(layer(renderer="arnold"), aovs=(DIFFUSE,)) == [
        "beauty/shot.####.exr",
        "diffuse/shot.####.exr",
    ]
    named = layer(renderer="arnold", prefix="<Scene>_<RenderPass>")
    assert patterns(named, aovs=(DIFFUSE,)) == [
        "shot_beauty.####.exr",
        "shot_diffuse.####.exr",
    ]
    assert patterns(layer(), aovs=(DIFFUSE,)) == ["shot.####.exr"]


def test_vray_and_redshift_put_the_element_behind_the_name() -> None:
    element = Aov("diffuse", "vrayRE_Diffuse", "VRayRenderElement", True)
    assert patterns(layer("k", renderer="vray", prefix="<Layer>"), aovs=(element,)) == [
        "k.####.exr",
        "k.diffuse.####.exr",
    ]
    aov = Aov("Z", "rsAov_Z", "RedshiftAOV", True)
    assert patterns(layer(renderer="redshift"), aovs=(aov,))[1] == "shot.Z.####.exr"


def test_renderman_writes_what_its_template_says(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "08-renderman-2023.ma")
    settings = Settings(graph, {})
    (found,) = expected_outputs(
        "shot",
        [layer(renderer="renderman", frames=settings.frames())],
        {"masterLayer": settings.naming()},
        aovs_with_files(graph, "renderman"),
        templates={"masterLayer": settings.template()},
        tokens={"masterLayer": settings.tokens()},
    )
    assert found.aov == ""
    assert list(found.paths()) == [
        "shot_v01_t01/shot_masterLayer_cam_beauty.0537.exr",
    ]


def test_layers_that_write_the_same_files_are_found_whatever_their_case() -> None:
    found = expected_outputs(
        "shot",
        [
            layer("Key", renderer="vray", prefix="<Layer>"),
            layer("key", renderer="vray", prefix="<Layer>"),
            layer("rim", renderer="vray", prefix="<Layer>"),
        ],
        lambda _: PADDED,
        (),
    )
    assert [[each.layer for each in group] for group in overwrites(found)] == [
        ["Key", "key"]
    ]


def test_file_01_without_a_prefix_gets_mayas_names_not_the_farm_tools(
    shared: Path,
) -> None:
    # `maya_verified` has <Layer>/<Camera>/<Scene> there: Deadline's own default for an
    # empty prefix. Maya itself makes a folder per camera only where there are several.
    scene = read_snapshot(shared / "scenes" / "01-rs-layers-per-layer-overrides.ma")
    found = expected_outputs("layers", scene.layers, lambda _: FrameNaming(), ())
    assert [each.pattern.rpartition(".#")[0] for each in found] == [
        "masterLayer/persp/layers",
        "masterLayer/camera1/layers",
        "layerFrameRange1/persp/layers",
        "layerFrameRange1/camera1/layers",
        "renderSetupLayer2/camera1/layers",
        "renderSetupLayer2/camera2/layers",
        "renderSetupLayer2/camera3/layers",
        "layerDefaultFrames/layer_specific_file_prefix_",
        "renderSetupLayer4/persp/layers",
        "renderSetupLayer4/camera1/layers",
    ]


def test_a_scenes_outputs_follow_its_own_settings(shared: Path) -> None:
    folder = shared / "scenes"
    graph = read_scene(folder / "08-renderman-2023.ma")
    scene = read_snapshot(folder / "08-renderman-2023.ma")
    (found,) = scene_outputs(graph, scene.layers, {})
    stem = "08-renderman-2023"
    assert list(found.paths()) == [
        f"{stem}_v01_t01/{stem}_masterLayer_persp_beauty.0537.exr"
    ]
    path = folder / "06-rs-openpype-pal-1001.ma"
    graph, scene = read_scene(path), read_snapshot(path)
    found = scene_outputs(graph, scene.layers, {})[-1]
    assert list(found.paths()) == [f"{path.stem}/Main/Main_beauty.1001.exr"]
