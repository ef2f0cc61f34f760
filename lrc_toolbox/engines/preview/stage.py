"""The stage: one scene file as Mitsuba scenes, frame after frame.

Puts shapes, materials, lights and the camera of a pose together and keeps what the next
frame can use again. Objects of one material become one mesh in world space: a kernel's
size and a scene's cost grow with the number of meshes. Runs in the worker's main
thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mitsuba as mi
import numpy as np

from lrc_toolbox.engines.preview.cameras import Band, sensor, view_directions
from lrc_toolbox.engines.preview.geometry import Geometry
from lrc_toolbox.engines.preview.lamp import Surroundings
from lrc_toolbox.engines.preview.lights import (
    Lighting,
    default_light,
    is_understood,
    lighting,
)
from lrc_toolbox.engines.preview.materials import Material, Materials
from lrc_toolbox.engines.preview.polygons import Floats, Ints
from lrc_toolbox.engines.preview.reading import Notes, Plugin, Reading
from lrc_toolbox.engines.preview.textures import Textures
from lrc_toolbox.engines.preview.triangles import Triangles
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.scenes.pose import CameraInstance, Pose
from lrc_toolbox.scenes.transforms import Matrix

# Surfaces that light meets on its way: what the camera sees, what lights that, and one
# more for glossy things.
_DEPTH = 3
# Maya's default light casts no shadow; here it does, and this lets one see into it.
_FILL = 0.1


# About 6 GB with the renderer's own structures; instances are copied here.
_MOST_TRIANGLES = 30_000_000


class TooLargeError(LrcError):
    """A scene has more triangles than fit into a preview.

    Attributes:
        count: how many there are at least.
    """

    def __init__(self, count: int) -> None:
        super().__init__(
            f"The layer has more than {count - 1:,} triangles, instances included.",
            remedy="Hide what the preview can do without.",
        )
        self.count = count


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame, ready to be rendered.

    Attributes:
        scene: shapes and lights.
        integrator: how light is followed in it.
        glow: the same shapes with those that give off light, and no other light; None
            where nothing does. Its picture is added. Mitsuba hides emitters from the
            camera all or none: lamps must be hidden, glowing things must not.
        sensors: the camera, for one band of the picture after the other.
        behind: (height, width, 3), what is seen where nothing is; None for black.
    """

    scene: Any
    integrator: Any
    glow: Any
    sensors: list[Any]
    behind: Floats | None


