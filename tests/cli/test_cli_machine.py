"""`lrc machine` as people and programs meet it; pages of machines that are not here."""

from __future__ import annotations

import io
from dataclasses import replace

import example_machine
import jsonschema
import pytest
from rich.console import Console
from rich.text import Text

from lrc_toolbox.cli.machine_page import MachinePage
from lrc_toolbox.cli.stacked_bar import shares
from lrc_toolbox.jobs.devices import (
    Gpu,
    GpuKind,
    GpuProcess,
    GpuReading,
    GpuUse,
    HostSession,
    MachineReading,
    Presence,
)
from lrc_toolbox.queue import MachineView, Problem
from lrc_toolbox.queue.machine_document import json_schema
from tests.cli.conftest import Lrc, wait_until


def drawn(
    view: MachineView, width: int = 80, encoding: str = "utf-8", **kind: object
) -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    console = Console(file=file, width=width, markup=False, highlight=False, **kind)  # type: ignore[arg-type]
    console.print(MachinePage(view), soft_wrap=True)
    file.seek(0)
    return file.read().splitlines()


def section(lines: list[str], title: str) -> list[str]:
    """The lines from a title to the next blank line."""
    begin = next(n for n, line in enumerate(lines) if line.startswith(title))
    rest = lines[begin:]
    return rest[: rest.index("")] if "" in rest else rest


def with_gpus(*gpus: Gpu) -> MachineReading:
    """The workstation with other GPUs, and with the Mayas that are on these."""
    seen = example_machine.reading()
    there = {process.pid for gpu in gpus for process in gpu.processes}
    hosts = tuple(host for host in seen.hosts if host.pid in there)
    return replace(seen, gpus=replace(seen.gpus, gpus=gpus), hosts=hosts)


# -- this computer -----------------------------------------------------------------
def test_the_page_and_the_document_tell_of_this_computer(lrc: Lrc) -> None:
    told = lrc.run("machine")
    assert (told.returncode, told.stderr) == (0, "")
    assert "\x1b" not in told.stdout
    lines = told.stdout.splitlines()
    for title in ("Artist", "Renders", "CPUs", "Memory", "Disks", "Kept back"):
        assert section(lines, title)
    assert any(str(lrc.home) in line for line in section(lines, "Disks"))
    jsonschema.validate(lrc.json("machine"), json_schema())


def test_a_render_at_work_stands_in_both(lrc: Lrc) -> None:
    lrc.let_render(False)
    number = lrc.submit("--layers", "beauty")
    wait_until(lambda: len(lrc.json("machine")["grants"]) == 2)
    lines = lrc.here("machine").stdout.splitlines()
    assert "2 of 2 at a time" in section(lines, "Renders")[0]
    assert f"{number}.1" in section(lines, "Renders")[2]
    document = lrc.json("machine")
    jsonschema.validate(document, json_schema())
    assert {grant["task"] for grant in document["grants"]} == {f"{number}.1"}
    assert {grant["layer"] for grant in document["grants"]} == {"beauty"}
    lrc.here("cancel", number)
    lrc.here("watch", number)


# -- a workstation with two GPUs -----------------------------------------------------
@pytest.mark.parametrize("width", [60, 80, 120, 160])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("colours", [None, "standard"])
def test_no_line_is_wider_than_the_terminal(
    width: int, encoding: str, colours: str | None
) -> None:
    kind: dict[str, object] = {"force_terminal": True, "color_system": colours}
    for line in drawn(example_machine.view(), width, encoding, **kind):
        assert Text.from_ansi(line).cell_len <= min(width, 100)


