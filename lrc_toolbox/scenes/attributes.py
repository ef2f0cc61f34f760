"""Names of the attributes that matter for rendering.

Files use short names; people, Render Setup overrides and plug-ins use long ones. Only
what this project reads is listed; `defaults` has the values. Any thread.

Source: Autodesk's node reference (Technical Documentation > Nodes), Maya 2018 to 2025.
"""

from __future__ import annotations

from functools import lru_cache

LIGHTS = (
    "ambientLight",
    "areaLight",
    "directionalLight",
    "pointLight",
    "spotLight",
    "volumeLight",
)
PHONGS = ("anisotropic", "blinn", "phong", "phongE")

#: Long to short, wherever the same long name has the same short one on every node.
_SHORT = {
    # dagNode and transform
    "visibility": "v",
    "intermediateObject": "io",
    "template": "tmp",
    "lodVisibility": "lodv",
    "drawOverride": "do",
    "drawInfo": "di",
    "overrideEnabled": "ove",
    "overrideVisibility": "ovv",
    "overrideDisplayType": "ovdt",
    "instObjGroups": "iog",
    "objectGroups": "og",
    "objectGrpCompList": "gcl",
    "objectGroupId": "gid",
    "rotateOrder": "ro",
    "rotateAxis": "ra",
    "rotatePivot": "rp",
    "rotatePivotTranslate": "rpt",
    "scalePivot": "sp",
    "scalePivotTranslate": "spt",
    "shear": "sh",
    "inheritsTransform": "it",
    "offsetParentMatrix": "opm",
    "jointOrient": "jo",
    "inverseScale": "is",
    "segmentScaleCompensate": "ssc",
    "worldMatrix": "wm",
    "parentMatrix": "pm",
    "parentInverseMatrix": "pim",
    "message": "msg",
    # shapes
    "inMesh": "i",
    "pnts": "pt",
    "vrts": "vt",
    "face": "fc",
    "normals": "n",
    "uvSet": "uvst",
    "uvSetPoints": "uvsp",
    "uvSetName": "uvsn",
    "currentUVSet": "cuvs",
    "doubleSided": "ds",
    "opposite": "op",
    "castsShadows": "csh",
    "receiveShadows": "rcsh",
    "primaryVisibility": "vis",
    "visibleInReflections": "vir",
    "visibleInRefractions": "vif",
    # camera
    "renderable": "rnd",
    "focalLength": "fl",
    "cameraAperture": "cap",
    "horizontalFilmAperture": "hfa",
    "verticalFilmAperture": "vfa",
    "filmFit": "ff",
    "filmFitOffset": "ffo",
    "filmOffset": "fio",
    "horizontalFilmOffset": "hfo",
    "verticalFilmOffset": "vfo",
    "lensSqueezeRatio": "lsr",
    "cameraScale": "cs",
    "preScale": "psc",
    "postScale": "ptsc",
    "filmTranslateH": "fth",
    "filmTranslateV": "ftv",
    "filmRollValue": "frv",
    "nearClipPlane": "ncp",
    "farClipPlane": "fcp",
    "orthographic": "o",
    "orthographicWidth": "ow",
    "centerOfInterest": "coi",
    "depthOfField": "dof",
    "focusDistance": "fd",
    "shutterAngle": "sa",
    # lights
    "intensity": "in",
    "emitDiffuse": "ed",
    "emitSpecular": "sn",
    "decayRate": "de",
    "coneAngle": "ca",
    "penumbraAngle": "pa",
    "dropoff": "dro",
    "ambientShade": "as",
    "useRayTraceShadows": "urs",
    # shading
    "surfaceShader": "ss",
    "displacementShader": "ds",
    "volumeShader": "vs",
    "dagSetMembers": "dsm",
    "outColor": "oc",
    "outAlpha": "oa",
    "outTransparency": "ot",
    "transparency": "it",
    "ambientColor": "ambc",
    "incandescence": "ic",
    "diffuse": "dc",
    "translucence": "tc",
    "cosinePower": "cp",
    "eccentricity": "ec",
    "specularRollOff": "sro",
    "reflectivity": "rfl",
    "reflectedColor": "rc",
    "fileTextureName": "ftn",
    "colorGain": "cg",
    "colorOffset": "co",
    "invert": "iv",
    "uvCoord": "uv",
    "repeatUV": "re",
    "rotateUV": "rf",
    "outUV": "o",
    # render globals, resolution, layers
    "startFrame": "fs",
    "endFrame": "ef",
    "byFrameStep": "bfs",
    "animation": "an",
    "animationRange": "ar",
    "currentRenderer": "ren",
    "imageFilePrefix": "ifp",
    "imageFormat": "outf",
    "imfPluginKey": "imfkey",
    "extensionPadding": "ep",
    "putFrameBeforeExt": "pff",
    "periodInExt": "peie",
    "outFormatControl": "ofc",
    "outFormatExt": "oft",
    "renderVersion": "rv",
    "deviceAspectRatio": "dar",
    "pixelAspect": "pa",
    "lockDeviceAspectRatio": "ldar",
    "displayOrder": "do",
    # animation and arithmetic
    "keyTimeValue": "ktv",
    "tangentType": "tan",
    "weightedTangents": "wgt",
    "keyTanInType": "kit",
    "keyTanOutType": "kot",
    "keyTanInX": "kix",
    "keyTanInY": "kiy",
    "keyTanOutX": "kox",
    "keyTanOutY": "koy",
    "preInfinity": "pre",
    "postInfinity": "pst",
    "conversionFactor": "cf",
    "inputGeometry": "ig",
    "outputGeometry": "og",
    # primitive generators
    "radius": "r",
    "sectionRadius": "sr",
    "axis": "ax",
    "subdivisionsAxis": "sa",
    "subdivisionsHeight": "sh",
    "subdivisionsWidth": "sw",
    "subdivisionsDepth": "sd",
    "subdivisionsCaps": "sc",
    "roundCap": "rcp",
    "createUVs": "cuv",
}
for _stem, _short in (("translate", "t"), ("rotate", "r"), ("scale", "s")):
    _SHORT[_stem] = _short
    _SHORT.update({f"{_stem}{axis}": f"{_short}{axis.lower()}" for axis in "XYZ"})
