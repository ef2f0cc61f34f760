"""What changed between two scenes, in the words of their snapshots.

Compares what decides pictures: not the file's size or format, nor what was selected or
shown when it was saved. A `.ma` and an `.mb` of one scene are equal. Any thread.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from lrc_toolbox.scenes.findings import quoted
from lrc_toolbox.scenes.output_sequences import FrameNaming, FrameSpan, ImageFormat
from lrc_toolbox.scenes.preflight_frames import frames_text
from lrc_toolbox.scenes.snapshot import (
    Aov,
    CameraSnapshot,
    ExternalFile,
    LayerSnapshot,
    Plugin,
    ReferenceSnapshot,
    RenderScript,
    SceneSnapshot,
    ScriptNode,
    Timeline,
    Units,
)

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same in both scenes.

    Attributes:
        area: what kind of thing: `scene`, `layer`, `camera`, `aov`, `reference`,
            `file`, `plug-in`, `script`, `nodes`.
        name: which; the setting for `scene`.
        before: in the first scene; empty where it is not there.
        after: in the second scene; empty where it is not there.
        sentence: for people.
    """

    area: str
    name: str
    before: str
    after: str
    sentence: str

    def to_json(self) -> dict[str, str]:
        """The difference as JSON has it."""
        return {key: str(value) for key, value in asdict(self).items()}


@dataclass(frozen=True)
class _Sort(Generic[Item]):
    """How one sort of things is compared.

    Attributes:
        area: of its differences.
        keys: what says that two are the same thing, the surest first.
        name: as a person calls it.
        fields: attribute -> the word for it.
    """

    area: str
    keys: tuple[Callable[[Item], Hashable], ...]
    name: Callable[[Item], str]
    fields: tuple[tuple[str, str], ...]


_SCENE = (
    ("maya_version", "Maya version"),
    ("renderer", "renderer"),
    ("animation", "animated"),
    ("frames", "frames"),
    ("frame_settings", "start, end and step"),
    ("timeline", "timeline"),
    ("fps", "frames per second"),
    ("units", "units"),
    ("resolution", "resolution"),
    ("pixel_aspect", "pixel aspect"),
    ("image_prefix", "file name prefix"),
    ("image_format", "image format"),
    ("naming", "frame numbers in names"),
    ("damage", "damage"),
)
_LAYERS = _Sort[LayerSnapshot](
    "layer",
    (lambda each: each.node, lambda each: each.name),
    lambda each: each.name,
    (
        ("renderable", "renderable"),
        ("order", "place in the list"),
        ("kind", "kind"),
        ("animation", "animated"),
        ("frames", "frames"),
        ("renderer", "renderer"),
        ("resolution", "resolution"),
        ("cameras", "cameras"),
        ("image_prefix", "file name prefix"),
        ("image_format", "image format"),
        ("empty", "empty"),
        ("overridden", "overrides"),
    ),
)
_CAMERAS = _Sort[CameraSnapshot](
    "camera",
    (lambda each: (each.reference, each.node), lambda each: each.name),
    lambda each: each.name,
    (
        ("renderable", "renderable"),
        ("orthographic", "orthographic"),
        ("focal_length", "focal length"),
        ("reference", "file that it comes from"),
    ),
)
_AOVS = _Sort[Aov](
    "aov",
    (lambda each: each.node, lambda each: each.name),
    lambda each: each.name,
    (("enabled", "enabled"), ("type", "type")),
)
_REFERENCES = _Sort[ReferenceSnapshot](
    "reference",
    (
        lambda each: (each.node, each.depth) if each.node else each,
        lambda each: each.path,
    ),
    lambda each: each.node or each.path,
    (
        ("path", "path"),
        ("loaded", "loaded"),
        ("namespace", "namespace"),
        ("prefix", "name prefix"),
        ("found", "found on this disk"),
    ),
)
_FILES = _Sort[ExternalFile](
    "file",
    (lambda each: (each.node, each.attribute), lambda each: each.path),
    lambda each: f"{each.node}.{each.attribute}",
    (
        ("path", "path"),
        ("kind", "kind"),
        ("found", "found on this disk"),
        ("count", "tiles or frames"),
        ("missing", "missing tiles or frames"),
    ),
)
_PLUGINS = _Sort[Plugin](
    "plug-in",
    (lambda each: each.name,),
    lambda each: each.name,
    (("version", "version"),),
)
_SCRIPTS = _Sort[ScriptNode](
    "script",
    (lambda each: each.name,),
    lambda each: each.name,
    (
        ("type", "type"),
        ("language", "language"),
        ("before", "length of the first script"),
        ("after", "length of the last script"),
        ("runs", "running by itself"),
        ("malware", "malware"),
        ("warning", "warning"),
    ),
)
_RENDER_SCRIPTS = _Sort[RenderScript](
    "script",
    (lambda each: each.name,),
    lambda each: each.name,
    (
        ("begins", "first line"),
        ("length", "length"),
        ("malware", "malware"),
        ("warning", "warning"),
    ),
)
#: Maya's own nodes, whose scripts lay out its window and change with every save.
_EVER_CHANGING = ("uiConfigurationScriptNode",)


