from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.scenes.difference import differences
from lrc_toolbox.scenes.output_sequences import FrameNaming, FrameSpan, ImageFormat
from lrc_toolbox.scenes.snapshot import (
    Aov,
    CameraSnapshot,
    ExternalFile,
    LayerSnapshot,
    Plugin,
    ReferenceSnapshot,
    RenderScript,
    SceneSnapshot,
    ScriptNode,
    Timeline,
    Units,
)
from lrc_toolbox.scenes.taking import read_snapshot
from tests.scenes.sound_scenes import layer, sound

SET = ReferenceSnapshot("set.ma", "setRN", "set", "", "mayaAscii", True, 1, "set.ma")
WOOD = ExternalFile("file1", "fileTextureName", "wood.png", "texture", True)
DEPTH = Aov("depth", "aiAOV_depth", "aiAOV", enabled=True)
RIG = ScriptNode("rig", 1, "mel", 10, 0, runs=True)


def sentences(one: SceneSnapshot, other: SceneSnapshot) -> list[str]:
    return [each.sentence for each in differences(one, other)]


def test_a_scene_is_equal_to_itself() -> None:
    assert differences(sound(), sound()) == ()


def test_where_and_when_a_scene_was_saved_is_no_difference() -> None:
    other = sound(path="b.mb", size=9, current_time=44.0, connections=3)
    assert differences(sound(), other) == ()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"maya_version": "2025"}, "The scene: Maya version 2024 became 2025."),
        (
            {"timeline": Timeline(1, 50, 1, 60)},
            "The scene: timeline 1-100 became 1-50.",
        ),
        ({"timeline": None}, "The scene: timeline 1-100 became none."),
        ({"fps": 25.0}, "The scene: frames per second 24 became 25."),
        (
            {"units": Units("m", "deg", "film")},
            "The scene: units cm, deg, film became m, deg, film.",
        ),
        ({"pixel_aspect": 2.0}, "The scene: pixel aspect 1 became 2."),
        (
            {"naming": FrameNaming(padding=4)},
            "The scene: frame numbers in names name.#.ext became name.####.ext.",
        ),
        (
            {"naming": FrameNaming(first_number=100)},
            "The scene: frame numbers in names name.#.ext became name.#.ext, "
            "numbered anew from 100 by 1.",
        ),
        ({"damage": "cut"}, "The scene: damage none became cut."),
        ({"animation": False}, "The scene is no longer animated."),
    ],
)
def test_a_setting_of_the_scene_is_told(changes: dict[str, Any], sentence: str) -> None:
    assert sentences(sound(), sound(**changes)) == [sentence]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("frames", FrameSpan(1, 200), "The scene: frames 1-100 became 1-200."),
        ("renderer", "vray", "The scene: renderer arnold became vray."),
        (
            "resolution",
            (960, 540),
            "The scene: resolution 1920 x 1080 became 960 x 540.",
        ),
        (
            "image_format",
            ImageFormat("PNG", "png"),
            "The scene: image format OpenEXR (.exr) became PNG (.png).",
        ),
        ("image_prefix", "<Scene>", "The scene: file name prefix none became <Scene>."),
    ],
)
def test_a_layer_that_follows_the_scene_is_not_told_again(
    field: str, value: Any, sentence: str
) -> None:
    before = sound(image_format=layer().image_format)
    follows = tuple(dataclasses.replace(x, **{field: value}) for x in before.layers)
    after = dataclasses.replace(before, layers=follows, **{field: value})
    assert sentences(before, after) == [sentence]


def test_a_layer_with_frames_of_its_own_is_told() -> None:
    own = layer(frames=FrameSpan(1, 20), overridden=("frames",))
    (frames, overrides) = differences(sound(layers=(layer(),)), sound(layers=(own,)))
    assert frames.to_json() == {
        "area": "layer",
        "name": "beauty",
        "before": "1-100",
        "after": "1-20",
        "sentence": 'Layer "beauty": frames 1-100 became 1-20.',
    }
    assert overrides.sentence == 'Layer "beauty": overrides none became frames.'


def test_a_camera_is_told_once_and_not_for_every_layer_that_follows() -> None:
    def scene(*names: str) -> SceneSnapshot:
        cameras = tuple(
            CameraSnapshot(each, f"{each}Shape", each in names, False, False)
            for each in ("left", "right")
        )
        layers = tuple(layer(one, cameras=names) for one in ("a", "b"))
        return sound(cameras=cameras, layers=layers)

    assert sentences(scene("left"), scene("left", "right")) == [
        'Camera "right" is now renderable.'
    ]


def test_a_script_of_the_render_settings_is_told_by_its_first_line() -> None:
    def scene(code: str) -> SceneSnapshot:
        held = RenderScript("redshiftOptions", "preRenderMel", "", "", "mel", 3, code)
        return sound(render_scripts=(held,))

    assert sentences(scene("go;"), scene("no;")) == [
        'Script "redshiftOptions.preRenderMel": first line go; became no;.'
    ]