@dataclass(slots=True)
class _Pile:
    """All triangles of one material."""

    material: Material
    pieces: list[tuple[Triangles, Matrix]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mesh:
    """A loaded pile: with the material's glow and without it."""

    pieces: list[tuple[Triangles, Matrix]]
    dark: Any
    bright: Any


class Stage:
    """One scene file on stage.

    Args:
        place: the file beside which textures are looked for; not always the file that
            was read, which may be a copy elsewhere.
        notes: takes what is left out of the pictures.
    """

    def __init__(self, place: Path, notes: Notes) -> None:
        self._notes = notes
        self._textures = Textures(place, notes)
        self._materials = Materials(self._textures, notes)
        self._geometry = Geometry(notes)
        self._meshes: dict[tuple[Any, ...], _Mesh] = {}
        self._bsdfs: dict[tuple[Any, ...], Any] = {}
        self._scenes: tuple[Any, Any, Any] | None = None
        self._scene_key: tuple[Any, ...] = ()

    def shot(
        self, pose: Pose, camera: CameraInstance, bands: list[Band], samples: int
    ) -> Shot:
        """Set the stage for one pose.

        Args:
            pose: the layer at the frame.
            camera: the camera.
            bands: the picture from top to bottom.
            samples: rays per pixel.
        """
        piles, around = self._piles(pose)
        lights = lighting(pose, around, self._textures, self._notes)
        if _wants_default_light(pose):
            looking = view_directions(pose, camera, (1, 1))[0, 0]
            lights.emitters.append(default_light(looking))
            lights.sky.color += _FILL
        scene, integrator, glow = self._load(piles, lights, around)
        for note in pose.notes:
            self._notes.add(note)
        behind = None
        if lights.sky.picture_shown or lights.sky.shown.any():
            behind = lights.sky.behind(view_directions(pose, camera, bands[0].size))
        sensors = [mi.load_dict(sensor(pose, camera, band, samples)) for band in bands]
        return Shot(scene, integrator, glow, sensors, behind)

    def _piles(self, pose: Pose) -> tuple[dict[tuple[Any, ...], _Pile], Surroundings]:
        """Sort the visible triangles by material and box their objects.

        Raises:
            TooLargeError: there are more triangles than a preview should hold.
        """
        piles: dict[tuple[Any, ...], _Pile] = {}
        count = 0
        low, high = [np.zeros((0, 3))], [np.zeros((0, 3))]
        for shape in pose.shapes:
            for part in self._geometry.parts(pose, shape):
                material = self._materials.material(pose, part.surface)
                pile = piles.setdefault(material.key, _Pile(material))
                pile.pieces.append((part.triangles, shape.matrix))
                count += len(part.triangles.indices)
                if count > _MOST_TRIANGLES:
                    raise TooLargeError(count)
                corners = part.triangles.box @ _rotation(shape.matrix)
                corners = corners + np.array(shape.matrix[12:15])
                low.append(corners.min(axis=0, keepdims=True))
                high.append(corners.max(axis=0, keepdims=True))
        return piles, Surroundings(np.concatenate(low), np.concatenate(high))

    def _load(
        self,
        piles: dict[tuple[Any, ...], _Pile],
        lights: Lighting,
        around: Surroundings,
    ) -> tuple[Any, Any, Any]:
        """Give the scene, its integrator and the glow scene, the last ones if equal."""
        kept = {
            key: mesh
            for key, mesh in self._meshes.items()
            if key in piles and mesh.pieces == piles[key].pieces
        }
        reach = _power_of_two(around, lights)
        see_through = any(pile.material.see_through for pile in piles.values())
        scene_key = (repr(lights.emitters), lights.sky.key, reach, see_through)
        same = kept.keys() == piles.keys() == self._meshes.keys()
        if self._scenes is None or not same or scene_key != self._scene_key:
            # What goes, goes first: its numbers in Dr.Jit's registry are used again,
            # and so are the kernels, which would take seconds to compile.
            self._scenes = None
            self._meshes = kept
            self._bsdfs = {key: self._bsdfs[key] for key in piles if key in self._bsdfs}
            meshes = [self._mesh(key, pile) for key, pile in piles.items()]
            self._scenes = _build(meshes, lights, reach, see_through)
            self._scene_key = scene_key
        return self._scenes

    def _mesh(self, key: tuple[Any, ...], pile: _Pile) -> _Mesh:
        """Give a pile's meshes, loading what is not kept."""
        if key not in self._bsdfs:
            self._bsdfs[key] = mi.load_dict(pile.material.plugin)
        if key not in self._meshes:
            bsdf, glow = self._bsdfs[key], pile.material.glow
            dark = _loaded(pile, bsdf)
            bright = _loaded(pile, bsdf, glow.value) if glow else dark
            self._meshes[key] = _Mesh(pile.pieces, dark, bright)
        return self._meshes[key]


def _build(
    meshes: list[_Mesh], lights: Lighting, reach: float, see_through: bool
) -> tuple[Any, Any, Any]:
    """Load a scene, its integrator and its glow scene."""
    # Only volpath lets light from lamps pass through what is half transparent; it
    # takes half as long again.
    integrator = {
        "type": "volpath" if see_through else "path",
        "max_depth": _DEPTH,
        "hide_emitters": True,
    }
    bounds = _bounds(reach)
    lit: Plugin = {"type": "scene", "bounds": bounds}
    lit.update({f"mesh{at}": mesh.dark for at, mesh in enumerate(meshes)})
    for at, emitter in enumerate(lights.emitters):
        lit[f"light{at}"] = _with_matrices(emitter)
    sky = lights.sky.emitter()
    if sky is not None:
        lit["sky"] = sky
    glow = None
    if any(mesh.bright is not mesh.dark for mesh in meshes):
        shining: Plugin = {"type": "scene", "bounds": bounds}
        shining.update({f"mesh{at}": mesh.bright for at, mesh in enumerate(meshes)})
        shining["integrator"] = {**integrator, "max_depth": 2, "hide_emitters": False}
        glow = mi.load_dict(shining)
    return mi.load_dict(lit), mi.load_dict(integrator), glow


def _with_matrices(plugin: Plugin) -> Plugin:
    """Turn the matrices of a plug-in into Mitsuba's."""
    if "to_world" not in plugin:
        return plugin
    return {**plugin, "to_world": mi.ScalarTransform4f(plugin["to_world"])}


def _loaded(pile: _Pile, bsdf: Any, radiance: Any = None) -> Any:
    """Load a pile as one Mitsuba mesh in world space, perhaps one that shines."""
    positions, normals, uvs, indices = _in_world(pile.pieces)
    properties = mi.Properties()
    properties["bsdf"] = bsdf
    if radiance is not None:
        properties["emitter"] = mi.load_dict({"type": "area", "radiance": radiance})
    mesh = mi.Mesh(
        "pile",
        vertex_count=len(positions),
        face_count=len(indices),
        has_vertex_normals=True,
        has_vertex_texcoords=True,
        props=properties,
    )
    parameters = mi.traverse(mesh)
    parameters["vertex_positions"] = positions.astype(np.float32).ravel()
    parameters["vertex_normals"] = normals.astype(np.float32).ravel()
    parameters["vertex_texcoords"] = uvs.astype(np.float32).ravel()
    parameters["faces"] = indices.astype(np.uint32).ravel()
    parameters.update()
    return mesh


def _in_world(
    pieces: list[tuple[Triangles, Matrix]],
) -> tuple[Floats, Floats, Floats, Ints]:
    """Positions, normals, texture coordinates and indices of all pieces together."""
    positions, normals, indices = [], [], []
    begin = 0
    for triangles, matrix in pieces:
        change = _rotation(matrix)
        positions.append(triangles.positions @ change + np.array(matrix[12:15]))
        normals.append(_turned(triangles.normals, change))
        mirrored = np.linalg.det(change) < 0
        order = (0, 2, 1) if mirrored else (0, 1, 2)
        indices.append(triangles.indices[:, order] + begin)
        begin += len(triangles.positions)
    uvs = np.concatenate([triangles.uvs for triangles, _ in pieces])
    return (
        np.concatenate(positions),
        np.concatenate(normals),
        uvs,
        np.concatenate(indices),
    )


def _rotation(matrix: Matrix) -> Floats:
    """(3, 3), the part of a matrix that turns and scales, for row vectors."""
    return np.array(matrix, np.float64).reshape(4, 4)[:3, :3]


def _turned(normals: Floats, change: Floats) -> Floats:
    """Turn normals along with their surface, by the cofactors: they need no inverse."""
    x, y, z = change
    cofactors = np.stack((np.cross(y, z), np.cross(z, x), np.cross(x, y)))
    sign = -1.0 if np.linalg.det(change) < 0 else 1.0
    turned = normals @ (cofactors * sign)
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    scaled: Floats = np.where(lengths > 0, turned / np.maximum(lengths, 1e-30), normals)
    return scaled


def _power_of_two(around: Surroundings, lights: Lighting) -> float:
    """Give a distance from the origin that holds everything, in coarse steps."""
    places = [np.abs(around.low).ravel(), np.abs(around.high).ravel(), np.ones(1)]
    places += [
        np.abs(np.array(light["to_world"])[:3]).sum(axis=1)
        for light in lights.emitters
        if "to_world" in light
    ]
    furthest = float(np.max(np.concatenate(places)))
    return float(2.0 ** np.ceil(np.log2(furthest * 1.01)))


def _bounds(reach: float) -> Any:
    """Two triangles without area that hold a scene's size still.

    Mitsuba writes the size of a scene into its kernels as a number: with objects that
    move, every frame would be compiled anew, which takes as long as rendering it.
    """
    mesh = mi.Mesh("bounds", vertex_count=6, face_count=2)
    parameters = mi.traverse(mesh)
    corners = np.array([[-reach] * 9, [reach] * 9], np.float32)
    parameters["vertex_positions"] = corners.ravel()
    parameters["faces"] = np.arange(6, dtype=np.uint32)
    parameters.update()
    return mesh


def _wants_default_light(pose: Pose) -> bool:
    """Say whether the camera shall light the scene.

    As Maya does where there is no light at all and the render settings allow it; and
    where there are lights, but none that is understood.
    """
    if pose.lights:
        return not any(is_understood(light.node) for light in pose.lights)
    settings = pose.graph.node("defaultRenderGlobals")
    return settings is None or Reading(pose, settings).flag("edl", default=True)