def differences(one: SceneSnapshot, other: SceneSnapshot) -> tuple[Difference, ...]:
    """Say what changed from one scene to the other.

    A change of the whole scene, such as its frame range, is told once, not again for
    each layer that follows it.

    Returns:
        In a fixed order: the scene's settings, then layers, cameras, AOVs, references,
        files, plug-ins, scripts, nodes; empty for equal scenes.
    """
    return tuple(_all_differences(one, other))


def _all_differences(one: SceneSnapshot, other: SceneSnapshot) -> Iterator[Difference]:
    yield from _scene(one, other)
    shared = _follows(one, other)
    yield from _things(_LAYERS, one.layers, other.layers, shared)
    yield from _things(_CAMERAS, one.cameras, other.cameras)
    yield from _things(_AOVS, one.aovs, other.aovs)
    yield from _things(_REFERENCES, one.references, other.references)
    yield from _things(_FILES, one.files, other.files)
    yield from _things(_PLUGINS, one.plugins, other.plugins)
    yield from _things(_SCRIPTS, _scripts(one), _scripts(other))
    yield from _things(_RENDER_SCRIPTS, one.render_scripts, other.render_scripts)
    yield from _counts(one, other)


def _scene(one: SceneSnapshot, other: SceneSnapshot) -> Iterator[Difference]:
    for attribute, word in _SCENE:
        before, after = getattr(one, attribute), getattr(other, attribute)
        # Start and end say it all where animation is on.
        told = attribute == "frame_settings" and one.frames != other.frames
        if before != after and not told:
            yield _changed("scene", word, "The scene", word, before, after)


def _same(before: object, after: object) -> bool:
    """True for equal values; lens angles come back as 34.99999999999999 mm."""
    if isinstance(before, float) and isinstance(after, float):
        return math.isclose(before, after, rel_tol=1e-9)
    return before == after


def _follows(
    one: SceneSnapshot, other: SceneSnapshot
) -> Callable[[LayerSnapshot, LayerSnapshot, str], bool]:
    """Whether a layer's change is only that of the whole scene."""
    before, after = _shared_values(one), _shared_values(other)

    def follows(old: LayerSnapshot, new: LayerSnapshot, attribute: str) -> bool:
        if attribute not in before or attribute in (*old.overridden, *new.overridden):
            return False
        values = getattr(old, attribute), getattr(new, attribute)
        return values == (before[attribute], after[attribute])

    return follows


def _shared_values(scene: SceneSnapshot) -> dict[str, object]:
    cameras = tuple(each.name for each in scene.cameras if each.renderable)
    names = ("animation", "frames", "renderer", "resolution")
    return {
        "cameras": cameras,
        "image_prefix": scene.image_prefix,
        "image_format": scene.image_format,
        **{name: getattr(scene, name) for name in names},
    }


def _scripts(scene: SceneSnapshot) -> list[ScriptNode]:
    return [each for each in scene.script_nodes if each.name not in _EVER_CHANGING]


