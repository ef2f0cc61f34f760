from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lrc_toolbox.scenes.following import find_reference
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.preflight import preflight
from lrc_toolbox.scenes.snapshot import SceneSnapshot
from lrc_toolbox.scenes.taking import read_snapshot
from tests.scenes.render_setups import MANAGER, below, collection, override, setup_layer

CAMERA = (
    'createNode transform -s -n "persp";\n'
    'createNode camera -s -n "perspShape" -p "persp";\n'
    'createNode transform -n "cam";\ncreateNode camera -n "camShape" -p "cam";\n'
    '\tsetAttr ".rnd" no;\n'
)


def reference(
    path: str, how: str = '-ns "set"', kind: str = "mayaAscii", node: str = "setRN"
) -> str:
    """The line that says whether a reference is loaded."""
    return f'file -rdi 1 {how} -rfn "{node}" -typ "{kind}" "{path}";\n'


def write(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    path.write_text(f"//Maya ASCII 2023 scene\n{body}", encoding="utf-8")
    return path


def names(snapshot: SceneSnapshot) -> list[str]:
    return [camera.name for camera in snapshot.cameras]


SHOT = 'createNode transform -n "here";\n'


def test_cameras_of_a_reference_are_offered_with_its_namespace(tmp_path: Path) -> None:
    target = write(tmp_path, "set.ma", CAMERA)
    scene = write(tmp_path, "shot.ma", reference("set.ma") + SHOT)
    snapshot = read_snapshot(scene, follow=True)
    assert names(snapshot) == ["set:cam"]
    camera = snapshot.cameras[0]
    assert (camera.node, camera.renderable) == ("set:camShape", False)
    assert camera.reference == target.as_posix()
    assert snapshot.references[0].found == target.as_posix()
    assert snapshot.references[0].problem == ""


def test_malware_in_a_reference_is_found_however_deep_it_is(tmp_path: Path) -> None:
    ill = 'createNode script -n "vaccine_gene";\n'
    ill += '\tsetAttr ".b" -type "string" "leukocyte";\n'
    write(tmp_path, "prop.ma", ill + SHOT)
    write(tmp_path, "set.ma", reference("prop.ma") + SHOT)
    scene = write(
        tmp_path, "shot.ma", reference("set.ma") + reference("prop.ma") + SHOT
    )
    snapshot = read_snapshot(scene, follow=True, whole=True)
    assert [(each.path, each.malware) for each in snapshot.references] == [
        ("set.ma", ""),
        ("prop.ma", "vaccine (leukocyte)"),
        ("prop.ma", "vaccine (leukocyte)"),
    ]
    assert snapshot.script_nodes == ()
    (told,) = (each for each in preflight(snapshot) if each.code == "malware")
    assert told.where == "prop.ma"
    assert told.message == (
        'Reference "prop.ma" holds a script that looks like the Maya malware '
        "vaccine (leukocyte)."
    )
    # A submission asks for layers and cameras only: no script is judged for it.
    assert not any(
        each.malware for each in read_snapshot(scene, follow=True).references
    )


def test_a_reference_with_a_prefix_puts_it_in_front_of_names(tmp_path: Path) -> None:
    write(tmp_path, "set.ma", CAMERA)
    scene = write(tmp_path, "shot.ma", reference("set.ma", '-rpr "set"') + SHOT)
    assert names(read_snapshot(scene, follow=True)) == ["set_cam"]


def test_an_edit_of_the_scene_makes_a_referenced_camera_renderable(
    tmp_path: Path,
) -> None:
    write(tmp_path, "set.ma", CAMERA)
    edits = (
        'createNode reference -n "setRN";\n'
        '\tsetAttr ".ed" -type "dataReferenceEdits"\n\t\t"setRN"\n\t\t"setRN" 1\n'
        '\t\t2 "|set:cam|set:camShape" "renderable" " 1";\n'
    )
    scene = write(tmp_path, "shot.ma", reference("set.ma") + edits)
    snapshot = read_snapshot(scene, follow=True)
    assert snapshot.cameras[0].renderable
    assert snapshot.layers[0].cameras == ("set:cam",)


def test_a_scene_edits_what_is_in_references_of_references(tmp_path: Path) -> None:
    write(tmp_path, "rig.ma", CAMERA)
    inner = (
        'createNode transform -n "cameras";\ncreateNode reference -n "rigRN";\n'
        '\tsetAttr ".ed" -type "dataReferenceEdits"\n\t\t"rigRN"\n\t\t"rigRN" 1\n'
        '\t\t0 "|rig:cam" "|cameras" "-s -r ";\n'
    )
    write(tmp_path, "set.ma", reference("rig.ma", '-ns "rig"', node="rigRN") + inner)
    outer = (
        'createNode reference -n "setRN";\n'
        '\tsetAttr ".ed" -type "dataReferenceEdits"\n\t\t"setRN"\n'
        '\t\t"setRN" 0\n\t\t"set:rigRN" 1\n'
        '\t\t2 "|set:cameras|set:rig:cam|set:rig:camShape" "renderable" " 1";\n'
    )
    scene = write(tmp_path, "shot.ma", reference("set.ma") + outer)
    (camera,) = read_snapshot(scene, follow=True).cameras
    assert (camera.name, camera.renderable) == ("set:rig:cam", True)


def test_references_of_references_are_followed(tmp_path: Path) -> None:
    write(tmp_path, "rig.ma", CAMERA)
    write(tmp_path, "set.ma", reference("rig.ma", '-ns "rig"') + SHOT)
    scene = write(tmp_path, "shot.ma", reference("set.ma") + SHOT)
    snapshot = read_snapshot(scene, follow=True)
    assert names(snapshot) == ["set:rig:cam"]
    assert [each.depth for each in snapshot.references] == [1, 2]


def test_a_cycle_of_references_ends_and_is_named(tmp_path: Path) -> None:
    write(tmp_path, "set.ma", reference("shot.ma") + CAMERA)
    scene = write(tmp_path, "shot.ma", reference("set.ma") + SHOT)
    snapshot = read_snapshot(scene, follow=True)
    assert names(snapshot) == ["set:cam"]
    assert "itself" in snapshot.references[1].problem


def test_a_file_that_refers_twice_to_another_which_does_too_ends(
    tmp_path: Path,
) -> None:
    for place in range(40):
        body = reference(f"{place + 1}.ma") * 2 + SHOT
        write(tmp_path, f"{place}.ma", body)
    snapshot = read_snapshot(tmp_path / "0.ma", follow=True)
    assert any("too many" in each.problem for each in snapshot.references)
    assert len(snapshot.references) < 2000


def test_missing_unloaded_unreadable_and_other_files_are_survived(
    tmp_path: Path,
) -> None:
    write(tmp_path, "set.ma", CAMERA)
    (tmp_path / "broken.ma").write_bytes(b"\0\1\2" * 100)
    (tmp_path / "cache.abc").write_bytes(b"Ogawa")
    scene = write(
        tmp_path,
        "shot.ma",
        reference("gone.ma")
        + reference("set.ma", '-ns "set" -dr 1')
        + reference("broken.ma")
        + reference("cache.abc", '-rpr "c"', "Alembic")
        + SHOT,
    )
    snapshot = read_snapshot(scene, follow=True)
    gone, unloaded, _, alembic = snapshot.references
    assert names(snapshot) == []
    assert (gone.found, gone.problem) == ("", "")
    assert (bool(unloaded.found), unloaded.problem) == (True, "")
    assert "Alembic" in alembic.problem


def test_what_is_wrong_with_a_reference_and_what_to_do_are_told_apart(
    tmp_path: Path,
) -> None:
    write(tmp_path, "empty.ma", "")
    write(tmp_path, "set.ma", reference("set.ma") + CAMERA)
    scene = write(
        tmp_path, "shot.ma", reference("empty.ma") + reference("set.ma") + SHOT
    )
    snapshot = read_snapshot(scene, follow=True)
    empty, _, cycle = snapshot.references
    assert empty.problem == "it holds no nodes."
    assert empty.remedy.startswith("The file is truncated")
    assert cycle.remedy == "Take the reference out of the file that leads back to it."
    told = [each for each in preflight(snapshot) if each.code == "reference_unreadable"]
    assert [each.remedy for each in told] == [empty.remedy, cycle.remedy]
    assert not any(each.remedy in each.message for each in told)


def test_nothing_beside_the_scene_is_looked_at_unless_asked(tmp_path: Path) -> None:
    write(tmp_path, "set.ma", CAMERA)
    scene = write(tmp_path, "shot.ma", reference("set.ma") + SHOT)
    snapshot = read_snapshot(scene)
    assert names(snapshot) == []
    assert snapshot.references[0].found == ""


def test_a_relative_path_starts_at_the_project(tmp_path: Path) -> None:
    (tmp_path / "scenes" / "shots").mkdir(parents=True)
    (tmp_path / "workspace.mel").touch()
    target = write(tmp_path / "scenes", "set.ma", CAMERA)
    scene = str(tmp_path / "scenes" / "shots" / "shot.ma")
    places = Places(scene)
    assert find_reference("scenes/set.ma", scene, places) == target.as_posix()
    assert find_reference("scenes/gone.ma", scene, places) == ""


def test_a_path_of_another_computer_is_looked_for_beside_the_scene(
    tmp_path: Path,
) -> None:
    target = write(tmp_path, "set.ma", CAMERA)
    scene = str(tmp_path / "shot.ma")
    for path in ("D:/show/set.ma", "D:\\show\\set.ma"):
        assert find_reference(path, scene, Places(scene)) == target.as_posix()


def test_a_layers_override_reaches_a_referenced_camera(tmp_path: Path) -> None:
    write(tmp_path, "set.ma", CAMERA)
    body = (
        MANAGER
        + collection(
            "cams",
            '".tf" 2',
            '".ssl" -type "string" "|set:cam|set:camShape"',
        )
        + override("camOverride", "renderable", '".atv" 1')
        + below("cams", "camOverride")
        + setup_layer("beauty", 1, "cams")
    )
    scene = write(tmp_path, "shot.ma", reference("set.ma") + body)
    master, beauty = read_snapshot(scene, follow=True).layers
    assert master.cameras == ()
    assert beauty.cameras == ("set:cam",)
    assert beauty.overridden == ("cameras",)


def test_references_of_the_real_scenes_are_those_that_are_known(shared: Path) -> None:
    files: list[dict[str, Any]] = json.loads(
        (shared / "scenes" / "TRUTH.json").read_text()
    )["files"]
    for entry in files:
        found = read_snapshot(shared / "scenes" / entry["file"]).references
        assert [
            (each.path, each.namespace, each.prefix, each.node, each.type, each.loaded)
            for each in found
            if each.depth == 1
        ] == [
            (
                known["path"],
                known["namespace"] or "",
                known["rename_prefix"] or "",
                known["refNode"],
                known["type"],
                known["loaded"],
            )
            for known in entry["truth"]["references"]
        ]
        nested = sum(each.depth > 1 for each in found)
        assert nested == entry["truth"]["nested_reference_lines"]


def test_edits_of_a_real_scene_are_read(shared: Path, tmp_path: Path) -> None:
    # 22-refs-alembic-rpr-pbrt.ma, line 6795: `renderable` " 1" on this one.
    text = (shared / "scenes" / "22-refs-alembic-rpr-pbrt.ma").read_bytes()
    (tmp_path / "shot.ma").write_bytes(text)
    top = "Lightstage_Cameras_animated"
    write(
        tmp_path,
        "Emily_2_1_Lightstage_Cameras_Animated.ma",
        f'createNode transform -n "{top}";\n'
        f'createNode camera -n "{top}6Shape" -p "{top}";\n\tsetAttr ".rnd" no;\n',
    )
    snapshot = read_snapshot(tmp_path / "shot.ma", follow=True)
    camera = snapshot.camera(f"CameraAnimated_{top}")
    assert camera is not None
    assert camera.renderable
