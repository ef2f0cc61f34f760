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
