"""One reading of the GPUs through `nvidia-smi`, where NVML itself cannot be loaded.

Its tables tell less: no load of single processes, no graphics processes, no MIG
devices, no CUDA version. Each question starts a process, so it is asked rarely
(`machine.gpus`). Any thread; blocks for as long as it was told.

Sources: nvidia-smi's manual page and `--help-query-gpu`; what it prints for values it
has not ("[N/A]", "[Not Supported]", "[Insufficient Permissions]", "[GPU is lost]") from
outputs in public issues. Not run on a real GPU by us so far.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from lrc_toolbox.jobs.devices import Gpu, GpuKind, GpuProcess, GpuReading, GpuUse
from lrc_toolbox.machine.gpu_probe_client import driver_hangs
from lrc_toolbox.machine.gpu_troubles import (
    NvmlCode,
    Trouble,
    explain_card,
    explain_driver,
    joined,
)

_FIELDS = (
    *("index", "uuid", "pci.bus_id", "name", "driver_version", "memory.total"),
    *("memory.free", "compute_cap", "utilization.gpu", "temperature.gpu"),
    *("power.draw", "enforced.power.limit", "mig.mode.current"),
)
# The name is last, as it alone may hold a comma.
_PROCESS_FIELDS = ("gpu_uuid", "pid", "used_memory", "process_name")

# An older nvidia-smi refuses the whole question; compute_cap came with driver 510.
_REFUSED = re.compile(r'Field "(?P<field>[^"]+)" is not a valid field to query')

# The names of vGPU types end in their size and series: "NVIDIA A40-12Q", "GRID P40-2B4"
# (NVIDIA Virtual GPU Software User Guide). The tables have no field that says so.
_VGPU = re.compile(r"-\d+[ABCQ]\d?$")

_LOST = {"[GPU is lost]": NvmlCode.GPU_IS_LOST}
_LOST["[GPU requires reset]"] = NvmlCode.RESET_REQUIRED


@dataclass(frozen=True, slots=True)
class _Answer:
    code: int
    text: str


def find_nvidia_smi() -> str | None:
    """Find the program: on the path, or where the driver puts it.

    Those places are Windows' before its drivers went to System32, and WSL's.
    """
    program_files = os.environ.get("PROGRAMFILES", "C:/Program Files")
    places = [
        Path(program_files) / "NVIDIA Corporation/NVSMI/nvidia-smi.exe",
        Path("/usr/lib/wsl/lib/nvidia-smi"),
    ]
    found = (str(place) for place in places if place.is_file())
    return shutil.which("nvidia-smi") or next(found, None)


def read_nvidia_smi(program: str, patience_s: float) -> GpuReading:
    """Read all GPUs; what goes wrong is told in the reading.

    Args:
        program: `nvidia-smi`.
        patience_s: how long it may take in all.

    Raises:
        GpusUnreadError: it took longer.
        OSError: it cannot be started.
    """
    until = time.monotonic() + patience_s
    fields, answer = _ask_gpus(program, until, patience_s)
    table = [_row(line, len(fields)) for line in answer.text.splitlines()]
    rows = [dict(zip(fields, row, strict=True)) for row in table if row]
    if not rows:
        return _refusal(answer)
    query = f"--query-compute-apps={','.join(_PROCESS_FIELDS)}"
    processes = _processes(_run(program, query, until, patience_s).text)
    gpus: list[Gpu] = []
    troubles = list(_remarks(answer.text, len(fields)))
    for index, row in enumerate(sorted(rows, key=lambda row: row["pci.bus_id"])):
        found = _gpu(index, row, processes)
        if isinstance(found, Trouble):
            troubles.append(found)
        else:
            gpus.append(found)
    troubles.extend(_silent(gpus))
    return GpuReading(
        tuple(gpus), "nvidia-smi", rows[0]["driver_version"], "", *joined(troubles)
    )


def _ask_gpus(
    program: str, until: float, patience_s: float
) -> tuple[tuple[str, ...], _Answer]:
    """Ask for the GPUs; without those fields that this nvidia-smi does not know."""
    fields: tuple[str, ...] = _FIELDS
    while True:
        query = f"--query-gpu={','.join(fields)}"
        answer = _run(program, query, until, patience_s)
        refused = _REFUSED.search(answer.text)
        if refused is None or refused["field"] not in fields:
            return fields, answer
        fields = tuple(field for field in fields if field != refused["field"])


def _run(program: str, query: str, until: float, patience_s: float) -> _Answer:
    flags = 0
    if sys.platform == "win32":  # no console window; not run by us so far
        flags = subprocess.CREATE_NO_WINDOW
    process = subprocess.Popen(
        [program, query, "--format=csv,noheader,nounits"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        creationflags=flags,
    )
    try:
        output, _ = process.communicate(timeout=max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise driver_hangs(process, patience_s) from None
    return _Answer(process.returncode, output.decode("utf-8", "replace"))


def _row(line: str, width: int) -> list[str]:
    """Split a row of a table; empty where the line is none."""
    row = [value.strip() for value in line.split(",", width - 1)]
    return row if len(row) == width else []


def _remarks(text: str, width: int) -> Iterator[Trouble]:
    """Tell what stands between the rows, such as a card that has no row."""
    for line in text.splitlines():
        if line.strip() and not _row(line, width):
            yield Trouble(f"nvidia-smi says: {line.strip()}")


def _gpu(
    index: int, row: dict[str, str], processes: dict[str, tuple[GpuProcess, ...]]
) -> Gpu | Trouble:
    """Make a GPU of a row, or say why it is none."""
    lost = next((_LOST[value] for value in row.values() if value in _LOST), None)
    if lost is not None:
        return explain_card(lost, "", f"GPU {index} ({row['name']})")
    total_mib = _number(row["memory.total"]) or 0.0
    free_mib = _number(row["memory.free"]) or 0.0
    load = _number(row["utilization.gpu"])
    temperature = _number(row["temperature.gpu"])
    return Gpu(
        row["uuid"],
        index,
        row["name"],
        int(total_mib),
        int(total_mib - free_mib),
        _kind(row),
        compute_capability=_capability(row.get("compute_cap", "")),
        busy=None if load is None else load / 100,
        temperature_c=None if temperature is None else int(temperature),
        power_w=_number(row["power.draw"]),
        power_limit_w=_number(row["enforced.power.limit"]),
        processes=processes.get(row["uuid"], ()),
    )


def _kind(row: dict[str, str]) -> GpuKind:
    if row.get("mig.mode.current") == "Enabled":
        return GpuKind.MIG_PARENT
    return GpuKind.VGPU if _VGPU.search(row["name"]) else GpuKind.WHOLE


def _capability(text: str) -> tuple[int, int] | None:
    major, dot, minor = text.partition(".")
    return (int(major), int(minor)) if dot and (major + minor).isdigit() else None


def _processes(text: str) -> dict[str, tuple[GpuProcess, ...]]:
    """Read the table of processes, by the UUID of their GPU."""
    found: dict[str, tuple[GpuProcess, ...]] = {}
    for line in text.splitlines():
        row = _row(line, len(_PROCESS_FIELDS))
        if row and row[1].isdigit():
            uuid, pid, used, name = row
            mib = _number(used)
            plain = "" if name.startswith("[") else PureWindowsPath(name).name
            process = GpuProcess(
                int(pid), GpuUse.COMPUTE, None if mib is None else int(mib), name=plain
            )
            found[uuid] = (*found.get(uuid, ()), process)
    return found


def _number(text: str) -> float | None:
    """Read a number; what stands in for one is in brackets."""
    try:
        return float(text)
    except ValueError:
        return None


def _silent(gpus: list[Gpu]) -> Iterator[Trouble]:
    for gpu in gpus:
        card = f"GPU {gpu.index} ({gpu.name})"
        if gpu.kind is GpuKind.MIG_PARENT:
            yield Trouble(
                f"{card} is cut into MIG devices, which nvidia-smi's tables leave out.",
                f"Install nvidia-ml-py for {sys.executable}.",
            )
        elif not gpu.total_mib:
            yield Trouble(f"{card} does not tell its VRAM.")


def _refusal(answer: _Answer) -> GpuReading:
    said = next(iter(answer.text.strip().splitlines()), "")
    if answer.code in (0, NvmlCode.NOT_FOUND):  # "No devices were found"
        problem, remedy = Trouble("The NVIDIA driver runs, but it finds no GPU.")
    else:
        problem, remedy = explain_driver(
            answer.code, said or f"exit code {answer.code}"
        )
    return GpuReading(source="nvidia-smi", problem=problem, remedy=remedy)
