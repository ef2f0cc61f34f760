from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.output_names import (
    PictureFile,
    PictureNaming,
    expected_outputs,
)
from lrc_toolbox.scenes.output_sequences import (
    FrameNaming,
    FrameSpan,
    ImageFormat,
    OutputSequence,
)
from lrc_toolbox.scenes.renderer_settings import BESIDE_PICTURE
from lrc_toolbox.scenes.scene_outputs import scene_outputs
from lrc_toolbox.scenes.snapshot import LayerSnapshot
from lrc_toolbox.scenes.taking import read_snapshot

THREE = FrameSpan(1, 3)
PADDED = FrameNaming(padding=4)
ARNOLDS = (PictureFile(word="beauty"), PictureFile("diffuse", "diffuse"))


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


def outputs(
    *layers: LayerSnapshot,
    naming: FrameNaming = PADDED,
    files: tuple[PictureFile, ...] = (PictureFile(),),
    template: str = "",
) -> tuple[OutputSequence, ...]:
    names = PictureNaming(naming, files, template=template)
    return expected_outputs("shot", layers, {layer.name: names for layer in layers})


def patterns(
    *layers: LayerSnapshot,
    naming: FrameNaming = PADDED,
    files: tuple[PictureFile, ...] = (PictureFile(),),
) -> list[str]:
    return [each.pattern for each in outputs(*layers, naming=naming, files=files)]


def test_without_a_prefix_pictures_are_called_like_the_scene() -> None:
    assert patterns(layer()) == ["shot.####.exr"]


def test_folders_appear_where_there_are_several_layers_or_cameras() -> None:
    assert patterns(layer("a", cameras=("x", "y"))) == [
        "x/shot.####.exr",
        "y/shot.####.exr",
    ]
    assert patterns(layer("a"), layer("b")) == ["a/shot.####.exr", "b/shot.####.exr"]
    named = "<RenderLayer>_<Camera>"
    assert patterns(
        layer("a", prefix=named, cameras=("x", "y")), layer("b", prefix=named)
    ) == ["a_x.####.exr", "a_y.####.exr", "b_cam.####.exr"]


def test_a_layer_that_is_off_makes_folders_too() -> None:
    assert patterns(layer("a"), layer("b", renderable=False)) == ["a/shot.####.exr"]


@pytest.mark.parametrize("renderer", ["mayaSoftware", "arnold", "redshift", "vray"])
def test_each_missing_token_becomes_a_folder_of_its_own(renderer: str) -> None:
    for prefix, name in [
        ("<Scene>", "a/x/shot"),
        ("<RenderLayer>", "x/a"),
        ("<Layer>/<camera>/n", "a/x/n"),
        ("%c/n", "a/x/n"),
    ]:
        eyes = layer("a", prefix=prefix, cameras=("x", "y"), renderer=renderer)
        assert patterns(eyes, layer("b"))[0] == f"{name}.####.exr"


@pytest.mark.parametrize("prefix", ["/out/shot", "D:/out/shot"])
def test_an_absolute_name_gets_no_folders_so_that_layers_collide(prefix: str) -> None:
    both = layer("a", prefix=prefix), layer("b", prefix=prefix)
    assert patterns(*both) == [f"{prefix}.####.exr"] * 2


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
    (found,) = outputs(layer(frames=FrameSpan(-4, 4, 4)))
    assert list(found.paths()) == ["shot.-004.exr", "shot.0000.exr", "shot.0004.exr"]


def test_renumbered_pictures_count_from_where_the_settings_say() -> None:
    naming = FrameNaming(4, first_number=100, number_step=2)
    (found,) = outputs(layer(frames=FrameSpan(1, 2, 0.5)), naming=naming)
    assert found.numbers == FrameSpan(100, 104, 2)
    assert list(found.paths()) == ["shot.0100.exr", "shot.0102.exr", "shot.0104.exr"]
    assert found.count == 3


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
    (found,) = outputs(layer(frames=frames))
    assert list(found.paths()) == [f"shot.{number}.exr" for number in numbers]
    assert found.count == len(numbers)