def test_gpus_say_whose_they_are_and_how_busy() -> None:
    lines = drawn(example_machine.view())
    assert lines[0].endswith(
        "32 CPUs · 128 GiB · 2 GPUs · driver 550.54.14 · CUDA 12.4"
    )
    first, second = section(lines, "GPU 0"), section(lines, "GPU 1")
    assert first[0] == "GPU 0  NVIDIA RTX A6000 · 71 °C · 287 of 300 W"
    assert first[1].endswith("  97%")
    assert first[3].split() == [
        "█",
        "renders",
        "30.3",
        "▒",
        "others",
        "0.6",
        "·",
        "free",
        "17.1",
    ]
    assert "kept for Maya" in second[0]
    assert second[3].split()[:6] == ["▓", "Maya", "4.2", "▒", "others", "1.1"]
    assert second[2].count("▓") > second[2].count("▒") > 0


def test_renders_say_what_they_hold_of_their_grants() -> None:
    rows = section(drawn(example_machine.view()), "Renders")
    assert rows[0] == "Renders  3 of 4 at a time"
    assert rows[2].split() == [
        *("17.1", "sh010_houses", "beauty", "1013", "42%", "0"),
        *("18.4", "of", "22.1", "11.7", "of", "14.0", "7-12"),
    ]


def test_there_are_no_more_places_than_cpus() -> None:
    view = example_machine.view()
    small = replace(view, capacity=replace(view.capacity, attempts=4, cpu_ids=(0, 1)))
    assert f"Renders  {len(view.attempts)} of 2 at a time" in drawn(small)
    assert small.to_json()["attempts"] == 2


def test_without_colours_and_with_ascii_alone_parts_are_told_apart() -> None:
    (bar,) = (line for line in drawn(example_machine.view()) if "  held" in line)
    assert [mark for mark in "▓█▒░·" if mark in bar] == list("▓█▒░·")
    plain = drawn(example_machine.view(), encoding="ascii")
    (bar,) = (line for line in plain if "  held" in line)
    assert [mark for mark in "M#o:." if mark in bar] == list("M#o:.")
    assert "".join(plain).isascii()


def test_what_is_kept_back_stands_below_with_its_reason() -> None:
    assert section(drawn(example_machine.view()), "Kept back")[1:] == [
        "  7 of 32 CPUs are kept for Maya.",
        "  13107 MiB of memory are kept free for Maya.",
        "  GPU 1 is kept for Maya.",
    ]


def test_a_shared_gpu_shows_what_is_kept_free_on_it() -> None:
    gpu = example_machine.large_gpu()
    maya = GpuProcess(example_machine.MAYA, GpuUse.GRAPHICS, 1500, 0.1)
    both = replace(gpu, processes=(*gpu.processes, maya), used_mib=33120)
    lines = section(drawn(example_machine.view(with_gpus(both))), "GPU 0")
    assert "shared with Maya" in lines[0]
    assert "░ kept 12.0" in lines[3]


def test_a_gpu_that_others_render_on_is_left_to_them() -> None:
    other = GpuProcess(900, GpuUse.COMPUTE, 8000, 0.9, "hython")
    gpu = replace(example_machine.large_gpu(), processes=(other,))
    lines = drawn(example_machine.view(with_gpus(gpu), at_work=()))
    assert "left to another program" in section(lines, "GPU 0")[0]
    assert any("(hython)" in line for line in section(lines, "Kept back"))


def test_cut_cards_their_parts_and_virtual_ones_are_told_apart() -> None:
    card = Gpu("GPU-a", 0, "NVIDIA A100", 40960, 20000, GpuKind.MIG_PARENT)
    part = Gpu("MIG-b", 0, "NVIDIA A100 MIG 3g.20gb", 20096, 5000, GpuKind.MIG, "GPU-a")
    virtual = Gpu("GPU-c", 1, "GRID A10-8Q", 8192, 400, GpuKind.VGPU)
    lines = drawn(example_machine.view(with_gpus(card, part, virtual), at_work=()))
    assert "2 GPUs" in lines[0]
    whole = lines.index("GPU 0  NVIDIA A100 · cut into MIG devices")
    assert lines[whole + 1] == ""
    assert "GPU 0  NVIDIA A100 MIG 3g.20gb · MIG device" in lines
    assert "GPU 1  GRID A10-8Q · vGPU" in lines


