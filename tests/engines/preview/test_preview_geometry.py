"""Generators make what Maya's make; what a file says of a mesh reaches the pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrc_toolbox.engines.preview.geometry import Geometry
from lrc_toolbox.engines.preview.meshes import stored_polygons
from lrc_toolbox.engines.preview.polygons import Polygons
from lrc_toolbox.engines.preview.primitives import primitive
from lrc_toolbox.engines.preview.reading import Notes, Reading
from lrc_toolbox.engines.preview.triangles import Triangles
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.pose import Pose, pose

MakeScene = Callable[[], Any]


def posed(scene: Any, folder: Path, frame: float = 1) -> Pose:
    return pose(read_scene(scene.save(folder / "scene.ma")), "masterLayer", frame)


def made(scene: Any, folder: Path, kind: str, *attrs: str) -> Polygons:
    """What a generator node with these attributes makes."""
    scene.node(kind, "maker", *attrs)
    here = posed(scene, folder)
    node = here.graph.node("maker")
    assert node is not None
    polygons = primitive(kind, Reading(here, node))
    assert polygons is not None
    return polygons


def edges(polygons: Polygons) -> Counter[tuple[int, int]]:
    begins, ends = polygons.corners, polygons.corners[polygons.following]
    return Counter(zip(begins.tolist(), ends.tolist(), strict=True))


def volume(polygons: Polygons) -> float:
    """Positive where faces are counter-clockwise seen from outside."""
    first = polygons.points[polygons.corners[polygons.starts]]
    return float(np.einsum("ij,ij->", first, polygons.area_vectors()) / 6)


# Points, edges and faces as Maya's Channel Box counts them.
COUNTS: Mapping[str, tuple[tuple[str, ...], tuple[int, int, int]]] = {
    "polyCube": ((), (8, 12, 6)),
    "polyCube divided": ((".sw 2", ".sh 3", ".sd 4"), (54, 104, 52)),
    "polySphere": ((), (382, 780, 400)),
    "polySphere coarse": ((".sa 8", ".sh 4"), (26, 56, 32)),
    "polyPlane": ((), (121, 220, 100)),
    "polyCylinder": ((), (40, 60, 22)),
    "polyCylinder with caps": ((".sc 1",), (42, 100, 60)),
    "polyCylinder with divided caps": ((".sc 2", ".sh 3"), (122, 260, 140)),
    "polyCone": ((), (21, 40, 21)),
    "polyTorus": ((), (400, 800, 400)),
    "polyPipe": ((), (80, 160, 80)),
    "polyPrism": ((), (6, 9, 5)),
    "polyPyramid": ((), (5, 8, 5)),
    "polyDisc": ((), (61, 108, 48)),
}


@pytest.mark.parametrize("case", COUNTS)
def test_a_generator_makes_as_many_points_edges_and_faces_as_maya(
    case: str, maya_scene: MakeScene, tmp_path: Path
) -> None:
    attrs, counts = COUNTS[case]
    polygons = made(maya_scene(), tmp_path, case.split()[0], *attrs)
    lines = {tuple(sorted(edge)) for edge in edges(polygons)}
    assert (len(polygons.points), len(lines), len(polygons.sizes)) == counts
    assert len(np.unique(polygons.points.round(9), axis=0)) == len(polygons.points)


@pytest.mark.parametrize(
    "case", [case for case in COUNTS if not case.startswith(("polyPlane", "polyDisc"))]
)
@pytest.mark.parametrize("axis", ["0 1 0", "1 0 0", "0 0 1", "0 -1 0"])
def test_a_solid_is_closed_and_its_faces_look_outwards(
    case: str, axis: str, maya_scene: MakeScene, tmp_path: Path
) -> None:
    attrs, _ = COUNTS[case]
    polygons = made(maya_scene(), tmp_path, case.split()[0], *attrs, f".ax {axis}")
    lines = edges(polygons)
    assert set(lines.values()) == {1}
    assert all((end, begin) in lines for begin, end in lines)
    assert volume(polygons) > 0
    assert polygons.uvs is not None
    assert polygons.uvs.min() >= -1e-9
    assert polygons.uvs.max() <= 1 + 1e-9


@pytest.mark.parametrize(
    ("kind", "attrs", "low", "high"),
    [
        ("polyCube", (".w 2", ".h 4", ".d 6"), (-1, -2, -3), (1, 2, 3)),
        ("polyCube", (".h 4", ".heightBaseline -1"), (-0.5, 0, -0.5), (0.5, 4, 0.5)),
        ("polyCylinder", (".r 2", ".h 6"), (-2, -3, -2), (2, 3, 2)),
        ("polyCone", (".r 2", ".h 6", ".ax 1 0 0"), (-3, -2, -2), (3, 2, 2)),
        ("polyPlane", (".w 4", ".h 2"), (-2, 0, -1), (2, 0, 1)),
        ("polyPlane", (".w 4", ".h 2", ".ax 0 0 1"), (-2, -1, 0), (2, 1, 0)),
        ("polyTorus", (".r 2", ".sr 0.5"), (-2.5, -0.5, -2.5), (2.5, 0.5, 2.5)),
        ("polyPipe", (".r 2", ".h 3", ".t 0.5"), (-2, -1.5, -2), (2, 1.5, 2)),
        ("polyPyramid", (".w 2",), (-(2**0.5), -(0.5**0.5), -(2**0.5)), None),
    ],
)
def test_a_generator_is_as_large_as_its_attributes_say(
    kind: str,
    attrs: tuple[str, ...],
    low: tuple[float, ...],
    high: tuple[float, ...] | None,
    maya_scene: MakeScene,
    tmp_path: Path,
) -> None:
    points = made(maya_scene(), tmp_path, kind, *attrs).points
    np.testing.assert_allclose(points.min(axis=0), low, atol=1e-9)
    np.testing.assert_allclose(
        points.max(axis=0), np.negative(low) if high is None else high, atol=1e-9
    )


def test_a_plane_looks_along_its_axis(maya_scene: MakeScene, tmp_path: Path) -> None:
    polygons = made(maya_scene(), tmp_path, "polyPlane", ".ax 0 0 1")
    normals = polygons.area_vectors()
    assert (normals[:, 2] > 0).all()


def test_absurd_divisions_make_no_absurd_mesh(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    polygons = made(maya_scene(), tmp_path, "polyCylinder", ".sa 1000000000", ".sh -5")
    assert len(polygons.sizes) <= 2002


def test_sphere_and_plane_are_numbered_as_in_a_mesh_that_maya_saved(
    shared: Path, maya_scene: MakeScene, tmp_path: Path
) -> None:
    graph = read_scene(shared / "scenes" / "22-refs-alembic-rpr-pbrt.ma")
    for name, kind in (
        ("Emily_head_transShape", "polySphere"),
        ("Flash_Standin_pbrtShape", "polyPlane"),
    ):
        node = graph.node(name)
        assert node is not None
        saved = stored_polygons(node)
        ours = made(maya_scene(), tmp_path, kind)
        np.testing.assert_allclose(ours.points, saved.points, atol=1e-6)
        np.testing.assert_array_equal(ours.corners, saved.corners)
        assert ours.uvs is not None
        assert saved.uvs is not None
        np.testing.assert_allclose(ours.uvs, saved.uvs, atol=1e-6)


# A square of four points with texture coordinates, as Maya 2023 writes it.
SQUARE = (
    '".uvst[0].uvsn" -type "string" "map1"',
    '-s 4 ".uvst[0].uvsp[0:3]" -type "float2" 0 0 1 0 1 1 0 1',
    '".cuvs" -type "string" "map1"',
    '-s 4 ".vt[0:3]" -1 -1 0 1 -1 0 1 1 0 -1 1 0',
    '-s 4 ".ed[0:3]" 0 1 0 1 2 0 3 2 0 0 3 0',
)


def stored(scene: Any, *statements: str, name: str = "square") -> Any:
    """Add a mesh that stores its own faces."""
    scene.node("transform", name).node("mesh", f"{name}Shape", parent=name)
    scene._nodes += [f"\tsetAttr {statement} ;\n" for statement in statements]
    return scene


FACES = '-s 1 -ch 4 ".fc[0]" -type "polyFaces" f 4 0 1 -3 -4 mu 0 4 0 1 2 3'


def triangles_of(scene: Any, folder: Path) -> tuple[list[Triangles], Notes]:
    notes, here = Notes(), posed(scene, folder)
    geometry = Geometry(notes)
    parts = [part for shape in here.shapes for part in geometry.parts(here, shape)]
    return [part.triangles for part in parts], notes


def test_a_stored_face_runs_along_its_edges_backwards_where_they_are_negative(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    (square,), _ = triangles_of(stored(maya_scene(), *SQUARE, FACES), tmp_path)
    assert square.positions.tolist() == [[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]
    assert square.uvs.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    np.testing.assert_allclose(square.normals, np.tile((0, 0, 1.0), (4, 1)))


def test_point_offsets_are_added_to_the_points(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    offsets = ('".pt[1]" -type "float3" 0.5 0 0', '".pt[2:3]" 0 1 0 0 2 0')
    scene = stored(maya_scene(), *SQUARE, FACES, *offsets)
    (square,), _ = triangles_of(scene, tmp_path)
    assert square.positions[:, :2].tolist() == [[-1, -1], [1.5, -1], [1, 2], [-1, 3]]


def test_the_opposite_flag_turns_a_mesh_around(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    scene = stored(maya_scene(), *SQUARE, FACES, '".op" yes')
    (square,), _ = triangles_of(scene, tmp_path)
    np.testing.assert_allclose(square.normals, np.tile((0, 0, -1.0), (4, 1)))


def test_the_current_texture_coordinates_are_the_ones_that_are_used(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    second = (
        '".uvst[1].uvsn" -type "string" "other"',
        '-s 1 ".uvst[1].uvsp[0]" -type "float2" 0.25 0.75',
        '".cuvs" -type "string" "other"',
        f"{FACES} mu 1 4 0 0 0 0",
    )
    (square,), _ = triangles_of(stored(maya_scene(), *SQUARE, *second), tmp_path)
    assert square.uvs.tolist() == [[0.25, 0.75]] * 4


def test_a_hole_is_left_open(maya_scene: MakeScene, tmp_path: Path) -> None:
    frame = (
        '-s 8 ".vt[0:7]" 0 0 0 4 0 0 4 4 0 0 4 0 1 1 0 3 1 0 3 3 0 1 3 0',
        '-s 8 ".ed[0:7]" 0 1 0 1 2 0 2 3 0 3 0 0 4 5 0 5 6 0 6 7 0 7 4 0',
        '-s 1 -ch 8 ".fc[0]" -type "polyFaces" f 4 0 1 2 3 h 4 -8 -7 -6 -5',
    )
    (mesh,), _ = triangles_of(stored(maya_scene(), *frame), tmp_path)
    a, b, c = np.moveaxis(mesh.positions[mesh.indices], 1, 0)
    areas = np.cross(b - a, c - a)[:, 2] / 2
    assert (areas > -1e-12).all()
    assert areas.sum() == pytest.approx(12)
    middles = (a + b + c)[:, :2] / 3
    inside = (np.abs(middles - 2) < 1).all(axis=1) & (areas > 1e-9)
    assert not inside.any()


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        ((FACES.replace("-3", "99"),), "edge 99 of 4"),
        (('".ed[2]" 3 77 0', FACES), "point 77 of 4"),
        ((FACES.replace("mu 0 4 0 1", "mu 0 4 0 8"),), "texture point 8 of 4"),
        ((FACES.replace("f 4", "f x"),), "cannot be read"),
        ((FACES.replace("f 4", "f 400"),), "cannot be read"),
        (('".vt[900000000]" 1 2 3', FACES), "stores"),
        (('-s 4 ".vt[0:3]" 1 2 3', FACES), "cannot be read"),
        ((FACES.replace("f 4 0 1 -3 -4", "f 0"),), "no corners"),
    ],
)
def test_a_mesh_with_wrong_numbers_is_named_and_left_out(
    statements: tuple[str, ...], problem: str, maya_scene: MakeScene, tmp_path: Path
) -> None:
    scene = stored(maya_scene(), *SQUARE, *statements)
    found, notes = triangles_of(scene, tmp_path)
    assert found == []
    (note,) = notes.said
    assert "squareShape" in note
    assert problem in note


def test_an_unknown_generator_is_named_and_left_out(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    scene = maya_scene().shape("knot", "polyHelix").shape("cube")
    found, notes = triangles_of(scene, tmp_path)
    assert len(found) == 1
    assert any("polyHelix" in note for note in [*notes.said])


def test_what_does_not_change_from_frame_to_frame_stays_the_same_object(
    maya_scene: MakeScene, tmp_path: Path
) -> None:
    scene = maya_scene().shape("still").shape("growing", "polySphere")
    scene.node("animCurveTU", "grow")
    scene._nodes.append('\tsetAttr -s 2 ".ktv[0:1]" 1 1 11 2 ;\n')
    scene.connect("grow.o", "growingMaker.r")
    graph = read_scene(scene.save(tmp_path / "scene.ma"))
    geometry = Geometry(Notes())

    def at(frame: float) -> dict[str, Triangles]:
        here = pose(graph, "masterLayer", frame)
        return {
            shape.node.name: geometry.parts(here, shape)[0].triangles
            for shape in here.shapes
        }

    one, two = at(1), at(11)
    assert one["stillShape"] is two["stillShape"]
    assert one["growingShape"] is not two["growingShape"]
    assert two["growingShape"].positions.max() == pytest.approx(2)


def test_faces_wear_their_own_materials(screen: Any, maya_scene: MakeScene) -> None:
    scene = maya_scene()
    for name, color in (("red", "1 0 0"), ("green", "0 1 0"), ("blue", "0 0 1")):
        scene.shader("surfaceShader", name, f".oc {color}")
    # Faces 0 and 1 are the lower row of the plane, 2 the upper left one.
    plane = (".sw 2", ".sh 2", ".w 4", ".h 4", ".ax 0 0 1")
    scene.shape("plane", "polyPlane", *plane, material="red")
    scene.node("groupId", "g1").node("groupId", "g2")
    for number, (faces, name) in enumerate((("f[0:1]", "green"), ("f[2]", "blue"))):
        scene._nodes.append("select -ne planeShape;\n")
        scene._nodes.append(
            f'\tsetAttr "planeShape.iog[0].og[{number}].gcl" '
            f'-type "componentList" 1 "{faces}" ;\n'
        )
        scene.connect(f"planeShape.iog.og[{number}]", f"{name}SG.dsm", "-na")
        scene.connect(f"g{number + 1}.id", f"planeShape.iog.og[{number}].gid")
    pixels = screen.show(scene)[..., :3].round()
    assert pixels[24, 28].tolist() == [0, 1, 0]
    assert pixels[24, 36].tolist() == [0, 1, 0]
    assert pixels[12, 28].tolist() == [0, 0, 1]
    assert pixels[12, 36].tolist() == [1, 0, 0]


def test_an_instanced_shape_stands_at_all_its_places(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("surfaceShader", "red", ".oc 1 0 0")
    scene.shape("one", at=(-2, 0, 0), material="red")
    scene.node("transform", "two", ".t 2 0 0")
    scene._nodes.append('parent -s -nc -r -add "|one|oneShape" "two" ;\n')
    scene.connect("oneShape.iog[1]", "redSG.dsm", "-na")
    pixels = screen.show(scene)
    row = pixels[18, :, 0] > 0.5
    assert row[:32].any()
    assert row[32:].any()
    assert not row[32]


def test_a_mirrored_object_is_not_inside_out(
    screen: Any, maya_scene: MakeScene
) -> None:
    # Seen from the light, a sphere is bright in its middle, mirrored or not.
    def lit(scale: str) -> Any:
        scene = maya_scene().light("directionalLight")
        return screen.show(
            scene.shape("ball", "polySphere", ".r 2", transform=(f".s {scale}",)),
            samples=16,
        )

    plain, mirrored = lit("1 1 1"), lit("-1 1 1")
    assert plain[18, 32, 0] == pytest.approx(0.4, abs=0.03)
    np.testing.assert_allclose(mirrored[18, 32], plain[18, 32], atol=0.03)