def _things(
    sort: _Sort[Item],
    old: Iterable[Item],
    new: Iterable[Item],
    follows: Callable[[Item, Item, str], bool] = lambda *_: False,
) -> Iterator[Difference]:
    pairs, removed, added = _paired(sort, list(old), list(new))
    for each in removed:
        name = sort.name(each)
        sentence = f"{_title(sort.area)} {quoted(name)} was removed."
        yield Difference(sort.area, name, name, "", sentence)
    for each in added:
        name = sort.name(each)
        sentence = f"{_title(sort.area)} {quoted(name)} was added."
        yield Difference(sort.area, name, "", name, sentence)
    for before, after in pairs:
        yield from _pair(sort, before, after, follows)


def _pair(
    sort: _Sort[Item],
    before: Item,
    after: Item,
    follows: Callable[[Item, Item, str], bool],
) -> Iterator[Difference]:
    old, new = sort.name(before), sort.name(after)
    if old != new:
        sentence = f"{_title(sort.area)} {quoted(old)} is now called {quoted(new)}."
        yield Difference(sort.area, new, old, new, sentence)
    for attribute, word in sort.fields:
        values = getattr(before, attribute), getattr(after, attribute)
        if not _same(*values) and not follows(before, after, attribute):
            who = f"{_title(sort.area)} {quoted(new)}"
            yield _changed(sort.area, new, who, word, *values)


def _paired(
    sort: _Sort[Item], old: list[Item], new: list[Item]
) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """Which are the same thing, by the surest key first; and those that are left."""
    pairs: dict[int, tuple[Item, Item]] = {}
    left, right = list(enumerate(old)), list(new)
    for key in sort.keys:
        waiting: dict[Hashable, deque[tuple[int, Item]]] = {}
        for place, each in left:
            waiting.setdefault(key(each), deque()).append((place, each))
        unmatched = []
        for each in right:
            if same := waiting.get(key(each)):
                place, before = same.popleft()
                pairs[place] = (before, each)
            else:
                unmatched.append(each)
        right = unmatched
        left = [(place, each) for place, each in left if place not in pairs]
    ordered = [pairs[place] for place in sorted(pairs)]
    return ordered, [each for _, each in left], right


def _counts(one: SceneSnapshot, other: SceneSnapshot) -> Iterator[Difference]:
    for kind in sorted({*one.node_counts, *other.node_counts}):
        before, after = one.node_counts.get(kind, 0), other.node_counts.get(kind, 0)
        if before != after:
            more = f"{abs(after - before):,} {'more' if after > before else 'fewer'}"
            sentence = f"{more} {kind}: {before:,} became {after:,}."
            yield Difference("nodes", kind, str(before), str(after), sentence)


def _changed(
    area: str, name: str, who: str, word: str, before: object, after: object
) -> Difference:
    old, new = value_text(before), value_text(after)
    if isinstance(before, bool) and isinstance(after, bool):
        sentence = f"{who} is {'now' if after else 'no longer'} {word}."
    else:
        sentence = f"{who}: {word} {_shown(old)} became {_shown(new)}."
    return Difference(area, name, old, new, sentence)


def _shown(text: str) -> str:
    return text if text else "none"


def _title(area: str) -> str:
    return "AOV" if area == "aov" else area.capitalize()


def value_text(value: Any) -> str:
    """A snapshot's value as a person reads it; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, FrameSpan):
        return frames_text(value)
    if isinstance(value, Timeline):
        return frames_text(FrameSpan(value.start, value.end))
    if isinstance(value, (Units, FrameNaming, ImageFormat)):
        return _record_text(value)
    if isinstance(value, tuple):
        return _tuple_text(value)
    return str(value)


def _tuple_text(value: tuple[Any, ...]) -> str:
    numbers = len(value) == 2 and all(isinstance(each, int) for each in value)
    return (" x " if numbers else ", ").join(str(each) for each in value)


def _record_text(value: Units | FrameNaming | ImageFormat) -> str:
    if isinstance(value, Units):
        return f"{value.linear}, {value.angle}, {value.time}"
    if isinstance(value, ImageFormat):
        return f"{value.name} (.{value.extension})" if value.extension else value.name
    number = f"{value.separator}{'#' * value.padding}" if value.numbered else ""
    extension = ".ext" if value.extension else ""
    parts = (number, extension) if value.before_extension else (extension, number)
    anew = ""
    if value.first_number is not None:
        anew = f", numbered anew from {value.first_number:g} by {value.number_step:g}"
    return "name" + "".join(parts) + anew
