"""What is wrong or doubtful about a scene: one sentence each, and what to do about it.

Owns the words and the table of every kind of finding; what is looked for is
`preflight`'s matter. `docs/preflight.md` is held against the table. Any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")

#: Longer names are cut in sentences: a damaged file may hold a name of megabytes.
_LONGEST_NAME = 160
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding.

    Attributes:
        level: an error spoils the render, a warning may, a note is only to be known.
        meaning: what is the matter, in one line.
        remedy: what to do about it, in one line.
    """

    level: Level
    meaning: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful.

    Attributes:
        level: an error spoils the render, a warning may, a note is only to be known.
        code: the kind of finding, for programs; a key of `KINDS`.
        message: one sentence that names the thing.
        remedy: one sentence saying what to do.
        where: the layer, node or file; empty where it is the whole scene.
    """

    level: Level
    code: str
    message: str
    remedy: str = ""
    where: str = ""

    def to_json(self) -> dict[str, str]:
        """The finding as JSON has it."""
        return {key: str(value) for key, value in asdict(self).items()}


#: Every kind of finding by its code. Codes stay: programs rely on them.
KINDS: Mapping[str, Kind] = {
    "file_unreadable": Kind(
        "error",
        "The file is not there, cannot be read, or is no Maya scene.",
        "Check the path; save the scene again, or take a backup.",
    ),
    "file_damaged": Kind(
        "error",
        "The file could be read only in part.",
        "Save the scene again, or take a backup.",
    ),
    "file_end_missing": Kind(
        "note",
        "The mark that Maya writes at a file's end is not there.",
        "Open the scene and check that nothing is missing, then save it again.",
    ),
    "scene_newer_than_maya": Kind(
        "error",
        "A newer Maya than the chosen one saved the scene.",
        "Render with the Maya that saved it, or a newer one.",
    ),
    "text_encoding": Kind(
        "note",
        "Names are stored in the encoding of another system.",
        "Save the scene as .mb, or with UTF-8, before it goes to another system.",
    ),
    "education_licence": Kind(
        "note",
        "The scene was saved with an education licence.",
        "Check that the work may be delivered.",
    ),
    "non_ascii_path": Kind(
        "warning",
        "A path has letters that its renderer is known to fail on.",
        "Use plain letters and digits in folders and file names.",
    ),
    "no_renderable_layer": Kind(
        "error",
        "No render layer is on.",
        "Make a layer renderable.",
    ),
    "layer_empty": Kind(
        "warning",
        "A renderable layer holds nothing.",
        "Put objects into the layer or switch it off.",
    ),
    "legacy_layers": Kind(
        "warning",
        "The scene has legacy render layers, which this Maya does not show by itself.",
        "Set MAYA_ENABLE_LEGACY_RENDER_LAYERS=1 for the render.",
    ),
    "renderers_mixed": Kind(
        "note",
        "Layers are rendered by different renderers.",
        "Let each layer use its own renderer (-r file).",
    ),
    "no_camera": Kind(
        "error",
        "A layer has no renderable camera.",
        "Make a camera renderable in the Render Settings.",
    ),
    "camera_unknown": Kind(
        "warning",
        "No renderable camera was found, but a reference could not be looked into.",
        "Check in Maya that a camera is renderable.",
    ),
    "several_cameras": Kind(
        "warning",
        "A layer is rendered through several cameras, each making every picture.",
        "Leave only the wanted cameras renderable.",
    ),
    "startup_camera": Kind(
        "warning",
        "A layer is rendered through one of Maya's own cameras, such as persp.",
        "Make the shot's camera renderable, and Maya's own not.",
    ),
    "animation_off": Kind(
        "warning",
        "Animation is off, so a single frame is rendered.",
        'Set "Frame/Animation ext" in the Render Settings to a name with #.',
    ),
    "one_frame": Kind(
        "warning",
        "Start and end frame are the same.",
        "Set start and end frame if a sequence is wanted.",
    ),
    "frames_backwards": Kind(
        "error",
        "The start frame comes after the end frame.",
        "Swap start and end frame.",
    ),
    "frame_step_wrong": Kind(
        "error",
        "The frame step is zero or negative.",
        "Set the step to 1.",
    ),
    "frames_fractional": Kind(
        "warning",
        "Frames are not whole numbers, but file names count whole frames.",
        "Use whole frames, or switch on renumbering.",
    ),
    "frames_listed": Kind(
        "warning",
        "V-Ray is set to render a list of frames, which is not read here.",
        "Say which frames to render, or set V-Ray's animation to standard.",
    ),
    "timeline_differs": Kind(
        "warning",
        "The frames to render are not those of the timeline.",
        "Set start and end frame to what should be rendered.",
    ),
    "many_frames": Kind(
        "warning",
        "A layer has more than 10,000 frames.",
        "Check start, end and step.",
    ),
    "resolution_wrong": Kind(
        "error",
        "Width or height is zero or negative.",
        "Set the size in the Render Settings.",
    ),
    "resolution_large": Kind(
        "warning",
        "Width or height is more than 16,384 pixels.",
        "Check the size, or render it in regions.",
    ),
    "pixel_aspect": Kind(
        "note",
        "Pixels are not square.",
        "Set the pixel aspect ratio to 1 unless the delivery asks for it.",
    ),
    "renderer_unsupported": Kind(
        "error",
        "The renderer is not one that is supported here.",
        "Choose a supported renderer, or use the command engine.",
    ),
    "renderer_retired": Kind(
        "warning",
        "The renderer is an old one that many render machines lack.",
        "Choose another renderer.",
    ),
    "plugin_not_required": Kind(
        "warning",
        "The scene does not load the plug-in that its renderer needs.",
        "Load the plug-in in Maya and save the scene again.",
    ),
    "plugin_leftover": Kind(
        "warning",
        "The scene loads the plug-in of a renderer that no layer uses.",
        "Remove its leftovers, or make sure render machines have it.",
    ),
    "image_format_unwritable": Kind(
        "warning",
        "The image format is not one that the renderer writes.",
        "Choose another image format in the Render Settings.",
    ),
    "outputs_collide": Kind(
        "error",
        "Layers, cameras or AOVs write the same files.",
        "Put <RenderLayer>, <Camera> or <RenderPass> into the file name prefix.",
    ),
    "outputs_not_checked": Kind(
        "warning",
        "Too many pictures to check their names and how much room they take.",
        "Switch off the layers and cameras that are not to be rendered.",
    ),
    "frames_collide": Kind(
        "error",
        "All frames of a sequence have one file name.",
        'Set "Frame/Animation ext" to a name with #.',
    ),
    "output_folder_missing": Kind(
        "note",
        "The output folder is not there yet.",
        "Nothing: it is made when the render begins.",
    ),
    "output_folder_unwritable": Kind(
        "error",
        "Pictures cannot be written to the output folder.",
        "Choose a folder you may write to.",
    ),
    "disk_too_small": Kind(
        "error",
        "The pictures need more room than the disk has.",
        "Make room, or choose another folder.",
    ),
    "disk_nearly_full": Kind(
        "warning",
        "The pictures will nearly fill the disk.",
        "Make room, or choose another folder.",
    ),
    "texture_missing": Kind(
        "error",
        "Textures are not where the scene says.",
        "Put back what is missing, or correct the path in the File Path Editor.",
    ),
    "cache_missing": Kind(
        "error",
        "Caches are not where the scene says.",
        "Put back what is missing, or correct the path in the File Path Editor.",
    ),
    "file_missing": Kind(
        "warning",
        "Other files are not where the scene says.",
        "Put back what is missing, or correct the path in the File Path Editor.",
    ),
    "files_incomplete": Kind(
        "warning",
        "Some tiles or frames of a texture or cache are missing.",
        "Put the missing ones back.",
    ),
    "reference_missing": Kind(
        "error",
        "References are not where the scene says.",
        "Put back what is missing, or correct the path in the Reference Editor.",
    ),
    "nested_reference_missing": Kind(
        "error",
        "References within references are not where they should be.",
        "Correct the path in the scene that holds the reference.",
    ),
    "reference_unreadable": Kind(
        "warning",
        "A reference is there but could not be looked into.",
        "Open it in Maya and save it again.",
    ),
    "reference_unloaded": Kind(
        "note",
        "References are unloaded, so they are not rendered.",
        "Load them in the Reference Editor if they should be seen.",
    ),
    "malware": Kind(
        "error",
        "A script looks like known Maya malware.",
        "Don't open the scene; clean it with Autodesk's security tools.",
    ),
    "script_runs": Kind(
        "warning",
        "A script node runs by itself when the scene is opened or rendered.",
        "Read the script in the Expression Editor and delete it if it is not yours.",
    ),
    "render_script_runs": Kind(
        "warning",
        "The render settings hold scripts, which a batch render runs by itself.",
        "Read them in the Render Settings and clear what is not yours.",
    ),
    "script_doubtful": Kind(
        "warning",
        "A script does something that scenes seldom need.",
        "Read the script in the Expression Editor and delete it if it is not yours.",
    ),
}


def found(code: str, message: str, remedy: str = "", *, where: str = "") -> Finding:
    """A finding with its kind's level.

    Args:
        code: a key of `KINDS`.
        message: one sentence that names the thing.
        remedy: one sentence; empty for the kind's own.
        where: the layer, node or file.
    """
    kind = KINDS[code]
    return Finding(kind.level, code, message, remedy or kind.remedy, where)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors, then warnings, then notes; within each, the order given."""
    return tuple(sorted(findings, key=lambda each: LEVELS.index(each.level)))


def quoted(name: str) -> str:
    """A name for a sentence, in quotes and of bearable length."""
    cut = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3]}..."
    return f'"{cut}"'


def gathered(names: Iterable[str]) -> str:
    """Many names for one sentence: the first three and how many more."""
    each = list(dict.fromkeys(names))
    shown = ", ".join(quoted(name) for name in each[:_SHOWN])
    more = len(each) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown
