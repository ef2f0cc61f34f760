"""The page that `lrc inspect` prints about one scene. Pure: no disk, no clock.

A section without anything to tell is left out. Long lists end with how many more there
are, unless all is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from lrc_toolbox.cli.columns import Cell, Column, Rows, fixed, is_ascii
from lrc_toolbox.cli.terminal import broken
from lrc_toolbox.jobs.wording import count, listed, printable
from lrc_toolbox.scenes.findings import Finding, Level
from lrc_toolbox.scenes.inspection import Inspection
from lrc_toolbox.scenes.output_sequences import OutputSequence
from lrc_toolbox.scenes.preflight_frames import frames_text
from lrc_toolbox.scenes.snapshot import (
    CameraSnapshot,
    ExternalFile,
    LayerSnapshot,
    ReferenceSnapshot,
    RenderScript,
    SceneSnapshot,
    ScriptNode,
)

_MOST_LINES = 12
LEVEL_STYLE: dict[Level, str] = {
    "error": "bold red",
    "warning": "yellow",
    "note": "cyan",
}
_INDENT = " " * 10
_WIDEST_NAME = 32
_SIZES = ("bytes", "KB", "MB", "GB")


class ScenePage:
    """One scene for a person to read.

    Args:
        inspection: what is known about it.
        everything: long lists are shown whole.
    """

    def __init__(self, inspection: Inspection, *, everything: bool = False) -> None:
        self._scene = inspection.snapshot
        self._findings = inspection.findings
        self._everything = everything

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        scene = self._scene
        yield Text(printable(scene.path), "bold")
        yield from _facts(scene)
        yield from self._layers(is_ascii(options))
        yield from self._section("Pictures", _pictures(scene.outputs))
        yield from self._section("Cameras", _cameras(scene))
        aovs = list(dict.fromkeys(aov.name for aov in scene.aovs if aov.enabled))
        yield from self._section("AOVs", [_line(listed(aovs, 1000))] if aovs else [])
        references = [_reference(each) for each in scene.references]
        yield from self._section("References", references)
        yield from self._files()
        # Maya writes a plug-in once for each flag of `requires`.
        plugins = dict.fromkeys(f"{each.name} {each.version}" for each in scene.plugins)
        yield from self._section("Plug-ins", [_line(each) for each in plugins])
        yield from self._section("Scripts", _scripts(scene))
        if self._findings:
            yield Text("\nFindings", "bold")
            for finding in self._findings:
                yield from finding_lines(finding, console)

    def _layers(self, plain: bool) -> Iterator[Text | Rows]:
        if not self._scene.layers:
            return
        yield Text("\nLayers", "bold")
        yield _layer_rows(self._scene.layers, plain)

    def _section(self, title: str, lines: Sequence[Text]) -> Iterator[Text]:
        if not lines:
            return
        yield Text(f"\n{title}", "bold")
        limit = len(lines) if self._everything else _MOST_LINES
        yield from lines[:limit]
        if len(lines) > limit:
            yield Text(f"  {len(lines) - limit} more; --all shows them", "dim")

    def _files(self) -> Iterator[Text]:
        # Nodes that share a picture name one file.
        files = list({(e.path, e.found): e for e in self._scene.files}.values())
        if not files:
            return
        absent = [each for each in files if not each.found]
        found = f"{len(files) - len(absent)} of {count(len(files), 'file')} found"
        yield from self._section("Files", [_line(found), *map(_absent, absent)])


def finding_lines(finding: Finding, screen: Console) -> Iterator[Text]:
    """Yield a finding's sentence, and what to do about it, below each other."""
    label = (f"  {finding.level:<8}", LEVEL_STYLE[finding.level])
    first, *more = broken(finding.message, len(_INDENT), screen)
    yield Text.assemble(label, first)
    for line in more:
        yield Text(_INDENT + line)
    for line in broken(finding.remedy, len(_INDENT), screen) if finding.remedy else ():
        yield Text(_INDENT + line, "dim")


def _facts(scene: SceneSnapshot) -> Iterator[Text]:
    off = "" if scene.animation else ", a single frame: animation is off"
    width, height = scene.resolution
    facts = [
        ("Maya", scene.maya_version or "version not said"),
        ("size", file_size(scene.size) if scene.size else ""),
        ("renderer", scene.renderer),
        ("frames", f"{frames_text(scene.frames)} at {scene.fps:g} fps{off}"),
        ("picture", f"{width} x {height}"),
        ("prefix", scene.image_prefix),
    ]
    for label, value in facts:
        if value:
            yield Text.assemble((f"  {label:<10}", "dim"), printable(value))


