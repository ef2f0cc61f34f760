"""Readings by the real probe process; the driver's library is a stand-in.

What a real driver says could not be tried: no NVIDIA GPU was at hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lrc_toolbox.jobs.devices import Gpu, GpuKind, GpuProcess, GpuReading, GpuUse
from lrc_toolbox.machine.gpu_probe_client import GpuProbe

MIB = 1 << 20
LIMIT_S = 60.0

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def probe(driver: Any) -> Iterator[GpuProbe]:
    made = GpuProbe()
    yield made
    made.end()


def read(probe: GpuProbe) -> GpuReading:
    return probe.ask(LIMIT_S)


def test_two_cards_are_read_with_all_they_tell(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    driver.tell(card(0), card(1, nvmlDeviceGetUtilizationRates=[0, 0]))
    reading = read(probe)
    assert (reading.source, reading.driver, reading.cuda) == (
        "nvml",
        "550.54.14",
        "12.4",
    )
    assert (reading.problem, reading.remedy) == ("", "")
    assert reading.gpus[0] == Gpu(
        uuid="GPU-08f1e2d3-0000-4000-8000-000000000000",
        index=0,
        name="NVIDIA RTX A6000",
        total_mib=49140,
        used_mib=1150,  # with what the driver keeps, which its "used" leaves out
        compute_capability=(8, 6),
        busy=0.37,
        temperature_c=61,
        power_w=184.25,
        power_limit_w=300.0,
    )
    assert [(gpu.index, gpu.busy) for gpu in reading.gpus] == [(0, 0.37), (1, 0.0)]


def test_cards_are_counted_in_pci_order_whatever_the_driver_s(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    driver.tell(
        card(0, nvmlDeviceGetPciInfo=[1, 0x01, 0]),
        card(1, nvmlDeviceGetPciInfo={"error": 3}),
        card(2, nvmlDeviceGetPciInfo=[0, 0x65, 0]),
        card(3, nvmlDeviceGetPciInfo=[0, 0x0A, 0]),
    )
    gpus = read(probe).gpus
    assert [gpu.index for gpu in gpus] == [0, 1, 2, 3]
    assert [gpu.uuid[4] for gpu in gpus] == ["3", "2", "0", "1"]


def test_each_figure_that_is_refused_is_unknown_and_no_more(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    refused = {"error": 3}
    forbidden = {"error": 4}
    driver.tell(
        card(
            nvmlDeviceGetVirtualizationMode=refused,
            nvmlDeviceGetCudaComputeCapability=refused,
            nvmlDeviceGetUtilizationRates=refused,
            nvmlDeviceGetTemperature=refused,
            nvmlDeviceGetPowerUsage=refused,
            nvmlDeviceGetEnforcedPowerLimit=forbidden,
            nvmlDeviceGetComputeRunningProcesses_v3=forbidden,
            nvmlDeviceGetGraphicsRunningProcesses_v3=[[900, 700 * MIB]],
            nvmlDeviceGetProcessUtilization=forbidden,
        ),
        nvmlSystemGetDriverVersion=refused,
        nvmlSystemGetCudaDriverVersion_v2=refused,
    )
    reading = read(probe)
    assert reading == GpuReading(
        gpus=(
            Gpu(
                uuid="GPU-08f1e2d3-0000-4000-8000-000000000000",
                index=0,
                name="NVIDIA RTX A6000",
                total_mib=49140,
                used_mib=1150,
                processes=(GpuProcess(900, GpuUse.GRAPHICS, 700),),
            ),
        ),
        source="nvml",
    )


def test_vram_that_is_not_told_is_said_and_the_card_stays(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    driver.tell(card(nvmlDeviceGetMemoryInfo={"error": 3}))
    reading = read(probe)
    assert (reading.gpus[0].total_mib, reading.gpus[0].free_mib) == (0, 0)
    assert reading.problem == "GPU 0 (NVIDIA RTX A6000) does not tell its VRAM."


def test_a_card_that_falls_off_the_bus_leaves_and_is_named(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    driver.tell(card(0), card(1), card(2))
    assert len(read(probe).gpus) == 3
    driver.tell(card(0), card(1, nvmlDeviceGetTemperature={"error": 15}), card(2))
    reading = read(probe)
    assert [gpu.index for gpu in reading.gpus] == [0, 2]
    assert reading.problem == "GPU 1 (NVIDIA RTX A6000) fell off the bus."
    assert reading.remedy.startswith("Restart the computer.")


def test_a_card_that_was_lost_before_leaves_the_others(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    lost = {"error": 15}
    forbidden = {"error": 4}
    driver.tell(
        card(0),
        card(1, nvmlDeviceGetHandleByIndex=lost),
        card(2, nvmlDeviceGetHandleByIndex=forbidden),
    )
    reading = read(probe)
    assert [gpu.uuid[4] for gpu in reading.gpus] == ["0"]
    assert "GPU 1 fell off the bus." in reading.problem
    assert "GPU 2 may not be used by this user." in reading.problem


def test_a_card_that_came_back_is_seen_after_a_minute(driver: Any, card: Make) -> None:
    driver.tell(card(0), card(1, nvmlDeviceGetHandleByIndex={"error": 16}))
    program = """
