"""What scenes say is the same whether they are Maya ASCII or Maya binary."""

from __future__ import annotations

import json
import math
import os
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from lrc_toolbox.scenes.animation import AnimCurve
from lrc_toolbox.scenes.evaluation import Evaluation, Memory
from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.layers import LayerContent
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import Encoding, SceneSnapshot
from lrc_toolbox.scenes.taking import take_snapshot
from tests.scenes.binary_writing import REAL, Writer

ASCII = """//Maya ASCII 2019 scene
requires maya "2019";
currentUnit -l centimeter -a degree -t film;
createNode transform -n "shot";
    setAttr ".r" -type "double3" 0 90 0 ;
createNode camera -n "shotShape" -p "shot";
    setAttr ".fl" 50;
createNode file -n "wood";
    setAttr ".ftn" -type "string" "wood.png";
createNode script -n "sceneConfigurationScriptNode";
    setAttr ".b" -type "string" "playbackOptions -min 3 -max 9 -ast 1 -aet 12 ";
createNode animCurveTA -n "turn";
    setAttr ".ktv[0:1]" 1 0 25 180;
select -ne :time1;
    setAttr ".o" 7;
connectAttr "turn.o" "shot.ry";
// End of small.ma
"""


def binary(wide: bool) -> bytes:
    """The same scene in Maya binary."""
    to = Writer(wide)
    ticks = 141120000 // 24 if wide else 250
    key = struct.Struct(">qd" if wide else ">id")
    keys = key.pack(ticks, 0.0) + key.pack(25 * ticks, math.pi)
    said = {b"VERS": b"2019", b"LUNI": b"cm", b"AUNI": b"deg", b"TUNI": b"film"}
    said |= {b"TDUR": b"141120000"} if wide else {}
    script = b"playbackOptions -min 3 -max 9 -ast 1 -aet 12 "
    name = b"\0sceneConfigurationScriptNode\0"
    return to.group(
        b"Maya",
        to.group(b"HEAD", *(to.leaf(tag, data) for tag, data in said.items())),
        to.group(
            b"XFRM",
            to.leaf(b"CREA", b"\x8cshot\0" + bytes(range(16))),
            to.doubles("r", 0.0, math.pi / 2, 0.0, tag=b"DBL3"),
        ),
        to.group(
            b"DCAM",
            to.leaf(b"CREA", b"\x04shotShape\0shot\0"),
            to.doubles("fl", 50.0),
        ),
        to.group(
            b"RTFT",
            to.leaf(b"CREA", b"\0wood\0"),
            to.leaf(b"STR ", b"ftn\0 wood.png\0"),
        ),
        to.group(
            b"SCRP", to.leaf(b"CREA", name), to.leaf(b"STR ", b"b\0 " + script + b"\0")
        ),
        to.group(
            b"PCTA",
            to.leaf(b"CREA", b"\0turn\0"),
            to.leaf(b"CMPD", b"ktv[0:1]\0 " + keys),
        ),
        to.group(b"SLCT", to.leaf(b"SLCT", b":time1"), to.ticks("o", 7.0)),
        to.group(
            b"CONS",
            to.group(b"CONN", to.leaf(b"CWFL", b"\0turn.o\0shot.ry\0")),
            tag=b"LIS",
        ),
        to.group(b"HEAD", to.leaf(b"OBJN", b"5")),
    )


def without_file(snapshot: SceneSnapshot) -> SceneSnapshot:
    """The snapshot without what differs between two files of one scene."""
    encoding = Encoding("", "", "", 0, True)
    return replace(snapshot, path="", size=0, encoding=encoding)


@pytest.mark.parametrize("wide", [False, True], ids=["FOR4", "FOR8"])
def test_a_scene_answers_the_same_in_both_formats(tmp_path: Path, wide: bool) -> None:
    text, packed = tmp_path / "small.ma", tmp_path / "small.mb"
    text.write_text(ASCII)
    packed.write_bytes(binary(wide))
    written, read = read_scene(text), read_scene(packed)
    assert without_file(take_snapshot(read)) == without_file(take_snapshot(written))
    turns = [graph.node("turn") for graph in (written, read)]
    curves = [AnimCurve(turn, 24.0) for turn in turns if turn]
    assert [curve.value(13.0) for curve in curves] == pytest.approx([90.0, 90.0])