def file_size(size: int) -> str:
    """Write a size for people: `812 bytes`, `3.4 MB`."""
    amount = float(size)
    for unit in _SIZES:
        if amount < 1000 or unit == _SIZES[-1]:
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == _SIZES[0] else f"{amount:.1f} {unit}"


def _layer_rows(layers: Sequence[LayerSnapshot], plain: bool) -> Rows:
    yes = "x" if plain else "✓"
    marks = [Cell(yes if each.renderable else "", "green") for each in layers]
    names = [Cell(printable(each.name)) for each in layers]
    frames = [Cell(frames_text(each.frames)) for each in layers]
    renderers = [Cell(printable(each.renderer)) for each in layers]
    sizes = [Cell("{}x{}".format(*each.resolution)) for each in layers]
    cameras = [
        Cell(printable(listed(list(each.cameras))))
        if each.cameras
        else Cell("none", "yellow")
        for each in layers
    ]
    rows = Rows(
        [
            Column("", 1, 1),
            Column("layer", max(cell_len(cell.text) for cell in names), 8),
            fixed("frames", frames),
            fixed("renderer", renderers, 2),
            fixed("size", sizes, 1),
            Column("cameras", max(7, *(cell_len(cell.text) for cell in cameras)), 7, 3),
        ],
        indent=2,
    )
    rows.add_header()
    for cells in zip(marks, names, frames, renderers, sizes, cameras, strict=True):
        rows.add(*cells)
    return rows


def _shown(scene: SceneSnapshot) -> list[CameraSnapshot]:
    """Cameras worth a line: Maya's own four only where they are rendered."""
    return [each for each in scene.cameras if each.renderable or not each.startup]


def _cameras(scene: SceneSnapshot) -> list[Text]:
    cameras = _shown(scene)
    names = [printable(each.name) for each in cameras]
    return [
        _beside(name, _camera(each), names, "dim")
        for name, each in zip(names, cameras, strict=True)
    ]


def _scripts(scene: SceneSnapshot) -> list[Text]:
    """Those that look odd; the others are findings at most."""
    scripts: list[ScriptNode | RenderScript] = [
        *scene.script_nodes,
        *scene.render_scripts,
    ]
    return [
        _line(f"{each.name}  {each.malware or each.warning}", "red")
        for each in scripts
        if each.malware or each.warning
    ]


def _camera(camera: CameraSnapshot) -> str:
    said = [
        *(["renderable"] if camera.renderable else []),
        *(["orthographic"] if camera.orthographic else []),
        *([f"from {camera.reference}"] if camera.reference else []),
    ]
    return ", ".join(said)


def _pictures(outputs: Sequence[OutputSequence]) -> list[Text]:
    """A line for each layer: its first pictures, and how many sequences beside them."""
    layers: dict[str, list[OutputSequence]] = {}
    for output in outputs:
        layers.setdefault(output.layer, []).append(output)
    names = [printable(name) for name in layers]
    lines = []
    for name, (first, *others) in zip(names, layers.values(), strict=True):
        line = _beside(name, first.pattern, names, "")
        lines.append(
            line.append(f"  and {len(others)} more", "dim") if others else line
        )
    return lines


def _beside(name: str, said: str, names: Sequence[str], style: str) -> Text:
    """A line of two columns, the first as wide as bearable."""
    width = min(_WIDEST_NAME, max(map(cell_len, names)))
    blank = " " * (width - cell_len(name))
    line = Text(f"  {name}{blank}  ").append(printable(said), style)
    line.rstrip()
    return line


def _reference(reference: ReferenceSnapshot) -> Text:
    if not reference.loaded:
        state, style = "not loaded", "dim"
    elif reference.problem:
        state, style = reference.problem, "yellow"
    else:
        state, style = ("found", "dim") if reference.found else ("missing", "yellow")
    line = Text("  " * reference.depth + printable(reference.path))
    return line.append(f"  {printable(state)}", style)


def _absent(file: ExternalFile) -> Text:
    state = "gaps   " if file.missing else "missing"
    return _line(f"{state}  {file.path}", "yellow")


def _line(text: str, style: str = "") -> Text:
    return Text(f"  {printable(text)}", style)
