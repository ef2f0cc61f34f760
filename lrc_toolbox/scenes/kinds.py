"""What sort of node a type is: transform, light, camera, shader, engine.

Maya derives types from one another; only what rendering and layer filters ask is known
here, plug-in types by how they are named. Also what of a scene, nodes and connections,
says nothing about what it offers to render. Any thread.
"""

from __future__ import annotations

from lrc_toolbox.scenes.nodes import Node

_TRANSFORMS = frozenset(
    [
        *("transform", "joint", "fosterParent", "lodGroup", "place3dTexture"),
        *("ikHandle", "ikEffector", "lookAt", "containerBase", "rigidConstraint"),
    ]
)
_LIGHTS = frozenset(
    [
        *("ambientLight", "areaLight", "directionalLight", "pointLight", "spotLight"),
        *("volumeLight", "VRayLightRectShape", "VRayLightSphereShape"),
        *("VRayLightDomeShape", "VRayLightIESShape", "VRaySunShape"),
    ]
)
_SURFACE_SHADERS = frozenset(
    [
        *("lambert", "blinn", "phong", "phongE", "anisotropic", "surfaceShader"),
        *("standardSurface", "openPBRSurface", "aiStandardSurface", "aiFlat"),
        *("useBackground", "layeredShader", "rampShader", "shadingMap", "aiUtility"),
        *("aiShadowMatte", "aiMixShader", "aiLayerShader", "aiTwoSided", "aiToon"),
        *("StingrayPBS", "aiOpenpbrSurface", "hairTubeShader", "oceanShader"),
        *("RedshiftMaterial", "RedshiftStandardMaterial", "PxrSurface", "VRayMtl"),
    ]
)
#: Types that say nothing about what a scene offers to render: what moves, deforms and
#: shades things. A production scene has thousands of them.
_INNER = frozenset(
    [
        *("groupId", "groupParts", "tweak", "materialInfo", "place2dTexture"),
        *("lightLinker", "unitConversion", "skinCluster", "dagPose", "blendShape"),
        *("hyperLayout", "hyperView", "hyperGraphInfo", "nodeGraphEditorInfo"),
        *("multiplyDivide", "plusMinusAverage", "reverse", "condition", "clamp"),
        *("bump2d", "ramp", "remapValue", "remapColor", "remapHsv", "samplerInfo"),
        *("addDoubleLinear", "multDoubleLinear", "pairBlend", "choice", "objectSet"),
        *("lambert", "blinn", "phong", "phongE", "anisotropic", "surfaceShader"),
        *(
            "standardSurface",
            "transformGeometry",
            "deleteComponent",
            "shapeEditorManager",
        ),
        *("poseInterpolatorManager", "nodeGraphEditorBookmarks", "blendColors"),
    ]
)
#: The same by how the types begin.
_INNER_FAMILIES = ("animCurve", "poly", "makeNurb", "cluster", "delta", "nodeGraph")
#: Attributes that shade, move and group things, as a regular expression: most of all
#: connections feed them, which are of no use where the nodes for that are left out.
SHADES_OR_MOVES = r"(?:dsm|[trs][xyz]|uv|i|c|ic|gi|gn|nid)\b"
#: Types below others in Maya's own tree, for the `custom` filter of Render Setup.
_PARENTS = {
    "joint": ("transform",),
    "mesh": ("surfaceShape", "geometryShape"),
    "nurbsSurface": ("surfaceShape", "geometryShape"),
    "shadingEngine": ("objectSet",),
}


def is_transform(node: Node) -> bool:
    """True for everything that has a place and may have children."""
    return (
        node.type in _TRANSFORMS
        or node.type.endswith("Constraint")
        or bool(node.children)
    )


def is_dag(node: Node) -> bool:
    """True for nodes of the hierarchy, transforms and shapes alike."""
    return bool(node.parents) or is_transform(node)


def is_shape(node: Node) -> bool:
    """True for what hangs under a transform and is none itself."""
    return bool(node.parents) and not is_transform(node)


def is_light(node: Node) -> bool:
    """True for Maya's lights and those of renderers, which are named `...Light`."""
    return is_shape(node) and (node.type in _LIGHTS or node.type.endswith("Light"))


def is_surface_shader(node: Node) -> bool:
    """True for what can colour a surface."""
    return node.type in _SURFACE_SHADERS


def is_generator(node: Node) -> bool:
    """True for what makes a mesh or surface out of a few numbers."""
    return node.type.startswith(("poly", "makeNurb")) and "og" not in node.outgoing


def is_a(node: Node, type_or_class: str) -> bool:
    """True if a node is of a type, of a type below it, or of a classification.

    Classifications are the words that Render Setup's custom filter takes beside types:
    `light`, `shader/surface`.
    """
    tests = {
        "transform": is_transform,
        "shape": is_shape,
        "dagNode": is_dag,
        "light": is_light,
        "shader/surface": is_surface_shader,
        "polyCreator": is_generator,
    }
    test = tests.get(type_or_class)
    if test is not None:
        return test(node)
    return node.type == type_or_class or type_or_class in _PARENTS.get(node.type, ())


def matters_to_snapshot(node_type: str) -> bool:
    """False for nodes that say nothing about what a scene offers to render."""
    return node_type not in _INNER and not node_type.startswith(_INNER_FAMILIES)
