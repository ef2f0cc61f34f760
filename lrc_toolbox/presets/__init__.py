"""Presets: fields of submissions, and whole policies, kept under a name.

from lrc_toolbox.presets import Presets
"""

from lrc_toolbox.presets.errors import (
    PresetError,
    PresetExistsError,
    PresetNameError,
    UnknownPresetError,
)
from lrc_toolbox.presets.places import PRESETS_VARIABLE, Place
from lrc_toolbox.presets.presets import Preset, Presets

__all__ = [
    "PRESETS_VARIABLE",
    "Place",
    "Preset",
    "PresetError",
    "PresetExistsError",
    "PresetNameError",
    "Presets",
    "UnknownPresetError",
]
