from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lrc_toolbox.scenes.graph import SceneGraph
from lrc_toolbox.scenes.inspection import inspect
from lrc_toolbox.scenes.scene_outputs import scene_outputs
from tests.scenes.sound_scenes import layer

Scene = Callable[[str], SceneGraph]
HERE = 'createNode transform -n "here";\n'


def test_more_than_two_hundred_thousand_sequences_are_counted_instead_of_named(
    scene: Scene,
) -> None:
    cameras = tuple(f"cam{place}" for place in range(100_001))
    beauty = layer("beauty", cameras=cameras)
    outputs = scene_outputs(scene(HERE), (beauty, layer("fx", cameras=cameras)), {})
    assert outputs == ((), 200_002)


def arnold(attributes: str, body: str = "") -> str:
    return (
        'createNode transform -n "cam";\ncreateNode camera -n "camShape" -p "cam";\n'
        f'createNode aiAOVDriver -s -n "defaultArnoldDriver";\n{attributes}{body}'
        "select -ne :defaultRenderGlobals;\n"
        '\tsetAttr ".ren" -type "string" "arnold";\n'
        '\tsetAttr ".ifp" -type "string" "<Scene>/beauty";\n'
    )


DRIVER = '\tsetAttr ".pre" -type "string" "{}";\n'


def test_a_prefix_on_arnolds_driver_takes_the_render_settings_place(
    write_scene: Callable[[str], Path],
) -> None:
    driver = DRIVER.format("tests/<Camera>")
    taken = inspect(write_scene(arnold(driver))).snapshot
    assert [each.pattern for each in taken.outputs] == ["tests/cam.exr"]
    # What the Render Settings show is still told as it is.
    assert taken.image_prefix == "<Scene>/beauty"
    blank = inspect(write_scene(arnold(DRIVER.format(" ")))).snapshot
    assert [each.pattern for each in blank.outputs] == ["small/beauty.exr"]


def test_a_forgotten_prefix_of_the_driver_makes_layers_collide(
    write_scene: Callable[[str], Path],
) -> None:
    layers = "".join(
        f'createNode renderLayer -n "{name}";\n\tsetAttr ".g" yes;\n'
        for name in ("beauty", "fx")
    )
    links = "".join(
        f'connectAttr "renderLayerManager.rlmi[{place}]" "{name}.rlid";\n'
        for place, name in enumerate(("beauty", "fx"), 1)
    )
    manager = 'createNode renderLayerManager -n "renderLayerManager";\n'
    body = arnold(DRIVER.format("/shots/probe"), manager + layers) + links
    assert "outputs_collide" in [
        each.code for each in inspect(write_scene(body)).findings
    ]


def test_a_prefix_on_the_driver_is_of_no_use_to_other_renderers(
    write_scene: Callable[[str], Path],
) -> None:
    body = arnold(DRIVER.format("probe")).replace('"arnold"', '"mayaSoftware"')
    taken = inspect(write_scene(body)).snapshot
    assert [each.pattern for each in taken.outputs] == ["small/beauty.iff"]


def test_layers_that_are_off_do_not_count(scene: Scene) -> None:
    cameras = tuple(f"cam{place}" for place in range(200_001))
    off = layer("off", cameras=cameras, renderable=False)
    outputs = scene_outputs(scene(HERE), (off, layer("beauty")), {})
    assert [each.layer for each in outputs.listed] == ["beauty"]
    assert outputs.left_out == 0


def test_a_scene_whose_pictures_are_not_listed_says_so(
    write_scene: Callable[[str], Path],
) -> None:
    count = 450
    body = ['createNode renderLayerManager -n "renderLayerManager";\n']
    links = []
    for place in range(count):
        body.append(
            f'createNode transform -n "cam{place}";\n'
            f'createNode camera -n "cam{place}Shape" -p "cam{place}";\n'
            f'createNode renderLayer -n "layer{place}";\n\tsetAttr ".g" yes;\n'
        )
        links.append(
            f'connectAttr "renderLayerManager.rlmi[{place + 1}]" "layer{place}.rlid";\n'
        )
    inspection = inspect(write_scene("".join(body + links)))
    pairs = (count + 1) * count
    assert inspection.snapshot.outputs == ()
    assert inspection.snapshot.outputs_left_out == pairs
    (told,) = (
        each for each in inspection.findings if each.code == "outputs_not_checked"
    )
    assert f"{pairs:,} sequences" in told.message
