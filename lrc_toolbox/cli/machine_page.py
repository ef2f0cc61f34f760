"""The page that `lrc machine` prints about this computer. Pure: no disk, no clock.

A section without anything to tell is left out. Bars and their legends say the same
with colours, without them and in ASCII.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from lrc_toolbox.cli.columns import Rows, is_ascii
from lrc_toolbox.cli.machine_rows import attempt_rows, disk_rows, gib, host_rows
from lrc_toolbox.cli.stacked_bar import FREE, Ink, Look, Part, bar, legend
from lrc_toolbox.cli.terminal import broken
from lrc_toolbox.jobs.capacity import GpuShare
from lrc_toolbox.jobs.devices import Gpu, GpuKind, Presence
from lrc_toolbox.jobs.wording import count, duration, printable

if TYPE_CHECKING:
    from lrc_toolbox.queue import Division, MachineView

_MAYA = Look("magenta", "▓", "M")
_RENDERS = Look("cyan", "█", "#")
_OTHERS = Look("yellow", "▒", "o")
_KEPT = Look("dim magenta", "░", ":")
_IN_USE = Look("green", "█", "#")

#: Wider than this a page is harder to read, not easier.
_WIDEST = 100
_LABEL = 11
_VALUE = 8
_LEAST_BAR = 12

#: A person reads or thinks for so long, in seconds, without touching anything.
_MOMENT_S = 60.0


class MachinePage:
    """The computer for a person to read."""

    def __init__(self, view: MachineView) -> None:
        self._view = view

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        coloured = console.color_system is not None and not console.no_color
        ink = Ink(coloured, is_ascii(options))
        page = _Page(self._view, min(_WIDEST, options.max_width), ink, console)
        yield from page.lines()


class _Page:
    """One page for one terminal.

    Args:
        view: what it tells.
        width: cells to a line.
        ink: what the terminal can draw.
        screen: the terminal.
    """

    def __init__(
        self, view: MachineView, width: int, ink: Ink, screen: Console
    ) -> None:
        self._view = view
        self._width = width
        self._ink = ink
        self._screen = screen
        self._bar = max(_LEAST_BAR, width - _LABEL - 2 - _VALUE)

    def lines(self) -> Iterator[Text | Rows]:
        """Yield the page from its top to its end."""
        yield self._heading(printable(self._view.name), self._facts())
        yield from self._artist()
        yield from self._renders()
        yield from self._cpus()
        yield from self._memory()
        yield from self._gpus()
        yield from self._disks()
        yield Text("\nKept back", "bold")
        yield from self._sentences(self._view.kept_back)
        yield from self._problems()

    def _facts(self) -> list[str]:
        reading = self._view.reading
        driver = reading.gpus
        cards = [gpu for gpu in driver.gpus if gpu.kind is not GpuKind.MIG]
        facts = [
            count(reading.cpu.logical, "CPU"),
            f"{gib(reading.memory.total_mib)} GiB",
            count(len(cards), "GPU") if cards else "",
            f"driver {driver.driver}" if driver.driver else "",
            f"CUDA {driver.cuda}" if driver.cuda else "",
            "asked through nvidia-smi" if driver.source == "nvidia-smi" else "",
        ]
        return [fact for fact in facts if fact]

    # -- who is there ------------------------------------------------------------
    def _artist(self) -> Iterator[Text | Rows]:
        yield Text()
        yield self._heading("Artist", [_presence(self._view)])
        if self._view.reading.hosts:
            yield host_rows(self._view)

    def _renders(self) -> Iterator[Text | Rows]:
        view = self._view
        facts = [f"{len(view.attempts)} of {view.capacity.places} at a time"]
        if not view.service_runs:
            facts.append("no service runs")
        yield Text()
        yield self._heading("Renders", facts)
        if view.attempts:
            yield attempt_rows(view)

    # -- what there is -----------------------------------------------------------
    def _cpus(self) -> Iterator[Text]:
        cpu = self._view.reading.cpu
        facts = [f"{cpu.logical} on {count(cpu.cores, 'core')}"]
        if len(cpu.ids) != cpu.logical:
            facts.append(f"{len(cpu.ids)} of them may be used")
        yield Text()
        yield self._heading("CPUs", facts)
        yield self._busy(cpu.busy)
        yield from self._stack("granted", _parts(self._view.cpus, str), "")

    def _memory(self) -> Iterator[Text]:
        memory = self._view.reading.memory
        swap = f"{gib(memory.swap_used_mib)} of {gib(memory.swap_total_mib)} GiB"
        yield Text()
        yield self._heading(
            "Memory", [f"swap {swap} in use"] if memory.swap_total_mib else []
        )
        whole = f"{gib(memory.total_mib)} GiB"
        yield from self._stack("held", _parts(self._view.memory, gib), whole)

    def _gpus(self) -> Iterator[Text]:
        reading = self._view.reading.gpus
        for gpu in reading.gpus:
            yield from self._gpu(gpu)
        if not reading.gpus:
            yield Text()
            yield self._heading("GPUs", ["not known" if reading.unread else "none"])
            if not reading.unread:  # else it is a problem, and stands there
                said = " ".join(filter(None, (reading.problem, reading.remedy)))
                yield from self._sentences([said] if said else [])

    def _gpu(self, gpu: Gpu) -> Iterator[Text]:
        yield Text()
        yield self._gpu_heading(gpu)
        if gpu.busy is not None:
            yield self._busy(gpu.busy)
        if gpu.grantable:
            named = any(process.vram_mib is not None for process in gpu.processes)
            # Windows tells nobody whose VRAM is in use.
            others = "others" if named or not gpu.processes else "in use"
            parts = _parts(self._view.vram(gpu), gib, others)
            yield from self._stack("VRAM", parts, f"{gib(gpu.total_mib)} GiB")

    def _gpu_heading(self, gpu: Gpu) -> Text:
        share = self._view.capacity.gpu(gpu.uuid)
        facts = [_standing(share), (_kind(gpu), "dim")]
        if gpu.temperature_c is not None:
            degrees = "C" if self._ink.plain else "°C"
            facts.append((f"{gpu.temperature_c} {degrees}", "dim"))
        if gpu.power_w is not None:
            limit = f" of {gpu.power_limit_w:.0f}" if gpu.power_limit_w else ""
            facts.append((f"{gpu.power_w:.0f}{limit} W", "dim"))
        line = Text.assemble((f"GPU {gpu.index}", "bold"), f"  {printable(gpu.name)}")
        return self._with_facts(line, self._dot, facts)

    def _disks(self) -> Iterator[Text | Rows]:
        if any(disk.total_mib for disk in self._view.reading.disks):
            yield Text("\nDisks", "bold")
            yield disk_rows(self._view)

    def _problems(self) -> Iterator[Text]:
        if self._view.problems:
            yield Text("\nProblems", "bold")
        for each in self._view.problems:
            yield from self._sentences([each.problem], "yellow")
            yield from self._sentences([each.remedy] if each.remedy else [])

    # -- lines -------------------------------------------------------------------
    @property
    def _dot(self) -> str:
        return ", " if self._ink.plain else " · "

    def _heading(self, title: str, facts: Iterable[str]) -> Text:
        return self._with_facts(
            Text(title, "bold"), "  ", [(fact, "dim") for fact in facts]
        )

    def _with_facts(
        self, line: Text, gap: str, facts: Iterable[tuple[str, str]]
    ) -> Text:
        """Append facts with their colours, without those that do not fit."""
        whole = Text().append_text(line)
        for said, style in facts:
            if said and whole.cell_len + len(gap) + cell_len(said) <= self._width:
                whole.append(gap, "dim").append(said, style)
                gap = self._dot
        return whole

    def _busy(self, share: float) -> Text:
        parts = [Part("", share, "", _IN_USE), Part("", 1 - share, "", FREE)]
        return self._row("busy", parts, f"{100 * share:.0f}%")

    def _stack(self, label: str, parts: Sequence[Part], value: str) -> Iterator[Text]:
        """Yield a bar, and below it what its parts are."""
        yield self._row(label, parts, value)
        line = Text(" " * _LABEL)
        for entry in legend(parts, self._ink):
            if line.cell_len + entry.cell_len > self._width:
                yield line
                line = Text(" " * _LABEL)
            line.append_text(entry).append("  ")
        line.rstrip()
        yield line

    def _row(self, label: str, parts: Sequence[Part], value: str) -> Text:
        line = Text.assemble((f"  {label:<{_LABEL - 2}}", "dim"))
        line.append_text(bar(parts, self._bar, self._ink))
        return line.append(f"  {value}") if value else line

    def _sentences(self, sentences: Iterable[str], style: str = "") -> Iterator[Text]:
        for sentence in sentences:
            for line in broken(sentence, 2, self._screen):
                yield Text(f"  {line}", style)


def _parts(
    division: Division, write: Callable[[int], str], others: str = "others"
) -> list[Part]:
    named = (
        ("Maya", division.maya, _MAYA),
        ("renders", division.renders, _RENDERS),
        (others, division.others, _OTHERS),
        ("kept", division.kept, _KEPT),
        ("free", division.free, FREE),
    )
    return [Part(name, amount, write(amount), look) for name, amount, look in named]


def _standing(share: GpuShare | None) -> tuple[str, str]:
    """Say whose a GPU is, with a colour; nothing of one that renders may use whole."""
    if share is None or not share.why:
        return "", ""
    if share.shared:
        return "shared with Maya", _MAYA.style
    if share.leave:
        return "kept for Maya", _MAYA.style
    return "left to another program", _OTHERS.style


def _kind(gpu: Gpu) -> str:
    return {
        GpuKind.WHOLE: "",
        GpuKind.MIG_PARENT: "cut into MIG devices",
        GpuKind.MIG: "MIG device",
        GpuKind.VGPU: "vGPU",
    }[gpu.kind]


def _presence(view: MachineView) -> str:
    presence: Presence = view.reading.presence
    if presence.locked:
        return "away, the screen is locked"
    if presence.idle_s is None:
        return "at the computer, as far as is known"
    if view.away:
        return f"away for {duration(presence.idle_s)}"
    if presence.idle_s < _MOMENT_S:
        return "at the computer"
    after = duration(view.policy.away_after_s)
    return f"no key and no mouse for {duration(presence.idle_s)}, away after {after}"