for _stem, _short in (("input1", "i1"), ("input2", "i2")):
    _SHORT[_stem] = _short
    _SHORT.update({f"{_stem}{axis}": f"{_short}{axis.lower()}" for axis in "XYZ"})

_LIGHT = {"color": "cl", "shadowColor": "sc"}
_SHADER = {
    "color": "c",
    "colorR": "cr",
    "colorG": "cg",
    "colorB": "cb",
    "specularColor": "sc",
}
_SURFACE = {
    "base": "b",
    "baseColor": "bc",
    "diffuseRoughness": "dr",
    "metalness": "m",
    "specular": "s",
    "specularColor": "sc",
    "specularRoughness": "sr",
    "specularIOR": "sior",
    "specularAnisotropy": "san",
    "transmission": "t",
    "transmissionColor": "tc",
    "subsurface": "ss",
    "subsurfaceColor": "ssc",
    "coat": "ct",
    "coatColor": "ctc",
    "coatRoughness": "ctr",
    "sheen": "sh",
    "emission": "e",
    "emissionColor": "ec",
    "opacity": "o",
}
#: mtoa's own spelling of the same names; the shorts are what the files carry.
_ARNOLD_SURFACE = {
    "baseColor": "base_color",
    "diffuseRoughness": "diffuse_roughness",
    "specularColor": "specular_color",
    "specularRoughness": "specular_roughness",
    "specularIOR": "specular_IOR",
    "specularAnisotropy": "specular_anisotropy",
    "transmissionColor": "transmission_color",
    "subsurfaceColor": "subsurface_color",
    "coatColor": "coat_color",
    "coatRoughness": "coat_roughness",
    "emissionColor": "emission_color",
}
_ARNOLD_LIGHT = {"color": "sc", "intensity": "intensity"}
#: Short names as public scenes of mtoa 3 to 5 store them (`.aoven`, `.merge_AOVs`);
#: `aovm` from mtoa's options node, `ann` from its Render Setup selector, `pre` from a
#: dozen public scripts.
_ARNOLD_OUTPUT: dict[str, dict[str, str]] = {
    "aiAOV": {
        "enabled": "aoven",
        "name": "aovn",
        "outputs": "out",
        "globalAov": "ga",
        "lightGroups": "lg",
        "lightGroupsList": "lgl",
    },
    "aiAOVDriver": {
        "mergeAOVs": "merge_AOVs",
        "prefix": "pre",
        "aiTranslator": "ai_translator",
        "outputMode": "output_mode",
    },
    "aiOptions": {"aovMode": "aovm"},
    "arnoldAOVChildSelector": {"arnoldAOVNodeName": "ann"},
}
_GLOBALS = {
    "preMel": "pram",
    "postMel": "poam",
    "preRenderLayerMel": "prlm",
    "postRenderLayerMel": "polm",
    "preRenderMel": "prm",
    "postRenderMel": "pom",
    "preFurRenderMel": "pfrm",
    "postFurRenderMel": "pfom",
}
#: As public scenes of V-Ray 3 to 7 store them.
_VRAY_SETTINGS = {
    "width": "wi",
    "height": "he",
    "pixelAspect": "pxa",
    "fileNamePrefix": "fnprx",
    "imageFormatStr": "imgfs",
    "animType": "animtp",
    "postTranslatePython": "ptp",
}
_GENERATOR = {
    "output": "out",
    "width": "w",
    "height": "h",
    "depth": "d",
    "thickness": "t",
}
_PASSING = {"output": "o", "input": "i", "operation": "op"}

