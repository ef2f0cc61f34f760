"""The files that a scene's nodes name: textures, caches and others.

Owns which attribute of which node type is a path. Where it is on the disk is `places`'
matter, what a numbered name stands for `numbered_files`'. References are not here:
they have nodes of their own kind. Any thread that has the graph and places to itself.

Source: Autodesk's node reference for Maya's own nodes; attribute names of plug-ins as
their scenes and exporters have them (MtoA 5, Redshift 3.5, V-Ray 6, RenderMan 25,
pbrt's Maya exporter, mayaUSD 0.2x).
"""

from __future__ import annotations

from typing import NamedTuple

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.numbered_files import (
    TILINGS,
    Numbering,
    find_numbered,
    read_pattern,
)
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.snapshot import ExternalFile, FileKind


class FileAttribute(NamedTuple):
    """An attribute that holds a path.

    Attributes:
        long: its long name.
        names: the names that files use for it, short one first.
        kind: what the file is to the scene.
        rule: the project's file rule for it.
    """

    long: str
    names: tuple[str, ...]
    kind: FileKind
    rule: str = "sourceImages"


def _texture(long: str, *short: str) -> FileAttribute:
    return FileAttribute(long, (*short, long), "texture")


def _cache(long: str, *short: str, rule: str = "fileCache") -> FileAttribute:
    return FileAttribute(long, (*short, long), "cache", rule)


_FILE = _texture("fileTextureName", "ftn")
_FILENAME = _texture("filename")
_REDSHIFT = _texture("tex0")
_PIXAR_LIGHT = _texture("lightColorMap")

_ATTRIBUTES: dict[str, tuple[FileAttribute, ...]] = {
    "file": (_FILE,),
    "psdFileTex": (_FILE,),
    "movie": (_FILE,),
    "mentalrayTexture": (_FILE,),
    "imagePlane": (_texture("imageName", "imn"),),
    "aiImage": (_FILENAME,),
    "aiPhotometricLight": (_texture("aiFilename", "ai_filename"),),
    "RedshiftNormalMap": (_REDSHIFT,),
    "RedshiftSprite": (_REDSHIFT,),
    "RedshiftDomeLight": (_REDSHIFT, _texture("tex1")),
    "RedshiftIESLight": (_texture("profile"),),
    "VRayPtex": (_texture("ptexFile"),),
    "VRayLightIESShape": (_texture("iesFile"),),
    "VRayScannedMtl": (_texture("file"),),
    "PxrDomeLight": (_PIXAR_LIGHT,),
    "PxrRectLight": (_PIXAR_LIGHT, _texture("iesProfile")),
    "PxrDiskLight": (_texture("iesProfile"),),
    "PxrSphereLight": (_texture("iesProfile"),),
    "PxrGobo": (_texture("map"),),
    "PxrMultiTexture": tuple(_texture(f"filename{number}") for number in range(10)),
    "AlembicNode": (_cache("abc_File", "fn", rule="alembicCache"),),
    "gpuCache": (_cache("cacheFileName", "cfn", rule="alembicCache"),),
    "aiStandIn": (_cache("dso"),),
    "aiVolume": (_cache("filename", "dso"),),
    "RedshiftProxyMesh": (_cache("fileName", "fn"),),
    "RedshiftVolumeShape": (_cache("fileName", "fn"),),
    "VRayMesh": (_cache("fileName", "fn"),),
    "VRayProxy": (_cache("fileName", "fn"),),
    "VRayVolumeGrid": (_cache("inPath", "inFile"),),
    "OpenVDBRead": (_cache("VdbFilePath"),),
    "mayaUsdProxyShape": (_cache("filePath", "fp", rule="scene"),),
    "pxrUsdProxyShape": (_cache("filePath", "fp", rule="scene"),),
    "xgmPalette": (FileAttribute("xgFileName", ("xfn", "xgFileName"), "cache"),),
    "audio": (FileAttribute("filename", ("f", "filename"), "other", "sound"),),
}
#: Any type of these renderers' shading nodes may have a texture under this name.
_FAMILIES = ("Pxr", "PBRT", "ai", "VRay", "Redshift")
_FAMILY_ATTRIBUTES = (_FILENAME,)

#: Types whose names can carry a frame number that a switch turns on.
_FRAME_EXTENSION = frozenset(("file", "psdFileTex", "movie", "imagePlane"))


def read_files(graph: SceneGraph, places: Places) -> tuple[ExternalFile, ...]:
    """Every file that a node of the scene names, in file order for each node type.

    Args:
        graph: the scene; attributes that hold no path give no file.
        places: where to look for them.
    """
    found: list[ExternalFile] = []
    for kind in sorted(graph.types()):
        for attribute in _attributes(kind):
            for node in graph.of_type(kind):
                path = _written(node, attribute)
                if path:
                    found.append(_look(node, attribute, path, places))
    found.extend(_geometry_caches(graph, places))
    return tuple(found)


def names_files(node_type: str) -> bool:
    """Say whether nodes of a type may name files."""
    return node_type == "cacheFile" or bool(_attributes(node_type))


def _attributes(kind: str) -> tuple[FileAttribute, ...]:
    known = _ATTRIBUTES.get(kind)
    if known is not None:
        return known
    return _FAMILY_ATTRIBUTES if kind.startswith(_FAMILIES) else ()


def _written(node: Node, attribute: FileAttribute) -> str:
    return next(filter(None, (node.text(name) for name in attribute.names)), "")


def _numbering(node: Node) -> Numbering:
    """What a node says about the numbers in its file's name."""
    if node.type not in _FRAME_EXTENSION:
        return ""
    if node.flag("ufe") or node.flag("useFrameExtension"):
        return "frames"
    tiling = node.integer("uvt") or node.integer("uvTilingMode")
    return TILINGS.get(tiling, "")


def _look(
    node: Node, attribute: FileAttribute, path: str, places: Places
) -> ExternalFile:
    """A written path with what stands for it on the disk."""
    pattern = read_pattern(path, _numbering(node))
    if pattern is None:
        where = places.resolve(path, attribute.rule)
        return ExternalFile(
            node.name, attribute.long, path, attribute.kind, bool(where), where
        )
    files = find_numbered(pattern, places, attribute.rule)
    return ExternalFile(
        node=node.name,
        attribute=attribute.long,
        path=path,
        kind=attribute.kind,
        found=files.count > 0 and not files.missing,
        resolved=files.pattern,
        count=files.count,
        missing=files.missing,
    )


def _geometry_caches(graph: SceneGraph, places: Places) -> list[ExternalFile]:
    """`cacheFile` nodes: a folder and a name, whose `.xml` describes the cache."""
    attribute = _cache("cachePath", "cp")
    found = []
    for node in graph.of_type("cacheFile"):
        folder = _written(node, attribute)
        name = node.text("cn") or node.text("cacheName")
        if name:
            path = f"{folder.rstrip('/')}/{name}.xml" if folder else f"{name}.xml"
            found.append(_look(node, attribute, path, places))
    return found
