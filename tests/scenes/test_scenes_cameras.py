from __future__ import annotations

from collections.abc import Callable

from lrc_toolbox.scenes.cameras import RenderableCameras, camera_names
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.layers import Override
from lrc_toolbox.scenes.nodes import Node


def cameras(*names: str) -> dict[str, Node]:
    return {name: Node("camera", f"{name}Shape") for name in names}


def test_a_layer_without_overrides_has_the_scenes_cameras() -> None:
    renderable = RenderableCameras(cameras("a", "b"))
    assert renderable.under({}) == ("a", "b")


def test_overrides_switch_cameras_in_their_order() -> None:
    known = cameras("a", "b", "c")
    renderable = RenderableCameras(known)
    off = {(known["b"], "rnd"): [Override(value=False)]}
    assert renderable.under(off) == ("a", "c")
    on = {(known["b"], "rnd"): [Override(value=0), Override(value=1)]}
    assert renderable.under(on) == ("a", "b", "c")


def test_overrides_of_other_attributes_leave_cameras_alone() -> None:
    known = cameras("a")
    renderable = RenderableCameras(known)
    assert renderable.under({(known["a"], "fl"): [Override(value=0)]}) == ("a",)


def test_thousands_of_cameras_of_one_name_are_told_apart_at_once() -> None:
    graph = SceneGraph("many.ma")
    for place in range(5000):
        group = Node("transform", f"group{place}")
        transform = Node("transform", "cam")
        graph.add(group)
        graph.add(transform, group)
        graph.add(Node("camera", "camShape"), transform)
    names = camera_names(graph)
    assert len(names) == 5000
    assert "group4999|cam" in names


def test_two_cameras_below_one_transform_are_both_there(
    scene: Callable[[str], SceneGraph],
) -> None:
    graph = scene(
        'createNode transform -n "cam";\n'
        'createNode camera -n "wide" -p "cam";\n'
        'createNode camera -n "close" -p "cam";\n'
    )
    names = {name: node.name for name, node in camera_names(graph).items()}
    assert names == {"cam": "wide", "close": "close"}
