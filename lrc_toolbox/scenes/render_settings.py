"""The scene's render settings, as Maya or the renderer's own node keeps them.

Answers under a layer's overrides; which renderer keeps what where is
`renderer_settings`' matter. Nothing is evaluated. Any thread that owns the graph.

Source of attribute names and defaults: Autodesk's node reference, `renderGlobals` and
`resolution`, Maya 2018 to 2025, and the real files 01, 02 and 06.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.image_formats import (
    REDSHIFT_FORMATS,
    maya_format,
    named_format,
)
from lrc_toolbox.scenes.layers import Override
from lrc_toolbox.scenes.maya_versions import version_year
from lrc_toolbox.scenes.nodes import Node, as_number
from lrc_toolbox.scenes.output_sequences import FrameNaming, FrameSpan, ImageFormat
from lrc_toolbox.scenes.render_setup import apply_overrides
from lrc_toolbox.scenes.renderer_settings import RendererSettings, renderer_settings
from lrc_toolbox.scenes.snapshot import Timeline
from lrc_toolbox.scenes.values import Value

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
_PLAYBACK = re.compile(rf"-(min|max|ast|aet)\s+({_NUMBER})(?![\w.])")
#: V-Ray and others write a sentence where no prefix was typed:
#: `(not set; using filename)`, `(not set; using scene name)`.
_PLACEHOLDER = re.compile(r"\(not set;[^)]*\)", re.IGNORECASE)
#: `.ar`: frames come from the time slider, not from start and end frame.
_TIME_SLIDER = 1
#: `.peie`: what stands between name and frame number.
_SEPARATORS = ("", ".", "_")
#: `.ofc`: 0 the format's extension, 1 none, 2 `outFormatExt`.
_NO_EXTENSION, _OWN_EXTENSION = 1, 2
_MOST_DIGITS = 32
#: V-Ray's `animType`: 0 single, 1 standard, 2 specific frames.
_SPECIFIC_FRAMES = 2

Overrides = Mapping[tuple[Node, str], list[Override]]


class Settings:
    """The scene's render settings under a layer's overrides."""

    def __init__(self, graph: SceneGraph, overrides: Overrides) -> None:
        self.graph = graph
        self.overrides = overrides
        self._globals = graph.node("defaultRenderGlobals")

    def value(self, node: Node | None, attr: str, default: Value) -> Value:
        """An attribute under the overrides; `default` where nothing is known."""
        if node is None:
            return default
        value = node.get(attr, default)
        changes = self.overrides.get((node, node.short(attr)), [])
        value = apply_overrides(value, changes)
        return default if value is None else value

    def number(self, node: Node | None, attr: str, default: float) -> float:
        """An attribute as a finite number."""
        number = as_number(self.value(node, attr, default))
        return number if math.isfinite(number) else default

    def text(self, node: Node | None, attr: str) -> str:
        """An attribute that holds text; empty where it holds none."""
        value = self.value(node, attr, "")
        return value if isinstance(value, str) else ""

    def says(self, node: Node | None, attr: str) -> bool:
        """True if the file or the layer gives it a value; else a default counts."""
        return node is not None and (
            node.has(attr) or (node, node.short(attr)) in self.overrides
        )

    def renderer(self) -> str:
        """`currentRenderer`; Maya Software where the file does not say."""
        return self.text(self._globals, "ren") or "mayaSoftware"

    def prefix(self) -> str:
        """The file name prefix as a person typed it; empty if not set."""
        known, own = self._own()
        if own is None or not known.prefix:
            return _typed(self.text(self._globals, "ifp"))
        return _typed(self.text(own, known.prefix))

    def driver_prefix(self) -> str:
        """What Arnold's default driver has in the prefix's place; mostly empty.

        A dozen public scripts name pictures so, and tools exist that take a forgotten
        one away: it sends every layer's pictures to one name.
        """
        if self.renderer() != "arnold":
            return ""
        return self.text(self.graph.node("defaultArnoldDriver"), "prefix").strip()

    def template(self) -> str:
        """Folder, name, number and extension, where the renderer keeps them as one.

        RenderMan does; empty for the others, whose names follow `prefix`.
        """
        known, own = self._own()
        return "/".join(
            part.strip("/") if place else part.rstrip("/")
            for place, attr in enumerate(known.template)
            if (part := self.text(own, attr))
        )

    def tokens(self) -> dict[str, str]:
        """What tokens of a name mean that only the settings know, in lower case."""
        found = {"version": self.text(self._globals, "rv")}
        own = self.graph.node("rmanGlobals")
        if own is not None and self.renderer() == "renderman":
            # The plain number, as Royal Render has it. Pixar's page "String tokens in
            # RfM" (23 to 25) only says "the version number specified above".
            for token in ("version", "take"):
                found[token] = str(round(self.number(own, token, 0)))
        return found

    def image_format(self) -> ImageFormat:
        """The format of the renderer's own settings, else of Maya's."""
        number = round(self.number(self._globals, "outf", 7))
        key = self.text(self._globals, "imfkey")
        word = self._own_format()
        found = named_format(word, number, key) if word else maya_format(number, key)
        own = self.text(self._globals, "oft").lstrip(".")
        control = round(self.number(self._globals, "ofc", 0))
        if not word and own and control == _OWN_EXTENSION:
            return replace(found, extension=own)
        return found

    def _own_format(self) -> str:
        """The renderer's word for its format; empty where Maya's setting counts."""
        renderer = self.renderer()
        if renderer == "arnold":
            # mtoa writes with this driver, and makes one that says `exr` where a scene
            # has none yet.
            driver = self.graph.node("defaultArnoldDriver")
            return self.text(driver, "aiTranslator") or "exr"
        if renderer == "redshift":
            # OpenEXR where the file is silent: Redshift's documentation, Output.
            return self.redshift_format(self.graph.node("redshiftOptions"), "exr")
        if renderer == "vray":
            # PNG where the file is silent: OpenPype, Deadline, Royal Render.
            return self.text(self.graph.node("vraySettings"), "imageFormatStr") or "png"
        return self._display_driver() if renderer == "renderman" else ""

    def redshift_format(
        self, node: Node | None, default: str, attr: str = "imageFormat"
    ) -> str:
        """The extension that a number of Redshift's stands for; empty if unknown.

        Args:
            node: the options or an AOV.
            default: what the node's own default is.
            attr: where it keeps the number.
        """
        if not self.says(node, attr):
            return default
        index = round(self.number(node, attr, -1))
        known = 0 <= index < len(REDSHIFT_FORMATS)
        return REDSHIFT_FORMATS[index] if known else ""

    def _display_driver(self) -> str:
        """RenderMan's `<ext>` comes from the node of its first display's driver."""
        node = self.graph.node("rmanGlobals")
        display = self.graph.source(node, "displays[0]") if node else None
        driver = self.graph.source(display.node, "displayType") if display else None
        return driver.node.type if driver else ""

    def naming(self) -> FrameNaming:
        """Where the frame number stands in a picture's name."""
        known, node = self._own()
        if node is not None and known.padding:
            # V-Ray always writes name.0001.ext, four digits unless told otherwise; its
            # own format lacks the first dot (Deadline and Royal Render).
            digits = self._positive(node, known.padding, 4)
            dot = "" if self.image_format().extension == "vrimg" else "."
            return FrameNaming(
                min(digits, _MOST_DIGITS), dot, numbered=self.animation()
            )
        place = round(self.number(self._globals, "peie", 1))
        return FrameNaming(
            padding=min(self._positive(self._globals, "ep", 1), _MOST_DIGITS),
            separator=_SEPARATORS[place] if 0 <= place < len(_SEPARATORS) else ".",
            before_extension=self.number(self._globals, "pff", 0) > 0,
            extension=round(self.number(self._globals, "ofc", 0)) != _NO_EXTENSION,
            numbered=self.animation(),
            first_number=self._first_number(),
            number_step=self.number(self._globals, "be", 1.0),
        )

    def _first_number(self) -> float | None:
        """Where "Renumber frames" starts to count; None where it is off."""
        if self.number(self._globals, "me", 0.0) <= 0:
            return None
        return self.number(self._globals, "se", 1.0)

    def _positive(self, node: Node | None, attr: str, default: int) -> int:
        """A whole number that is set; else `default`."""
        found = round(self.number(node, attr, 0)) if attr else 0
        return found if found > 0 else default

    def _own(self) -> tuple[RendererSettings, Node | None]:
        """Where this renderer keeps what, and the node that it keeps it on."""
        known = renderer_settings(self.renderer())
        return known, self.graph.node(known.node) if known.node else None

    def animation(self) -> bool:
        """Frames are rendered, not only the current one."""
        vray = self.graph.node("vraySettings")
        # V-Ray 2 and older read Maya's setting (Deadline's and AYON's submitters): it
        # counts where the file is silent.
        if self.renderer() == "vray" and self.says(vray, "animType"):
            return self.number(vray, "animType", 0.0) > 0
        return self.number(self._globals, "an", 0.0) > 0

    def frames_listed(self) -> bool:
        """V-Ray renders the frames of its own list, `animFrames`.

        The list is not read: no scene was found that shows under which short name it is
        stored. Public scripts write `1-10,20-30;2` into it.
        """
        node = self.graph.node("vraySettings")
        listed = self.number(node, "animType", 0.0) == _SPECIFIC_FRAMES
        return listed and self.renderer() == "vray"

    def frame_settings(self) -> FrameSpan:
        """Start, end and step, animation or not."""
        node = self._globals
        start, end = self.number(node, "fs", 1.0), self.number(node, "ef", 10.0)
        if self.number(node, "ar", 0.0) == _TIME_SLIDER:
            slider = read_timeline(self.graph)
            if slider is not None:
                start, end = slider.start, slider.end
        return FrameSpan(start, end, self.number(node, "bfs", 1.0) or 1.0)

    def frames(self) -> FrameSpan:
        """What Maya renders: the current frame alone where animation is off."""
        if self.animation():
            return self.frame_settings()
        now = current_time(self.graph)
        return FrameSpan(now, now)

    def resolution(self) -> tuple[int, int]:
        """Width and height in pixels; V-Ray keeps its own."""
        node = self.graph.node("defaultResolution")
        width, height = _default_resolution(self.graph.maya_version)
        width = round(self.number(node, "w", width))
        height = round(self.number(node, "h", height))
        known, own = self._own()
        if known.size is None:
            return width, height
        return (
            self._positive(own, known.size[0], width),
            self._positive(own, known.size[1], height),
        )

    def pixel_aspect(self) -> float:
        """Width of a pixel divided by its height."""
        known, own = self._own()
        if known.pixel_aspect:
            aspect = self.number(own, known.pixel_aspect, 0.0)
            if aspect > 0:
                return aspect
        # Every scene of Maya 2016 and newer stores `.pa`; 1 where one does not.
        aspect = self.number(self.graph.node("defaultResolution"), "pa", 1.0)
        return aspect if aspect > 0 else 1.0


