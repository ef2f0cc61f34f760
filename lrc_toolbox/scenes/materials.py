"""Which shading engine colours which shape and which of its faces.

Reads the assignments as the file stores them; layer overrides are put on top by `pose`.
Any thread.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.values import Value

_GROUP = re.compile(r"^iog(?:\[(\d{1,9})\])?(?:\.og\[(\d{1,9})\])?$")
_FACES = re.compile(r"^f\[(\d{1,9}|\*)(?::(\d{1,9}))?\]$")


class Group(NamedTuple):
    """What an assignment is made to: one instance of a shape, or some of its faces.

    Attributes:
        instance: which of the shape's DAG paths, as in `SceneGraph.paths`.
        group: number of the face group; -1 for the whole shape.
    """

    instance: int
    group: int


class EngineUse(NamedTuple):
    """A shading engine on a shape.

    Attributes:
        engine: the shading engine.
        place: the instance and face group.
        faces: runs of face indices; None for the whole shape.
    """

    engine: Node
    place: Group
    faces: tuple[range, ...] | None


def engine_uses(graph: SceneGraph, shape: Node) -> list[EngineUse]:
    """Every shading engine that a shape is assigned to, whole-shape ones first."""
    uses = []
    for own, plug in graph.targets(shape, "iog"):
        place = group_of(own)
        if plug.node.type != "shadingEngine" or place is None:
            continue
        faces = None if place.group < 0 else _faces(graph, shape, place)
        uses.append(EngineUse(plug.node, place, faces))
    return sorted(uses, key=lambda use: use.faces is not None)


def group_of(attr: str) -> Group | None:
    """Which group an attribute like `iog[0].og[1]` is; Maya leaves `[0]` out."""
    match = _GROUP.match(attr)
    if match is None:
        return None
    return Group(int(match[1] or 0), -1 if match[2] is None else int(match[2]))


def _faces(graph: SceneGraph, shape: Node, place: Group) -> tuple[range, ...] | None:
    """A group's faces: stored on the shape, or on a `groupParts` of its history."""
    names = [f"iog[{place.instance}].og[{place.group}]"]
    if place.instance == 0:
        names.append(f"iog.og[{place.group}]")
    for name in names:
        stored = face_runs(shape.get(f"{name}.gcl"))
        if stored != ():
            return stored
    for name in names:
        number = graph.source(shape, f"{name}.gid")
        for _, plug in graph.targets(number.node, "id") if number else ():
            if plug.node.type == "groupParts":
                return face_runs(plug.node.get("ic"))
    return ()


def face_runs(components: Value | None) -> tuple[range, ...] | None:
    """Read a component list, `f[0:5]` `f[7]`; None for `f[*]`, all faces.

    Other components (points, edges) name no faces and are left out.
    """
    runs = []
    for word in components if isinstance(components, tuple) else ():
        match = _FACES.match(word) if isinstance(word, str) else None
        if match is None:
            continue
        if match[1] == "*":
            return None
        first = int(match[1])
        runs.append(range(first, int(match[2] or first) + 1))
    return tuple(runs)


def surface_of(graph: SceneGraph, engine: Node) -> Node | None:
    """The surface shader of a shading engine; None where it has none.

    A shader for Arnold alone (`ai_surface_shader`) counts where there is no other. Maya
    connects its default shader to the initial groups without writing it down.
    """
    for attr in ("ss", "ai_surface_shader"):
        plug = graph.source(engine, attr)
        if plug is not None and plug.node.type == "applyConnectionOverride":
            # Saved while a Render Setup layer was shown: what it stands on.
            plug = graph.source(plug.node, "ori")
        if plug is not None:
            return plug.node
    if engine.name in ("initialShadingGroup", "initialParticleSE"):
        settings = graph.node("defaultRenderGlobals")
        name = settings.text("dss") if settings else ""
        return graph.node(name) or graph.node("lambert1")
    return None