_SURFACES = ("standardSurface", "openPBRSurface")
_GENERATORS = (
    "polyCone", "polyCylinder", "polyDisc", "polyHelix", "polyPipe",
    "polyPlatonicSolid", "polyPrism", "polyPyramid", "polySphere", "polyTorus",
)  # fmt: skip
_CURVES = ("animCurveTL", "animCurveTA", "animCurveTU", "animCurveTT")
_ARITHMETIC = ("addDoubleLinear", "multDoubleLinear", "multiplyDivide", "reverse")

#: Long names whose short form depends on the node's type.
_SHORT_BY_TYPE: dict[str, dict[str, str]] = {
    **dict.fromkeys(LIGHTS, _LIGHT),
    **dict.fromkeys((*PHONGS, "lambert"), _SHADER),
    **dict.fromkeys(_SURFACES, _SURFACE),
    **dict.fromkeys(("aiSkyDomeLight", "aiAreaLight"), _ARNOLD_LIGHT),
    **dict.fromkeys((*_GENERATORS, "polyCube", "polyPlane"), _GENERATOR),
    **dict.fromkeys((*_CURVES, *_ARITHMETIC, "unitConversion"), _PASSING),
    "aiStandardSurface": _ARNOLD_SURFACE,
    **_ARNOLD_OUTPUT,
    "VRaySettingsNode": _VRAY_SETTINGS,
    "renderGlobals": _GLOBALS,
    "renderLayer": {"renderable": "rndr", "global": "g"},
    "resolution": {"width": "w", "height": "h"},
    "camera": {"fStop": "fs"},
}

#: Compounds whose children are not the parent's name plus x y z or r g b.
_ODD_CHILDREN: dict[str, tuple[str, ...]] = {
    "sh": ("shxy", "shxz", "shyz"),
    "cap": ("hfa", "vfa"),
    "fio": ("hfo", "vfo"),
    "ambc": ("acr", "acg", "acb"),
    "ic": ("ir", "ig", "ib"),
    "re": ("reu", "rev"),
}
_PHONG_CHILDREN: dict[str, tuple[str, ...]] = {
    "sc": ("sr", "sg", "sb"),
    "rc": ("rr", "rg", "rb"),
}
_LIGHT_CHILDREN: dict[str, tuple[str, ...]] = {"cl": ("cr", "cg", "cb")}
_ODD_BY_TYPE: dict[str, dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(PHONGS, _PHONG_CHILDREN),
    **dict.fromkeys(LIGHTS, _LIGHT_CHILDREN),
}
#: Compounds of x, y and z; all others are taken for colours.
_VECTORS = frozenset(
    [
        *("t", "r", "s", "rp", "rpt", "sp", "spt", "ra", "jo", "is", "i", "i1", "i2"),
        *("o", "it1", "it2", "ir1", "ir2", "ot", "or", "ax", "a", "u", "wu", "tt"),
    ]
)


@lru_cache(maxsize=8192)
def short_name(node_type: str, attr: str) -> str:
    """The short form of an attribute path, each part for itself; unknown parts stay.

    `short_name("mesh", "instObjGroups[0].objectGroups[1]")` is `iog[0].og[1]`.
    """
    own = _SHORT_BY_TYPE.get(node_type, {})
    parts = []
    for part in attr.split("."):
        name, bracket, index = part.partition("[")
        parts.append(own.get(name) or _SHORT.get(name, name))
        parts[-1] += bracket + index
    return ".".join(parts)


@lru_cache(maxsize=8192)
def children(node_type: str, attr: str) -> tuple[str, ...]:
    """The child names of a compound: `tx ty tz` of `t`, `cr cg cb` of `c`.

    A name that is no compound gives names that no file stores.
    """
    odd = _ODD_BY_TYPE.get(node_type, {}).get(attr) or _ODD_CHILDREN.get(attr)
    if odd:
        return odd
    return tuple(attr + axis for axis in ("xyz" if attr in _VECTORS else "rgb"))


@lru_cache(maxsize=8192)
def parent_of(node_type: str, attr: str) -> tuple[str, int] | None:
    """The compound that a child belongs to and its place in it; None for no child."""
    for parent in ("sh", "cap", "fio", "ambc", "ic", "re", "sc", "rc", "cl"):
        names = children(node_type, parent)
        if attr in names:
            return parent, names.index(attr)
    stem, last = attr[:-1], attr[-1:]
    if stem and last and attr in children(node_type, stem):
        return stem, children(node_type, stem).index(attr)
    return None


@lru_cache(maxsize=8192)
def related(node_type: str, attr: str) -> frozenset[str]:
    """The names under which an attribute's value may be stored.

    Itself, its children, its compound, and the array that it is an element of.
    """
    names = {attr, *children(node_type, attr), attr.rpartition("[")[0]}
    found = parent_of(node_type, attr)
    return frozenset(names | {found[0]} if found else names)