import sys
from lrc_toolbox.machine.nvml import NvmlReader
now = 100.0
reader = NvmlReader(clock=lambda: now)
reader.read()
with open(sys.argv[1]) as file:
    text = file.read()
with open(sys.argv[1], "w") as file:
    file.write(text.replace('"nvmlDeviceGetHandleByIndex": {"error": 16}',
                            '"nvmlDeviceGetHandleByIndex": null'))
for now in (150.0, 170.0):
    print(len(reader.read().gpus))
"""
    assert driver.run(program, str(driver.file)).split() == ["1", "2"]


def test_a_driver_that_is_loaded_anew_is_opened_anew(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    driver.tell(card(), nvmlInit={"error": 9})
    refused = read(probe)
    assert refused.gpus == ()
    assert "does not run" in refused.problem
    driver.tell(nvmlInit=None)
    assert len(read(probe).gpus) == 1
    unloaded = {"error": 1}
    driver.tell(dict.fromkeys(card(), unloaded))
    assert read(probe).gpus == ()
    driver.tell(card(0), card(1))
    assert len(read(probe).gpus) == 2


def test_processes_of_both_lists_are_one_row_each(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    driver.tell(
        card(
            nvmlDeviceGetComputeRunningProcesses_v3=[
                [4100, 900 * MIB],
                [4200, 8192 * MIB + 1],
                [4300, None],
            ],
            nvmlDeviceGetGraphicsRunningProcesses_v3=[
                [4100, 900 * MIB],
                [1500, 350 * MIB],
            ],
            nvmlDeviceGetProcessUtilization=[
                [4100, 1000, 30],
                [4200, 1001, 55],
                [4100, 1002, 41],
                [4300, 1003, 2_880_000],
                [77, 1004, 99],
            ],
        ),
        nvmlSystemGetProcessName={
            "1500": "/usr/lib/xorg/Xorg",
            "4100": "C:\\Program Files\\Autodesk\\Maya2025\\bin\\maya.exe",
            "4200": "/opt/render/kick --threads=8 --out=/tmp/a",
            "4300": {"error": 4},
        },
    )
    (gpu,) = read(probe).gpus
    assert gpu.processes == (
        GpuProcess(1500, GpuUse.GRAPHICS, 350, 0.0, "Xorg"),
        GpuProcess(4100, GpuUse.BOTH, 900, 0.41, "maya.exe"),
        GpuProcess(4200, GpuUse.COMPUTE, 8193, 0.55, "kick"),
        GpuProcess(4300, GpuUse.COMPUTE, None, 0.0, ""),
    )


def test_loads_stay_between_samples_and_fade_when_none_come(
    driver: Any, card: Make
) -> None:
    driver.tell(card(nvmlDeviceGetProcessUtilization=[[5, 1000, 80]]))
    program = """
import pynvml
from lrc_toolbox.machine.nvml_processes import ProcessLoads
pynvml.nvmlInit()
handle = pynvml.nvmlDeviceGetHandleByIndex(0)
now = 10.0
loads = ProcessLoads(clock=lambda: now)
print(loads.read(handle))
for now in (11.0, 12.5):  # the stand-in has no newer sample
    print(loads.read(handle))