def test_more_frames_than_a_list_could_hold_are_counted() -> None:
    (found,) = outputs(layer(frames=FrameSpan(1, 1e22)))
    assert found.count > 10**21
    assert next(found.paths()) == "shot.0001.exr"


def test_arnold_keeps_aovs_apart_by_a_folder_or_by_the_token() -> None:
    assert patterns(layer(renderer="arnold"), files=ARNOLDS) == [
        "beauty/shot.####.exr",
        "diffuse/shot.####.exr",
    ]
    named = layer(renderer="arnold", prefix="<Scene>_<RenderPass>")
    assert patterns(named, files=ARNOLDS) == [
        "shot_beauty.####.exr",
        "shot_diffuse.####.exr",
    ]
    assert patterns(layer(renderer="arnold"), files=ARNOLDS[:1]) == ["shot.####.exr"]


@pytest.mark.parametrize(
    ("prefix", "named"),
    [
        (BESIDE_PICTURE, "key/shot.Z.####.exr"),
        ("<BeautyPath>\\<RenderPass>\\<BeautyFile>", "key/Z/shot.####.exr"),
        ("<beautypath>_<AOV>/<beautyfile>", "key/_Z/shot.####.exr"),
        ("<BeautyFile>_<RenderPass>", "shot_Z.####.exr"),
        ("aovs/<Camera>/<Scene>_<RenderLayer>_<aov>", "aovs/cam/shot_key_Z.####.exr"),
    ],
)
def test_an_aovs_own_prefix_starts_from_the_picture(prefix: str, named: str) -> None:
    files = (PictureFile(), PictureFile("Z", "Z", prefix=prefix))
    for written in ("<RenderLayer>/<Scene>", "<RenderLayer>/<Scene><AOV>"):
        key = layer("key", renderer="redshift", prefix=written)
        assert patterns(key, files=files) == ["key/shot.####.exr", named]


def test_redshifts_aovs_that_name_one_exr_are_layers_of_it() -> None:
    same = PictureFile("Z", "Z", "<BeautyPath>/<BeautyFile>")
    mattes = [PictureFile(name, name, "mattes") for name in ("Id1", "Id2")]
    files = (PictureFile(), same, *mattes)
    found = outputs(layer(renderer="redshift"), files=files)
    assert [(each.aov, each.pattern) for each in found] == [
        ("", "shot.####.exr"),
        ("Id1", "mattes.####.exr"),
    ]
    pngs = tuple(dataclasses.replace(each, extension="png") for each in files)
    assert len(outputs(layer(renderer="redshift"), files=pngs)) == 4
    assert len(outputs(layer(renderer="vray"), files=files)) == 4


def test_an_aov_may_have_another_extension_than_the_picture() -> None:
    files = (PictureFile(), PictureFile("Id", "Id", BESIDE_PICTURE, extension="tif"))
    assert patterns(layer(), files=files) == ["shot.####.exr", "shot.Id.####.tif"]


def test_a_template_holds_number_and_extension_itself() -> None:
    (found,) = outputs(
        layer("key"), template="<ws>/images/<scene>/<layer>_<aov>.<f3>.<ext>"
    )
    assert found.pattern == "shot/key_.###.exr"


def test_file_01_without_a_prefix_gets_mayas_names_not_the_farm_tools(
    shared: Path,
) -> None:
    # `maya_verified` has <Layer>/<Camera>/<Scene> there: Deadline's own default for an
    # empty prefix. Maya itself makes a folder per camera only where there are several.
    scene = read_snapshot(shared / "scenes" / "01-rs-layers-per-layer-overrides.ma")
    naming = {layer.name: PictureNaming(FrameNaming()) for layer in scene.layers}
    found = expected_outputs("layers", scene.layers, naming)
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
    (found,) = scene_outputs(graph, scene.layers, {}).listed
    stem = "08-renderman-2023"
    assert list(found.paths()) == [
        f"{stem}_v1_t1/{stem}_masterLayer_persp_beauty.0537.exr"
    ]
    path = folder / "06-rs-openpype-pal-1001.ma"
    graph, scene = read_scene(path), read_snapshot(path)
    found = scene_outputs(graph, scene.layers, {}).listed[-1]
    assert list(found.paths()) == [f"{path.stem}/Main/Main_beauty.1001.exr"]