@pytest.mark.parametrize("wide", [False, True], ids=["FOR4", "FOR8"])
def test_distances_of_a_binary_scene_are_centimetres_whatever_its_unit(
    tmp_path: Path, wide: bool
) -> None:
    text, packed = tmp_path / "metres.ma", tmp_path / "metres.mb"
    text.write_text(
        """//Maya ASCII 2019 scene
currentUnit -l meter -a degree -t film;
createNode transform -n "shot";
createNode animCurveTL -n "walk";
    setAttr ".tan" 1;
    setAttr ".wgt" no;
    setAttr ".ktv[0:1]" 0 0 24 1;
    setAttr ".kiy[0:1]" 0 500;
    setAttr ".koy[0:1]" 300 0;
connectAttr "walk.o" "shot.tx";
// End of metres.ma
"""
    )
    to = Writer(wide)
    second = 141120000 if wide else 6000
    key = struct.Struct(">qd" if wide else ">id")
    said = {b"VERS": b"2019", b"LUNI": b"m", b"AUNI": b"deg", b"TUNI": b"film"}
    said |= {b"TDUR": b"141120000"} if wide else {}
    keys = key.pack(0, 0.0) + key.pack(second, 100.0)
    packed.write_bytes(
        to.group(
            b"Maya",
            to.group(b"HEAD", *(to.leaf(tag, data) for tag, data in said.items())),
            to.group(b"XFRM", to.leaf(b"CREA", b"\0shot\0")),
            to.group(
                b"PCTL",
                to.leaf(b"CREA", b"\0walk\0"),
                to.doubles("tan", 1.0),
                to.doubles("wgt", 0.0),
                to.leaf(b"CMPD", b"ktv[0:1]\0 " + keys),
                to.doubles("kiy[0:1]", 0.0, 500.0),
                to.doubles("koy[0:1]", 300.0, 0.0),
            ),
            to.group(
                b"CONS",
                to.group(b"CONN", to.leaf(b"CWFL", b"\0walk.o\0shot.tx\0")),
                tag=b"LIS",
            ),
            to.group(b"HEAD"),
        )
    )
    metres, centimetres = read_scene(text), read_scene(packed)
    assert (metres.linear_unit, centimetres.linear_unit) == ("m", "m")
    assert (metres.distance_unit, centimetres.distance_unit) == ("m", "cm")
    for frame in (6, 12, 20):
        walked = [x_at(graph, frame) for graph in (metres, centimetres)]
        assert walked[1] == pytest.approx(100 * walked[0])
    # Half way of a cubic from 0 to 1 m that leaves at 3 m/s and arrives at 5 m/s.
    assert x_at(metres, 12) == pytest.approx(0.5 + (3 - 5) / 8)


def x_at(graph: SceneGraph, frame: float) -> float:
    """Where the scene's transform is."""
    node = graph.node("shot")
    assert node
    everything = LayerContent(everything=True)
    return Evaluation(graph, frame, everything, Memory()).number(node, "tx")


@pytest.mark.parametrize("name", REAL)
def test_snapshots_of_real_scenes_hold_their_truth(shared: Path, name: str) -> None:
    document = json.loads((shared / "scenes/TRUTH.json").read_text("utf-8"))
    truth = next(f["truth"] for f in document["files"] if f["file"] == name)
    taken = take_snapshot(read_scene(shared / "scenes" / name))
    settings, slider = truth["render_globals"], truth["playbackOptions"]
    timeline = taken.timeline
    assert timeline
    assert (timeline.start, timeline.end) == (slider["min"], slider["max"])
    assert timeline.animation_start == slider["ast"]
    assert timeline.animation_end == slider["aet"]
    assert taken.resolution == (settings["width"], settings["height"])
    assert taken.renderer == settings["renderer"].partition(" ")[0]
    assert taken.current_time == settings["current_time"]
    assert taken.image_format.number == settings["imageFormat(.outf)"]
    assert taken.animation == settings["animation_on"]
    cameras = [camera.name for camera in taken.cameras if camera.renderable]
    assert cameras == truth["renderable_cameras"]
    assert [layer.name for layer in taken.layers] == ["masterLayer"]


def test_geometry_that_is_asked_for_after_a_save_is_refused(tmp_path: Path) -> None:
    to, path = Writer(wide=True), tmp_path / "mesh.mb"
    points = struct.pack(">I3000f", 3000, *range(3000)) + bytes(16)
    mesh = to.group(
        b"DMSH", to.leaf(b"CREA", b"\0hull\0"), to.leaf(b"MESH", b"o\0 " + points)
    )
    end = to.group(b"HEAD")
    path.write_bytes(to.group(b"Maya", end, mesh, end))
    graph, late = read_scene(path), read_scene(path)
    hull, again = graph.node("hull"), late.node("hull")
    assert hull
    assert again
    assert list(hull.numbers("vt")[:3]) == [0.0, 1.0, 2.0]
    os.utime(path, (1, 1))
    with pytest.raises(SceneReadError, match="changed"):
        again.numbers("vt")
