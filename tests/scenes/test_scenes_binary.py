"""Maya binary scenes: a writer of small ones, the real ones, and damaged ones."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.binary_scene import read_binary
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from tests.scenes.binary_writing import REAL, Writer


def small_scene(to: Writer) -> bytes:
    """A camera under a transform, an unknown node, the time and a connection."""
    units = ((b"VERS", b"2019"), (b"LUNI", b"cm"), (b"AUNI", b"deg"))
    more = ((b"TUNI", b"film"), (b"TDUR", b"141120000"))
    said = units + (more if to.wide else more[:1])
    return to.group(
        b"Maya",
        to.group(b"HEAD", *(to.leaf(tag, data) for tag, data in said)),
        to.group(
            b"XFRM",
            to.leaf(b"CREA", b"\x0cshot\0"),
            to.doubles("r", 0.0, math.pi / 2, 0.0, tag=b"DBL3"),
        ),
        to.group(
            b"DCAM",
            to.leaf(b"CREA", b"\x04shotShape\0shot\0"),
            to.doubles("fl", 50.0),
        ),
        to.group(b"ZZZZ", to.leaf(b"CREA", b"\0odd\0")),
        to.group(b"SLCT", to.leaf(b"SLCT", b":time1"), to.ticks("o", -12.0)),
        to.group(
            b"CONS",
            to.group(b"CONN", to.leaf(b"CWFL", b"\0shot.r\0odd.x\0")),
            tag=b"LIS",
        ),
        to.group(b"HEAD", to.leaf(b"OBJN", b"3")),
    )


@pytest.fixture(params=[False, True], ids=["FOR4", "FOR8"])
def small(request: pytest.FixtureRequest) -> bytes:
    """A small scene in either format."""
    return small_scene(Writer(request.param))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], Path]:
    """Write a file; gives its path."""

    def write_file(data: bytes) -> Path:
        path = tmp_path / "small.mb"
        path.write_bytes(data)
        return path

    return write_file


def test_nodes_times_and_angles_come_out_as_in_maya_ascii(
    small: bytes, write: Callable[[bytes], Path]
) -> None:
    graph = read_binary(write(small))
    shot, camera, time = map(graph.node, ("shot", "shotShape", "time1"))
    assert shot
    assert camera
    assert time
    assert shot.vector("r") == pytest.approx((0.0, 90.0, 0.0))
    assert camera.parents == [shot]
    assert camera.number("fl") == 50.0
    assert time.number("o") == -12.0
    assert graph.counts == {"transform": 1, "camera": 1, "unknown:ZZZZ": 1}
    assert "x" in graph.nodes[2].incoming
    assert (graph.connections, graph.damage) == (1, None)


def test_types_that_are_not_wanted_are_counted_all_the_same(
    small: bytes, write: Callable[[bytes], Path]
) -> None:
    graph = read_binary(write(small), wanted=lambda kind: kind == "transform")
    assert graph.counts == {"transform": 1, "camera": 1, "unknown:ZZZZ": 1}
    assert graph.node("shotShape") is None


def linked_scene(to: Writer) -> bytes:
    """A shape whose connections shade, move, list, tell and name a default node."""
    links = (
        b"\0set.msg\0shape.tell\0",
        b"\0set.o\0shape.rx\0",
        b"\0shape.iog\0set.dsm\0",
        b"\1shape.msg\0:defaultShaderList1.s\0",
        b"\0:lambert1.oc\0shape.one\0",
        b"\0:lambert1.oc\0shape.two\0",
    )
    return to.group(
        b"Maya",
        to.group(b"HEAD", to.leaf(b"VERS", b"2019")),
        to.group(b"DMSH", to.leaf(b"CREA", b"\x04shape\0\0")),
        to.group(b"OBST", to.leaf(b"CREA", b"\x04set\0\0")),
        to.group(
            b"CONS",
            to.group(b"CONN", *(to.leaf(b"CWFL", link) for link in links)),
            tag=b"LIS",
        ),
        to.group(b"HEAD", to.leaf(b"OBJN", b"2")),
    )


@pytest.mark.parametrize("wide", [False, True], ids=["FOR4", "FOR8"])
def test_connections_that_shade_and_move_are_kept_only_where_every_node_is(
    wide: bool, write: Callable[[bytes], Path]
) -> None:
    path = write(linked_scene(Writer(wide)))
    whole, lean = read_binary(path), read_binary(path, wanted=lambda kind: True)
    for graph, incoming, lists in (
        (whole, {"tell", "rx", "one", "two"}, True),
        (lean, {"tell", "one", "two"}, False),
    ):
        shape, members = graph.node("shape"), graph.node("set")
        assert shape
        assert members
        assert set(shape.incoming) == incoming
        assert bool(members.incoming) is lists
        assert (graph.node("defaultShaderList1") is not None) is lists
        assert graph.connections == 6


@pytest.mark.parametrize("wide", [False, True], ids=["FOR4", "FOR8"])
def test_a_default_node_that_only_connections_name_is_one_node(
    wide: bool, write: Callable[[bytes], Path]
) -> None:
    graph = read_binary(write(linked_scene(Writer(wide))))
    (lambert,) = (node for node in graph.nodes if node.name == "lambert1")
    assert [plug.attr for plug in lambert.outgoing["oc"]] == ["one", "two"]


def test_a_file_that_ends_anywhere_is_an_error_with_its_position(
    small: bytes, write: Callable[[bytes], Path]
) -> None:
    for length in range(len(small)):
        path = write(small[:length])
        with pytest.raises(SceneReadError) as caught:
            read_binary(path)
        assert caught.value.position is not None, length
        assert caught.value.remedy
        assert read_binary(path, partial=True).damage is not None


def test_flipped_bytes_never_get_past_the_reader_s_own_error(
    small: bytes, write: Callable[[bytes], Path]
) -> None:
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(small)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        graph = read_binary(write(bytes(data)), partial=True)
        for node in graph.nodes:
            for attr in node.attributes():
                node.get(attr)


def test_groups_nested_a_hundred_thousand_deep_are_not_followed(
    write: Callable[[bytes], Path],
) -> None:
    size, body = 0, []
    for _ in range(100_000):
        size += 12
        body.append(b"FOR4" + (size - 8).to_bytes(4, "big") + b"XFRM")
    data = b"".join(reversed(body))
    root = b"FOR4" + (len(data) + 4).to_bytes(4, "big") + b"Maya" + data
    with pytest.raises(SceneReadError, match="the end that Maya writes is missing"):
        read_binary(write(root))


@pytest.mark.parametrize("name", REAL)
def test_real_scenes_hold_every_fact_of_their_truth(shared: Path, name: str) -> None:
    document = json.loads((shared / "scenes/TRUTH.json").read_text("utf-8"))
    truth = next(f["truth"] for f in document["files"] if f["file"] == name)
    graph = read_binary(shared / "scenes" / name)
    assert graph.counts.total() == truth["node_total"]
    for kind in ("mesh", "transform", "script", "reference", "expression"):
        assert graph.counts[kind] == truth["counts"][kind]
    assert graph.connections == truth["connections"]
    assert graph.relationships == truth["relationships"]
    units = (graph.linear_unit, graph.angle_unit, graph.time_unit)
    assert units == tuple(truth["units"][unit] for unit in ("linear", "angle", "time"))
    time = graph.node("time1")
    assert time
    assert time.number("o") == truth["render_globals"]["current_time"]
    assert [
        (camera.name, camera.flag("rnd"), camera.shared, camera.number("fl"))
        for camera in graph.of_type("camera")
    ] == [
        (camera["shape"], camera["renderable"], camera["startup(-s)"],
         camera["focalLength"])
        for camera in truth["cameras"]
    ]  # fmt: skip
    assert [
        {"name": p.name, "version": p.version, "nodeTypes": len(p.node_types)}
        for p in graph.plugins
    ] == truth["plugins_required"]
    assert [
        (s.name, s.integer("st"), len(s.text("b"))) for s in graph.of_type("script")
    ] == [(s["name"], s["scriptType"], s["before_len"]) for s in truth["script_nodes"]]
    textures = [file.text("ftn") for file in graph.of_type("file")]
    assert sorted(textures) == truth["texture_paths"]["sample"]
    for option in truth["option_nodes"]:
        node = graph.node(option["node"])
        assert node
        assert node.type == option["type"]
        assert len(node.attributes()) == option["attrs_set"]


def test_meshes_of_a_real_scene_close_their_faces(shared: Path) -> None:
    graph = read_binary(shared / "scenes" / REAL[0])
    mesh = graph.node("polySurfaceShape3")
    assert mesh
    faces = list(mesh.faces("fc"))
    assert len(mesh.numbers("vt")) == 57 * 3
    assert [word.tag for word in faces].count("f") == 34
    assert [word.tag for word in faces].count("h") == 3
    assert sum(len(word.numbers) for word in faces if word.tag in "fh") == 176


def test_a_mesh_that_claims_more_than_it_holds_says_so_when_it_is_asked(
    write: Callable[[bytes], Path],
) -> None:
    writer = Writer(wide=True)
    lying = writer.leaf(b"MESH", b"o\0 " + (1 << 30).to_bytes(4, "big"))
    mesh = writer.group(b"DMSH", writer.leaf(b"CREA", b"\0m\0"), lying)
    end = writer.group(b"HEAD")
    graph = read_binary(write(writer.group(b"Maya", end, mesh, end)))
    node = graph.node("m")
    assert node
    with pytest.raises(ValueError, match="claims 1,073,741,824 numbers"):
        node.numbers("vt")


def test_a_group_of_an_unknown_kind_does_no_harm(
    write: Callable[[bytes], Path],
) -> None:
    to = Writer(wide=True)
    head, odd = to.group(b"HEAD"), to.group(b"NEW!", b"no chunks at all")
    node = to.group(b"XFRM", to.leaf(b"CREA", b"\x0cshot\0"))
    graph = read_binary(write(to.group(b"Maya", head, odd, node, head)))
    assert graph.counts == {"transform": 1}


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("31-for4-maya85.mb", "8.5"),
        ("37-for8-2019-spotlights-arnold.mb", "2019"),
        ("38-for8-2023-ref-target.mb", "2023"),
    ],
)
def test_a_file_cut_in_the_middle_is_read_up_to_there(
    shared: Path, tmp_path: Path, name: str, version: str
) -> None:
    whole = (shared / "scenes" / name).read_bytes()
    path = tmp_path / "cut.mb"
    path.write_bytes(whole[: len(whole) // 2])
    graph = read_binary(path, partial=True)
    assert graph.maya_version == version
    cameras = {node.name for node in graph.of_type("camera")}
    assert cameras == {"perspShape", "topShape", "frontShape", "sideShape"}
    assert graph.damage is not None
    assert graph.damage.position is not None
    assert 1000 < graph.damage.position < len(whole) // 2


def test_a_root_that_claims_more_than_there_is_makes_a_damaged_file(
    shared: Path, tmp_path: Path
) -> None:
    whole = bytearray((shared / "scenes" / "31-for4-maya85.mb").read_bytes())
    whole[4:8] = (len(whole) + 1000).to_bytes(4, "big")
    path = tmp_path / "claims.mb"
    path.write_bytes(whole)
    with pytest.raises(SceneReadError):
        read_binary(path)
