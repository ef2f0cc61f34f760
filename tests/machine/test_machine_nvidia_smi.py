"""Tables as `nvidia-smi` prints them, from a program of our own that stands in for it.

What it prints where it has no value is taken from outputs in public issues
(anderskm/gputil#55, XuehaiPan/nvitop#55, JosephKJ/OWOD#81). No real one was at hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.devices import Gpu, GpuKind, GpuProcess, GpuReading, GpuUse
from lrc_toolbox.machine.gpu_probe_client import GpusUnreadError
from lrc_toolbox.machine.nvidia_smi import find_nvidia_smi, read_nvidia_smi

LIMIT_S = 60.0


def row(number: int, **values: str) -> dict[str, str]:
    """A row of the table of GPUs; dots in names are written as two underscores."""
    given = {name.replace("__", "."): value for name, value in values.items()}
    return {
        "index": str(number),
        "uuid": f"GPU-{number}04f693d-767b-b215-b4a9-a18af0ffd643",
        "pci.bus_id": f"00000000:{0x17 + number:02X}:00.0",
        "name": "NVIDIA RTX A6000",
        "driver_version": "550.54.14",
        "memory.total": "49140",
        "memory.free": "40126",
        "compute_cap": "8.6",
        "utilization.gpu": "86",
        "temperature.gpu": "54",
        "power.draw": "283.77",
        "enforced.power.limit": "300.00",
        "mig.mode.current": "[N/A]",
        **given,
    }


def process(uuid: str, pid: int, used: str, name: str) -> dict[str, str]:
    return {
        "gpu_uuid": uuid,
        "pid": str(pid),
        "used_memory": used,
        "process_name": name,
    }


def read() -> GpuReading:
    program = find_nvidia_smi()
    assert program is not None
    return read_nvidia_smi(program, LIMIT_S)


def test_a_table_of_cards_and_processes_is_read(nvidia_smi: Any) -> None:
    card = row(0)
    nvidia_smi(
        cards=[card],
        processes=[
            process(card["uuid"], 4100, "8120", "/opt/maya/bin/maya.bin"),
            process(card["uuid"], 4200, "[N/A]", "C:\\Tools\\a, b\\kick.exe"),
            process(card["uuid"], 4300, "12", "[Insufficient Permissions]"),
            process("GPU-gone", 4400, "12", "other"),
        ],
    )
    assert read() == GpuReading(
        gpus=(
            Gpu(
                uuid="GPU-004f693d-767b-b215-b4a9-a18af0ffd643",
                index=0,
                name="NVIDIA RTX A6000",
                total_mib=49140,
                used_mib=9014,
                compute_capability=(8, 6),
                busy=0.86,
                temperature_c=54,
                power_w=283.77,
                power_limit_w=300.0,
                processes=(
                    GpuProcess(4100, GpuUse.COMPUTE, 8120, name="maya.bin"),
                    GpuProcess(4200, GpuUse.COMPUTE, None, name="kick.exe"),
                    GpuProcess(4300, GpuUse.COMPUTE, 12),
                ),
            ),
        ),
        source="nvidia-smi",
        driver="550.54.14",
    )


@pytest.mark.parametrize(
    "nothing",
    ["[N/A]", "[Not Supported]", "[Insufficient Permissions]", "[Unknown Error]"],
)
def test_what_stands_for_no_value_is_unknown(nvidia_smi: Any, nothing: str) -> None:
    names = (
        *("memory__total", "memory__free", "compute_cap", "utilization__gpu"),
        *("temperature__gpu", "power__draw", "enforced__power__limit"),
    )
    nvidia_smi(cards=[row(0, **dict.fromkeys(names, nothing))], processes=[])
    reading = read()
    assert reading.gpus == (
        Gpu("GPU-004f693d-767b-b215-b4a9-a18af0ffd643", 0, "NVIDIA RTX A6000", 0, 0),
    )
    assert reading.problem == "GPU 0 (NVIDIA RTX A6000) does not tell its VRAM."


def test_cards_are_counted_in_pci_order(nvidia_smi: Any) -> None:
    late = row(0, pci__bus_id="00000001:01:00.0")
    nvidia_smi(cards=[late, row(1), row(2)], processes=[])
    assert [(gpu.index, gpu.uuid[4]) for gpu in read().gpus] == [
        (0, "1"),
        (1, "2"),
        (2, "0"),
    ]


def test_a_field_that_an_old_program_has_not_is_left_out(nvidia_smi: Any) -> None:
    unknown = ["compute_cap", "mig.mode.current"]
    nvidia_smi(cards=[row(0)], processes=[], unknown=unknown)
    reading = read()
    assert reading.gpus[0].compute_capability is None
    assert (reading.gpus[0].kind, reading.gpus[0].busy) == (GpuKind.WHOLE, 0.86)
    assert reading.problem == ""


def test_a_lost_card_is_named_and_the_others_stay(nvidia_smi: Any) -> None:
    lost = row(0, temperature__gpu="[GPU is lost]", memory__total="[GPU is lost]")
    said = (
        "Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  "
        "Reboot the system to recover this GPU"
    )
    nvidia_smi(cards=[lost, row(1), said], processes=[])
    reading = read()
    assert [gpu.index for gpu in reading.gpus] == [1]
    assert "GPU 0 (NVIDIA RTX A6000) fell off the bus." in reading.problem
    assert f"nvidia-smi says: {said}" in reading.problem


def test_mig_mode_and_vgpus_are_told_apart(nvidia_smi: Any) -> None:
    cut = row(0, name="NVIDIA A100-SXM4-40GB", mig__mode__current="Enabled")
    part = row(1, name="NVIDIA A40-12Q", mig__mode__current="Disabled")
    old = row(2, name="GRID P40-2B4")
    nvidia_smi(cards=[cut, part, old], processes=[])
    reading = read()
    kinds = [gpu.kind for gpu in reading.gpus]
    assert kinds == [GpuKind.MIG_PARENT, GpuKind.VGPU, GpuKind.VGPU]
    assert "GPU 0 (NVIDIA A100-SXM4-40GB) is cut into MIG devices" in reading.problem


@pytest.mark.parametrize(
    ("said", "code", "problem"),
    [
        (
            "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA "
            "driver. Make sure that the latest NVIDIA driver is installed and running.",
            9,
            "An NVIDIA driver is installed, but it does not run.",
        ),
        (
            "Failed to initialize NVML: Driver/library version mismatch\n"
            "NVML library version: 535.161",
            18,
            "The NVIDIA driver was updated and the old one still runs.",
        ),
        (
            "Failed to initialize NVML: Insufficient Permissions",
            4,
            "This user may not talk to the NVIDIA driver.",
        ),
        (
            "Failed to initialize NVML: Unknown Error",
            255,
            "The NVIDIA driver answers: Failed to initialize NVML: Unknown Error.",
        ),
        ("", 255, "The NVIDIA driver answers: exit code 255."),
        ("No devices were found", 6, "The NVIDIA driver runs, but it finds no GPU."),
        ("No devices were found", 0, "The NVIDIA driver runs, but it finds no GPU."),
    ],
)
def test_a_refusal_is_explained(
    nvidia_smi: Any, said: str, code: int, problem: str
) -> None:
    nvidia_smi(instead=said, exit=code)
    assert (read().gpus, read().problem) == ((), problem)


def test_a_program_that_hangs_is_given_up(nvidia_smi: Any) -> None:
    nvidia_smi(hang=True)
    program = find_nvidia_smi()
    assert program is not None
    with pytest.raises(GpusUnreadError, match=r"has not answered for 0\.3 s") as late:
        read_nvidia_smi(program, 0.3)
    assert late.value.hangs
    assert late.value.process is not None
    assert late.value.process.wait(LIMIT_S) < 0


def test_no_program_is_found_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if Path("/usr/lib/wsl/lib/nvidia-smi").exists():
        pytest.skip("WSL has one beside the path")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    assert find_nvidia_smi() is None
    beside = tmp_path / "NVIDIA Corporation" / "NVSMI" / "nvidia-smi.exe"
    beside.parent.mkdir(parents=True)
    beside.touch()
    assert find_nvidia_smi() == str(beside)