"""
    said = driver.run(program).splitlines()
    assert said == ["{5: 0.8}", "{5: 0.8}", "{}"]


def test_a_pid_that_is_used_again_gets_its_new_name(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    busy = card(nvmlDeviceGetComputeRunningProcesses_v3=[[70, MIB]])
    names = []
    for tell, name in ((busy, "/bin/kick"), (card(), ""), (busy, "/bin/redshiftCmd")):
        driver.tell(tell, nvmlSystemGetProcessName={"70": name})
        names.append([row.name for row in read(probe).gpus[0].processes])
    assert names == [["kick"], [], ["redshiftCmd"]]


def test_a_card_in_mig_mode_is_told_from_its_parts(
    driver: Any, probe: GpuProbe, card: Make, mig_device: Make
) -> None:
    refused = {"error": 3}
    forbidden = {"error": 4}
    driver.tell(
        card(
            nvmlDeviceGetName="NVIDIA A100-SXM4-40GB",
            nvmlDeviceGetCudaComputeCapability=[8, 0],
            nvmlDeviceGetMigMode=[1, 1],
            nvmlDeviceGetMaxMigDeviceCount=7,
            nvmlDeviceGetUtilizationRates=refused,
            nvmlDeviceGetMemoryInfo=forbidden,
            # Asked for, these would name the processes of the parts once more.
            nvmlDeviceGetComputeRunningProcesses_v3={"exit": 3},
            mig=[
                mig_device(
                    1, nvmlDeviceGetComputeRunningProcesses_v3=[[8000, 512 * MIB]]
                ),
                None,
                mig_device(2),
            ],
        ),
        card(1, nvmlDeviceGetMigMode=[0, 1]),
    )
    reading = read(probe)
    assert reading.problem == ""
    parent, first, second, whole = reading.gpus
    assert (parent.kind, parent.grantable) == (GpuKind.MIG_PARENT, False)
    assert first == Gpu(
        uuid="MIG-1eb88891-0321-5fef-9c87-d4af3b54259e",
        index=0,
        name="NVIDIA A100-SXM4-40GB MIG 3g.20gb",
        total_mib=19968,
        used_mib=13,
        kind=GpuKind.MIG,
        parent=parent.uuid,
        compute_capability=(8, 0),
        processes=(GpuProcess(8000, GpuUse.COMPUTE, 512),),
    )
    assert (second.uuid[:5], second.parent) == ("MIG-2", parent.uuid)
    assert (whole.kind, whole.index) == (GpuKind.WHOLE, 1)


def test_a_card_in_mig_mode_that_is_lost_takes_its_parts_along(
    driver: Any, probe: GpuProbe, card: Make, mig_device: Make
) -> None:
    lost = mig_device(2, nvmlDeviceGetMemoryInfo={"error": 15})
    cut = {"nvmlDeviceGetMigMode": [1, 1], "nvmlDeviceGetMaxMigDeviceCount": 2}
    driver.tell(card(0, **cut, mig=[mig_device(1), lost]), card(1))
    reading = read(probe)
    assert [gpu.index for gpu in reading.gpus] == [1]
    assert reading.problem == "GPU 0 (NVIDIA RTX A6000) fell off the bus."


def test_vgpus_are_told_and_cards_given_to_virtual_machines_left_out(
    driver: Any, probe: GpuProbe, card: Make
) -> None:
    driver.tell(
        card(0, nvmlDeviceGetVirtualizationMode=2, nvmlDeviceGetName="NVIDIA A40-12Q"),
        card(1, nvmlDeviceGetVirtualizationMode=1),
        card(2, nvmlDeviceGetVirtualizationMode=3, nvmlDeviceGetName="NVIDIA A40"),
    )
    reading = read(probe)
    assert [gpu.kind for gpu in reading.gpus] == [GpuKind.VGPU, GpuKind.WHOLE]
    expected = "GPU 2 cannot render here: NVIDIA A40 is shared out to virtual machines."
    assert reading.problem == expected


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (4, "This user may not talk to the NVIDIA driver."),
        (9, "An NVIDIA driver is installed, but it does not run."),
        (13, "The NVIDIA driver is too old."),
        (18, "The NVIDIA driver was updated and the old one still runs."),
        (999, "The NVIDIA driver answers with an unknown error."),
    ],
)
def test_a_driver_that_refuses_says_why(
    driver: Any, probe: GpuProbe, code: int, words: str
) -> None:
    driver.tell(nvmlInit={"error": code})
    reading = read(probe)
    assert (reading.gpus, reading.source) == ((), "nvml")
    assert reading.problem == words
    assert reading.remedy


def test_a_driver_without_a_card_says_so(driver: Any, probe: GpuProbe) -> None:
    expected = "The NVIDIA driver runs, but it finds no GPU."
    assert read(probe) == GpuReading(
        source="nvml", driver="550.54.14", cuda="12.4", problem=expected
    )


def test_the_stand_in_refuses_what_it_was_not_told(driver: Any) -> None:
    program = """
import json, pynvml
pynvml.nvmlInit()
said = []
for call in (
    lambda: pynvml.nvmlDeviceGetFanSpeed(1),
    lambda: pynvml.nvmlDeviceGetName("handle"),
    lambda: pynvml._answer({}, "nvmlDeviceGetName"),
):
    try:
        call()
    except Exception as error:
        said.append(type(error).__name__)
print(json.dumps(said))
"""
    said = json.loads(driver.run(program))
    assert said == ["AttributeError", "TypeError", "LookupError"]
