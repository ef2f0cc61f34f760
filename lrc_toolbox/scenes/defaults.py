"""What an attribute holds when the file does not say: Maya leaves defaults out.

Only what this project reads is listed, by short names. Any thread.

Source: Autodesk's node reference (Technical Documentation > Nodes), Maya 2018 to 2025.
"""

from __future__ import annotations

from lrc_toolbox.scenes.attributes import LIGHTS, PHONGS
from lrc_toolbox.scenes.values import Value

_TRANSFORM_DEFAULTS: dict[str, Value] = {
    "s": (1.0, 1.0, 1.0),
    "is": (1.0, 1.0, 1.0),
    **dict.fromkeys(("t", "r", "sh", "ra", "jo"), (0.0, 0.0, 0.0)),
    **dict.fromkeys(("rp", "rpt", "sp", "spt"), (0.0, 0.0, 0.0)),
    "ro": 0,
    "it": True,
    "ssc": True,
}
_DAG_DEFAULTS: dict[str, Value] = {
    "v": True,
    "lodv": True,
    "io": False,
    "ove": False,
    "ovv": True,
}
_LIGHT_DEFAULTS: dict[str, Value] = {
    "cl": (1.0, 1.0, 1.0),
    "in": 1.0,
    "de": 0,
    "ed": True,
    "sn": True,
}
# The grey of lambert, blinn and phong is 0.5 in every Maya to 2025.
_LAMBERT_DEFAULTS: dict[str, Value] = {
    "c": (0.5, 0.5, 0.5),
    "dc": 0.8,
    "it": (0.0, 0.0, 0.0),
    "ic": (0.0, 0.0, 0.0),
    "ambc": (0.0, 0.0, 0.0),
    "tc": 0.0,
}
_PHONG_DEFAULTS: dict[str, Value] = {
    **_LAMBERT_DEFAULTS,
    "sc": (0.5, 0.5, 0.5),
    "rfl": 0.5,
    "cp": 20.0,
    "ec": 0.3,
    "sro": 0.7,
}
_SURFACE_DEFAULTS: dict[str, Value] = {
    "b": 1.0,
    "bc": (0.8, 0.8, 0.8),
    "m": 0.0,
    "s": 1.0,
    "sc": (1.0, 1.0, 1.0),
    "sr": 0.2,
    "sior": 1.5,
    "e": 0.0,
    "ec": (1.0, 1.0, 1.0),
    "t": 0.0,
    "o": (1.0, 1.0, 1.0),
}
_ARNOLD_DEFAULTS: dict[str, Value] = {
    "base": 0.8,
    "base_color": (1.0, 1.0, 1.0),
    "metalness": 0.0,
    "specular": 1.0,
    "specular_color": (1.0, 1.0, 1.0),
    "specular_roughness": 0.2,
    "specular_IOR": 1.5,
    "emission": 0.0,
    "emission_color": (1.0, 1.0, 1.0),
    "transmission": 0.0,
    "opacity": (1.0, 1.0, 1.0),
}
_CAMERA_DEFAULTS: dict[str, Value] = {
    **_DAG_DEFAULTS,
    "rnd": True,
    "fl": 35.0,
    "cap": (1.41732, 0.94488),
    "ff": 1,
    "fio": (0.0, 0.0),
    "ffo": 0.0,
    "lsr": 1.0,
    "cs": 1.0,
    "psc": 1.0,
    "ptsc": 1.0,
    "ncp": 0.1,
    "fcp": 10_000.0,
    "o": False,
    "ow": 10.0,
    "dof": False,
    "fs": 5.6,
    "fd": 5.0,
    "coi": 5.0,
}
#: `.outf` 7 is Maya IFF; 51 means that `.imfkey` names the format.
_GLOBALS_DEFAULTS: dict[str, Value] = {
    "fs": 1.0,
    "ef": 10.0,
    "bfs": 1.0,
    "an": False,
    "ar": 0,
    "ren": "mayaSoftware",
    "outf": 7,
    "ifp": "",
}
_TRANSFORM = {**_DAG_DEFAULTS, **_TRANSFORM_DEFAULTS}
_LIGHT = {**_DAG_DEFAULTS, **_LIGHT_DEFAULTS}
_DEFAULTS_BY_TYPE: dict[str, dict[str, Value]] = {
    **dict.fromkeys(LIGHTS, _LIGHT),
    **dict.fromkeys(PHONGS, _PHONG_DEFAULTS),
    "transform": _TRANSFORM,
    "joint": _TRANSFORM,
    "camera": _CAMERA_DEFAULTS,
    "mesh": {**_DAG_DEFAULTS, "ds": True, "op": False, "vis": True, "csh": True},
    "spotLight": {**_LIGHT, "ca": 40.0, "pa": 0.0, "dro": 0.0},
    "lambert": _LAMBERT_DEFAULTS,
    "standardSurface": _SURFACE_DEFAULTS,
    "aiStandardSurface": _ARNOLD_DEFAULTS,
    "renderLayer": {"rndr": True, "do": 0, "g": False},
    "renderGlobals": _GLOBALS_DEFAULTS,
    "displayLayer": {"v": True},
}


def default_value(node_type: str, attr: str) -> Value | None:
    """Maya's default for a short name; None where it is not known here."""
    return _DEFAULTS_BY_TYPE.get(node_type, _DAG_DEFAULTS).get(attr)