def test_where_the_driver_names_nobodys_vram_it_is_in_use() -> None:
    silent = GpuProcess(example_machine.MAYA, GpuUse.BOTH)
    gpu = replace(example_machine.small_gpu(), processes=(silent,))
    lines = section(drawn(example_machine.view(with_gpus(gpu), at_work=())), "GPU 1")
    assert "in use 5.3" in lines[3]
    assert "others" not in lines[3]


# -- other machines ------------------------------------------------------------------
def test_a_computer_without_gpu_has_a_calm_page() -> None:
    seen = replace(example_machine.without_gpus(), hosts=())
    lines = drawn(
        example_machine.view(seen, at_work=()), force_terminal=True, color_system=None
    )
    assert section(lines, "GPUs") == [
        "GPUs  none",
        "  No NVIDIA driver is installed, so no GPU. If there is an NVIDIA GPU in this",
        "  computer, install its driver.",
    ]
    assert not any(line.startswith(("Problems", "GPU 0")) for line in lines)
    assert section(lines, "Kept back") == [
        "Kept back",
        "  Nothing for Maya: none is open.",
    ]


def test_a_driver_that_hangs_is_a_problem_with_its_remedy() -> None:
    hangs = GpuReading(problem="The driver hangs.", remedy="Restart.", unread=True)
    seen = replace(example_machine.reading(), gpus=hangs)
    view = example_machine.view(seen, at_work=())
    view = replace(view, problems=(Problem(hangs.problem, hangs.remedy),))
    lines = drawn(view)
    assert section(lines, "GPUs") == ["GPUs  not known"]
    assert section(lines, "Problems") == [
        "Problems",
        "  The driver hangs.",
        "  Restart.",
    ]


@pytest.mark.parametrize(
    ("presence", "said"),
    [
        (Presence(4.0, False), "at the computer"),
        (Presence(None, None, "Nobody knows."), "at the computer, as far as is known"),
        (Presence(300.0, False), "no key and no mouse for 5:00, away after 15:00"),
        (Presence(3700.0, False), "away for 1:01:40"),
        (Presence(4.0, True), "away, the screen is locked"),
    ],
)
def test_the_artist_is_there_or_away(presence: Presence, said: str) -> None:
    seen = replace(example_machine.reading(), presence=presence)
    assert drawn(example_machine.view(seen))[2] == f"Artist  {said}"


def test_every_maya_has_a_row_with_what_it_takes() -> None:
    (first,) = example_machine.reading().hosts
    program = r"C:\Program Files\Autodesk\Maya2026\bin\maya.exe"
    second = HostSession(5000, 1.0, program, cpus=0.2, busy_with="play\x1bblast")
    seen = replace(example_machine.reading(), hosts=(first, second))
    rows = section(drawn(example_machine.view(seen), 120), "Artist")[1:]
    assert rows[0].split("  ")[1:] == [
        *("Maya 2025", "1.3 CPUs", "9.0 GiB", "GPU 1"),
        *rows[0].split("  ")[5:],
    ]
    assert rows[0].endswith("process 4312  panel loaded")
    assert r"asks for quiet: play\x1bblast" in rows[1]
    assert rows[1].endswith("process 5000  found by its name")


# -- bars ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amounts", "width", "cells"),
    [
        ([1, 1], 10, [5, 5]),
        ([0, 0], 10, [0, 0]),
        ([1000, 1], 10, [9, 1]),
        ([0, 3, 0], 7, [0, 7, 0]),
        ([1, 1, 1], 10, [4, 3, 3]),
        ([5, 1, 1, 1], 3, [1, 1, 1, 1]),
    ],
)
def test_every_part_of_a_bar_is_seen_and_together_they_fill_it(
    amounts: list[int], width: int, cells: list[int]
) -> None:
    assert shares(amounts, width) == cells