def test_layers_come_go_and_get_other_names() -> None:
    def scene(*layers: LayerSnapshot) -> SceneSnapshot:
        return sound(layers=layers)

    assert sentences(scene(layer(), layer("fx")), scene(layer())) == [
        'Layer "fx" was removed.'
    ]
    assert sentences(scene(layer()), scene(layer(), layer("fx"))) == [
        'Layer "fx" was added.'
    ]
    renamed = layer(name="hero", node="rs_beauty")
    (change,) = differences(scene(layer()), scene(dataclasses.replace(renamed)))
    assert (change.before, change.after) == ("beauty", "hero")
    assert change.sentence == 'Layer "beauty" is now called "hero".'


def test_a_layer_keeps_its_name_when_its_node_gets_another() -> None:
    again = layer(node="rs_beauty1", renderable=False)
    assert sentences(sound(layers=(layer(),)), sound(layers=(again,))) == [
        'Layer "beauty" is no longer renderable.'
    ]


@pytest.mark.parametrize(
    ("field", "item", "title"),
    [
        ("aovs", DEPTH, 'AOV "depth"'),
        ("references", SET, 'Reference "setRN"'),
        ("files", WOOD, 'File "file1.fileTextureName"'),
        ("plugins", Plugin("AbcImport", "1.0"), 'Plug-in "AbcImport"'),
        ("script_nodes", RIG, 'Script "rig"'),
        ("cameras", CameraSnapshot("c", "cShape", True, False, False), 'Camera "c"'),
    ],
)
def test_things_that_come_and_go_are_named(field: str, item: Any, title: str) -> None:
    without, having = sound(**{field: ()}), sound(**{field: (item,)})
    assert sentences(without, having) == [f"{title} was added."]
    assert sentences(having, without) == [f"{title} was removed."]


@pytest.mark.parametrize(
    ("field", "item", "changes", "sentence"),
    [
        ("aovs", DEPTH, {"enabled": False}, 'AOV "depth" is no longer enabled.'),
        (
            "references",
            SET,
            {"loaded": False},
            'Reference "setRN" is no longer loaded.',
        ),
        (
            "references",
            SET,
            {"path": "set_v2.ma"},
            'Reference "setRN": path set.ma became set_v2.ma.',
        ),
        (
            "files",
            WOOD,
            {"missing": (1001, 1002, 1003), "found": False},
            'File "file1.fileTextureName" is no longer found on this disk.',
        ),
        (
            "plugins",
            Plugin("m", "1"),
            {"version": "2"},
            'Plug-in "m": version 1 became 2.',
        ),
        ("script_nodes", RIG, {"type": 2}, 'Script "rig": type 1 became 2.'),
    ],
)
def test_what_became_of_a_thing_is_told(
    field: str, item: Any, changes: dict[str, Any], sentence: str
) -> None:
    changed = dataclasses.replace(item, **changes)
    found = sentences(sound(**{field: (item,)}), sound(**{field: (changed,)}))
    assert found[0] == sentence
    assert len(found) == len(changes)


def test_things_of_one_key_are_paired_in_order() -> None:
    """A scene may require one plug-in twice, or name two nodes alike."""
    twice = (Plugin("m", "1"), Plugin("m", "2"))
    assert differences(sound(plugins=twice), sound(plugins=twice)) == ()
    assert sentences(sound(plugins=twice), sound(plugins=twice[:1])) == [
        'Plug-in "m" was removed.'
    ]


def test_nodes_are_counted_by_type() -> None:
    fewer = sound(node_counts={"transform": 4, "mesh": 1, "polyCube": 3})
    assert sentences(sound(), fewer) == [
        "1 fewer mesh: 2 became 1.",
        "3 more polyCube: 0 became 3.",
    ]


def test_two_real_scenes_differ_in_a_fixed_order(shared: Path) -> None:
    scenes = shared / "scenes"
    one = read_snapshot(scenes / "02-rs-shader-override-hw2-2025.ma")
    other = read_snapshot(scenes / "03-redshift-2025.ma")
    areas = [each.area for each in differences(one, other)]
    order = ["scene", "layer", "camera", "plug-in", "script", "nodes"]
    assert list(dict.fromkeys(each for each in areas if each in order)) == [
        each for each in order if each in areas
    ]
    found = sentences(one, other)
    assert "The scene: renderer mayaHardware2 became redshift." in found
    assert 'Layer "purpleSphereLayer" was removed.' in found
    assert 'Camera "topCam1" was removed.' in found
    assert 'Plug-in "redshift4maya" was added.' in found
    assert differences(one, one) == ()


def test_a_focal_length_that_differs_by_rounding_is_the_same() -> None:
    scene = sound()
    camera = dataclasses.replace(scene.cameras[0], focal_length=35.0)
    one = dataclasses.replace(scene, cameras=(camera,))
    other = dataclasses.replace(
        scene, cameras=(dataclasses.replace(camera, focal_length=34.99999999999999),)
    )
    assert differences(one, other) == ()