def _typed(prefix: str) -> str:
    """A prefix that somebody typed: placeholders of plug-ins are none."""
    if _PLACEHOLDER.fullmatch(prefix.strip()):
        return ""
    return _PLACEHOLDER.sub("<Scene>", prefix.strip())


def read_timeline(graph: SceneGraph) -> Timeline | None:
    """The time slider, which Maya keeps as a script; None without both ends."""
    script = graph.node("sceneConfigurationScriptNode")
    text = script.text("b") if script else ""
    found = {flag: float(number) for flag, number in _PLAYBACK.findall(text)}
    if not {"min", "max"} <= found.keys() or not all(
        map(math.isfinite, found.values())
    ):
        return None
    start, end = found["min"], found["max"]
    return Timeline(start, end, found.get("ast", start), found.get("aet", end))


def current_time(graph: SceneGraph) -> float:
    """The frame that was shown when the scene was saved."""
    node = graph.node("time1")
    now = node.number("o", 1.0) if node else 1.0
    return now if math.isfinite(now) else 1.0


def renderer_plugin(renderer: str) -> str:
    """The plug-in that a renderer needs; empty for Maya's own and unknown ones."""
    return renderer_settings(renderer).plugin


def requires_plugin(graph: SceneGraph, renderer: str) -> bool:
    """True if the file requires the plug-in that the renderer needs."""
    plugin = renderer_plugin(renderer)
    return bool(plugin) and any(each.name == plugin for each in graph.plugins)


def _default_resolution(maya_version: str) -> tuple[int, int]:
    """960 x 540 from Maya 2014 on, 640 x 480 before (seen in files of both)."""
    year = version_year(maya_version)
    return (640, 480) if year is not None and year < 2014 else (960, 540)
