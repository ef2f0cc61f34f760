"""Scenes that someone or something broke: an answer or an error of ours, never else."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from lrc_toolbox.scenes import hierarchy, selectors
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.pose import pose
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.taking import read_snapshot, take_snapshot
from tests.scenes.render_setups import MANAGER, below, collection, setup_layer

JUNK = ("nan", "inf", "1e999", "-1", "[0:99999999]", "9" * 5000, "yes", "|", "*", "")
BREAKING = ('"', ";", "//", "/*", "\\", "\n", "(", ".")
SCENES = (
    "01-rs-layers-per-layer-overrides.ma",
    "02-rs-shader-override-hw2-2025.ma",
    "09-legacy-3layers-shading-override.ma",
    "13-cameras-11-film-offsets.ma",
)


def read_everything(path: Path) -> bool:
    """Ask all that is ever asked of a scene; False where it is refused."""
    try:
        graph = read_scene(path)
        for layer in take_snapshot(graph).layers:
            str(layer.frames)
            for frame in (0.0, 5.5, 1e9):
                found = pose(graph, layer.name, frame)
                for shape in found.shapes:
                    shape.node.numbers("vt")
                for light in found.lights:
                    found.vector(light.node, "color")
    except SceneReadError:
        return False
    return True


@pytest.mark.parametrize("name", SCENES)
def test_numbers_turned_into_junk_do_no_harm(
    shared: Path, tmp_path: Path, name: str
) -> None:
    chance = random.Random(name)
    # Without the interface's own script, which is most of a small file.
    text = (shared / "scenes" / name).read_text(encoding="utf-8")
    text = re.sub(r'setAttr "\.b" -type "string" \(.*?\);\n', "", text, flags=re.DOTALL)
    path = tmp_path / "junk.ma"
    answered = 0
    for _ in range(12):
        broken = re.sub(
            r"(?<=[ \[:])-?\d+(?:\.\d+)?",
            lambda found: chance.choice(JUNK) if chance.random() < 0.05 else found[0],
            text,
        )
        path.write_text(broken, encoding="utf-8")
        answered += read_everything(path)
    assert answered


@pytest.mark.parametrize("name", SCENES)
def test_characters_that_mean_something_may_stand_anywhere(
    shared: Path, tmp_path: Path, name: str
) -> None:
    chance = random.Random(name)
    text = (shared / "scenes" / name).read_text(encoding="utf-8")
    path = tmp_path / "broken.ma"
    for _ in range(12):
        broken = text
        for _ in range(3):
            place = chance.randrange(len(broken))
            broken = broken[:place] + chance.choice(BREAKING) + broken[place + 2 :]
        path.write_text(broken, encoding="utf-8")
        # Answered or refused: what must not happen is another exception.
        read_everything(path)


def test_random_bytes_are_refused(tmp_path: Path) -> None:
    chance = random.Random(7)
    path = tmp_path / "noise.ma"
    for size in (1, 10, 1000, 100_000):
        path.write_bytes(chance.randbytes(size))
        assert not read_everything(path)


def test_a_hierarchy_thousands_deep_is_walked(tmp_path: Path) -> None:
    body = '//Maya ASCII 2023 scene\ncreateNode transform -n "n0";\n'
    for depth in range(1, 3000):
        body += f'createNode transform -n "n{depth}" -p "n{depth - 1}";\n'
    path = tmp_path / "deep.ma"
    path.write_text(body + 'createNode mesh -n "m" -p "n2999";\n')
    found = pose(read_scene(path), "masterLayer", 1)
    assert len(found.shapes) == 1


def test_instances_that_multiply_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hierarchy, "MAX_PATH_NODES", 50_000)
    body = '//Maya ASCII 2023 scene\ncreateNode transform -n "n0";\n'
    for level in range(1, 40):
        body += f'createNode transform -n "n{level}" -p "n{level - 1}";\n'
        body += f'createNode transform -n "k{level}" -p "n{level - 1}";\n'
    for level in range(2, 40):
        body += f'parent -add "n{level}" "k{level - 1}";\n'
    path = tmp_path / "explosion.ma"
    path.write_text(body)
    assert not read_everything(path)


def forest(path: Path, groups: int, trees: int) -> Path:
    """Instances of instances, with a camera in them and a layer of one of them."""
    body = 'createNode transform -n "tree";\ncreateNode mesh -n "leaf" -p "tree";\n'
    body += 'createNode camera -n "nestCam" -p "tree";\n'
    body += 'createNode transform -n "grove";\n'
    for tree in range(trees):
        body += f'createNode transform -n "t{tree}" -p "grove";\n'
        body += f'parent -s -nc -r -add "tree" "t{tree}";\n'
    for group in range(groups):
        body += f'createNode transform -n "g{group}";\n'
        body += f'parent -s -nc -r -add "grove" "g{group}";\n'
    layers = (
        MANAGER
        + collection("some", '".ssl" -type "string" "|g3|grove|t5|tree"')
        + collection("part", '".pat" -type "string" "leaf"', '".tf" 2')
        + below("some", "part")
        + collection("none", '".pat" -type "string" "g3|sea*"')
        + setup_layer("one", 1, "some")
        + setup_layer("bare", 2, "none")
    )
    path.write_text(f"//Maya ASCII 2023 scene\n{body}{layers}// End of forest.ma\n")
    return path


@pytest.mark.parametrize("most", [100, 1_000_000])
def test_a_forest_of_instances_is_inspected_whole_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(selectors, "_MOST_PATH_NODES", most)
    monkeypatch.setattr(hierarchy, "MAX_PATH_NODES", most)
    path = forest(tmp_path / "forest.ma", 20, 20)
    snapshot = read_snapshot(path, whole=True)
    assert [camera.name for camera in snapshot.cameras] == ["tree"]
    assert [layer.empty for layer in snapshot.layers] == [False, False, True]
    # What it shows cannot be told with a node for all of its instances.
    if most == 100:
        with pytest.raises(SceneReadError, match="too many objects"):
            pose(read_scene(path), "one", 1)
    else:
        assert len(pose(read_scene(path), "one", 1).shapes) == 1


def test_instances_that_double_forty_times_can_be_inspected(tmp_path: Path) -> None:
    body = '//Maya ASCII 2023 scene\ncreateNode transform -n "n0";\n'
    for level in range(1, 40):
        for name in ("n", "k"):
            body += f'createNode transform -n "{name}{level}" -p "n{level - 1}";\n'
    for level in range(2, 40):
        body += f'parent -add "n{level}" "k{level - 1}";\n'
    path = tmp_path / "doubled.ma"
    path.write_text(body + 'createNode camera -n "eye" -p "n39";\n')
    (camera,) = read_snapshot(path, whole=True).cameras
    assert camera.name == "n39"


def test_ten_thousand_nodes_of_one_name_are_found_by_their_paths(
    tmp_path: Path,
) -> None:
    # Looking every one of them up in a list of all took minutes.
    count = 10_000
    body = "//Maya ASCII 2023 scene\n"
    for number in range(count):
        body += f'createNode transform -n "g{number}";\n'
        body += f'createNode transform -n "same" -p "g{number}";\n'
        body += f'\tsetAttr ".tx" {number};\n'
    for number in range(count):
        body += f'connectAttr "|g{number}|same.tx" "g{number}|same.ty";\n'
    path = tmp_path / "same.ma"
    path.write_text(body)
    graph = read_scene(path)
    last = graph.node(f"g{count - 1}|same")
    assert last is not None
    assert last.number("tx") == count - 1
    assert graph.source(last, "ty") == (last, "tx")
