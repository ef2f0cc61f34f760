"""References in Maya binary, laid out as Maya 2009 and Maya 2020 wrote real ones."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from lrc_toolbox.scenes.binary_references import edit_words, read_reference
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import Reference
from lrc_toolbox.scenes.reference_edits import read_edits
from lrc_toolbox.scenes.taking import read_snapshot
from tests.scenes.binary_writing import Writer

CAMERA = "|set:cam|set:camShape"
SET = (
    "//Maya ASCII 2019 scene\n"
    'createNode transform -n "cam";\n'
    'createNode camera -n "camShape" -p "cam";\n'
    '\tsetAttr ".rnd" no;\n'
)


def number(value: int) -> bytes:
    return struct.pack(">I", value)


def words(*texts: str) -> bytes:
    return b"".join(text.encode() + b"\0" for text in texts)


def listed(path: str, depth: int = 1, *, deferred: bool = False) -> bytes:
    """The payload of `FRDI`, as in a file of Maya 2020."""
    flags = b"\1\1" if deferred else b"\1\0"
    head = number(depth) + words(path, "set") + flags
    return head + words("setRN") + b"\0\0\0" + words("v=0;", "mayaAscii") + b"\0\0"


def referred(path: str) -> bytes:
    """The payload of `FREF`, likewise."""
    head = words(path, "set") + b"\1\1" + words("setRN") + bytes(8)
    return head + words("v=0;", "mayaAscii") + bytes(11)


def edits(*made: bytes) -> bytes:
    """The payload of `REFE`: two lists of groups, that of lost edits first."""
    lost = number(1) + words("setRN") + number(0)
    group = number(1) + words("setRN") + number(len(made)) + b"".join(made)
    return b"ed\0 " + words("setRN") + lost + group


def changed(path: str, attr: str, value: str) -> bytes:
    return number(2) + words(path, attr, value)


def moved(path: str, above: str) -> bytes:
    return number(0) + words(path, above, "-s -r ")


def connected(how: int, *texts: str) -> bytes:
    return number(5) + number(how) + words("setRN", *texts)


def scene(wide: bool, *groups: bytes) -> bytes:
    to = Writer(wide)
    said = {b"VERS": b"2020", b"LUNI": b"cm", b"AUNI": b"deg", b"TUNI": b"film"}
    said |= {b"TDUR": b"141120000"} if wide else {}
    head = to.group(b"HEAD", *(to.leaf(tag, data) for tag, data in said.items()))
    here = to.group(b"XFRM", to.leaf(b"CREA", b"\0here\0"))
    return to.group(b"Maya", head, *groups, here, to.group(b"HEAD"))


def group(wide: bool, tag: bytes, payload: bytes) -> bytes:
    to = Writer(wide)
    return to.group(tag, to.leaf(tag, payload))


def reference_node(wide: bool, payload: bytes) -> bytes:
    to = Writer(wide)
    return to.group(b"REFN", to.leaf(b"CREA", b"\0setRN\0"), to.leaf(b"REFE", payload))


@pytest.mark.parametrize("wide", [False, True])
def test_a_binary_scene_says_of_its_references_what_an_ascii_one_says(
    tmp_path: Path, wide: bool
) -> None:
    ascii_file = tmp_path / "shot.ma"
    ascii_file.write_text(
        'file -rdi 1 -ns "set" -rfn "setRN" -op "v=0;" -typ "mayaAscii" "set.ma{2}";\n'
        'file -rdi 2 -ns "set" -rfn "setRN" -op "v=0;" -typ "mayaAscii" "rig.ma";\n'
        'file -rdi 1 -ns "set" -dr 1 -rfn "setRN" -typ "mayaAscii" "off.ma";\n'
        'file -r -ns "set" -dr 1 -rfn "setRN" -typ "mayaAscii" "set.ma{2}";\n'
        'createNode transform -n "here";\n',
        encoding="utf-8",
    )
    binary_file = tmp_path / "shot.mb"
    binary_file.write_bytes(
        scene(
            wide,
            group(wide, b"FRDI", listed("set.ma{2}")),
            group(wide, b"FRDI", listed("rig.ma", 2)),
            group(wide, b"FRDI", listed("off.ma", deferred=True)),
            group(wide, b"FREF", referred("set.ma{2}")),
        )
    )
    found = read_scene(binary_file).references
    assert found == read_scene(ascii_file).references
    assert [(each.loaded, each.depth) for each in found] == [
        (True, 1),
        (True, 2),
        (False, 1),
    ]


@pytest.mark.parametrize("wide", [False, True])
def test_a_file_that_only_refers_gives_its_references_too(
    tmp_path: Path, wide: bool
) -> None:
    path = tmp_path / "shot.mb"
    path.write_bytes(scene(wide, group(wide, b"FREF", referred("set.ma"))))
    (reference,) = read_scene(path).references
    assert reference == Reference("set.ma", "setRN", "set", "", "mayaAscii")


def test_what_maya_2009_wrote_has_no_type() -> None:
    path = "C:/Users/x/projects/CalDay//assets/cal_sign.mb"
    data = number(1) + words(path, "cal_sign") + b"\1\0" + words("cal_signRN")
    assert read_reference(b"FRDI", data + bytes(5)) == Reference(
        path, "cal_signRN", "cal_sign"
    )


@pytest.mark.parametrize(("tag", "gap"), [(b"FRDI", 3), (b"FREF", 8)])
def test_a_reference_without_options_still_has_its_type(tag: bytes, gap: int) -> None:
    depth = number(1) if tag == b"FRDI" else b""
    names = words("set.mb", "set") + b"\1\0" + words("setRN")
    data = depth + names + bytes(gap) + words("", "mayaBinary") + bytes(2)
    assert read_reference(tag, data) == Reference(
        "set.mb", "setRN", "set", type="mayaBinary"
    )


def test_a_reference_without_a_namespace_is_taken_for_one_with_a_prefix() -> None:
    # Nothing real was at hand for this: see decision 0131.
    data = number(1) + words("set.mb", "set") + b"\0\0" + words("setRN") + bytes(5)
    found = read_reference(b"FRDI", data)
    assert found == Reference("set.mb", "setRN", prefix="set")


def test_a_reference_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    whole = listed("set.ma")
    for length in range(len(whole)):
        found = read_reference(b"FRDI", whole[:length])
        assert found is None or "set.ma".startswith(found.path)
    assert read_reference(b"FRDI", b"") is None


@pytest.mark.parametrize("wide", [False, True])
def test_edits_of_a_binary_scene_reach_a_referenced_camera(
    tmp_path: Path, wide: bool
) -> None:
    (tmp_path / "set.ma").write_text(SET, encoding="utf-8")
    path = tmp_path / "shot.mb"
    node = reference_node(wide, edits(changed(CAMERA, "renderable", " -av 1")))
    path.write_bytes(scene(wide, group(wide, b"FRDI", listed("set.ma")), node))
    snapshot = read_snapshot(path, follow=True)
    (camera,) = snapshot.cameras
    assert (camera.name, camera.renderable) == ("set:cam", True)
    assert snapshot.layers[0].cameras == ("set:cam",)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6])
def test_counts_in_front_of_edits_are_no_edits(tmp_path: Path, count: int) -> None:
    # Two and five are kinds of edits too, and stand in front of one here.
    path = tmp_path / "shot.mb"
    made = [changed(f"|set:cam{place}", "fl", f" {place}") for place in range(count)]
    path.write_bytes(scene(True, reference_node(True, edits(*made))))
    found = read_edits(read_scene(path))
    assert found.values == {
        f"|set:cam{place}": {"fl": float(place)} for place in range(count)
    }


def test_moves_and_connections_are_found_between_edits_of_other_kinds() -> None:
    payload = edits(
        number(1) + words("|set:cam", "blend", "blend", " -ci 1"),
        moved("|set:cam", "|shotGroup"),
        number(3) + words(":a.b", "set:c.d", ""),
        connected(3, f"{CAMERA}.renderable", "setRN.placeHolderList[1]", ""),
        connected(
            0,
            "set:layer.drawInfo",
            "|set:axe.drawOverride",
            "setRN.placeHolderList[2]",
            "setRN.placeHolderList[3]",
            "",
        ),
        number(8) + words("|set:cam", "translateX"),
        changed(CAMERA, "renderable", " 1"),
    )
    found = edit_words(payload)
    assert found[:4] == ("0", "|set:cam", "|shotGroup", "-s -r ")
    assert found[-4:] == ("2", CAMERA, "renderable", " 1")
    assert found.count("5") == 2


@pytest.mark.parametrize("wide", [False, True])
def test_placeholders_of_a_binary_scene_say_what_they_stand_for(
    tmp_path: Path, wide: bool
) -> None:
    path = tmp_path / "shot.mb"
    plug = f"{CAMERA}.renderable"
    payload = edits(
        moved("|set:cam", "|shotGroup"),
        connected(4, plug, "setRN.placeHolderList[12]", ""),
    )
    path.write_bytes(scene(wide, reference_node(wide, payload)))
    found = read_edits(read_scene(path))
    assert found.plugs == {"setRN.phl[12]": plug}
    assert found.moves == {"|set:cam": "|shotGroup"}
