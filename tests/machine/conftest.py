"""A computer with NVIDIA GPUs, as far as the driver's library and program tell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STAND_INS = Path(__file__).resolve().parent / "stand_ins"
MIB = 1 << 20

Answers = dict[str, Any]


class StandInDriver:
    """The stand-in for `pynvml` that every probe started here finds first.

    What is told to it counts for the next call into it, also in probes that run.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._driver: Answers = {
            "nvmlInit": None,
            "nvmlSystemGetDriverVersion": "550.54.14",
            "nvmlSystemGetCudaDriverVersion_v2": 12040,
            "nvmlSystemGetProcessName": {},
        }
        self.cards: list[Answers] = []
        self.tell()

    def tell(self, *cards: Answers, **driver: Any) -> None:
        """Say what is in the computer; without cards, those told before."""
        self.cards = list(cards) or self.cards
        self._driver.update(driver)
        text = json.dumps({**self._driver, "cards": self.cards})
        new = self.file.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.file)

    def run(self, program: str, *arguments: str) -> str:
        """Run a program with the stand-in, and give what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandInDriver:
    if sys.platform == "win32":
        pytest.skip("the stand-in waits for signals as Windows does not")
    if Path("/usr/lib/wsl/lib/nvidia-smi").exists():
        pytest.skip("WSL has a real nvidia-smi beside the path")
    file = tmp_path / "driver.json"
    monkeypatch.setenv("LRC_STAND_IN_GPUS", str(file))
    # The probe's path is ours; nothing here imports pynvml meanwhile.
    monkeypatch.syspath_prepend(STAND_INS)
    monkeypatch.setenv("PATH", str(tmp_path))  # no real nvidia-smi either
    return StandInDriver(file)


@pytest.fixture
def nvidia_smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Gives a function that says what `nvidia-smi`, now on the path, will print."""
    if sys.platform == "win32":
        pytest.skip("the stand-in is a script, which Windows does not run as a program")
    file = tmp_path / "smi.json"
    places = (STAND_INS, Path(sys.executable).parent, "/usr/bin", "/bin")
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, places)))
    monkeypatch.setenv("LRC_STAND_IN_SMI", str(file))

    def say(**told: Any) -> None:
        file.write_text(json.dumps(told), encoding="utf-8")

    return say


@pytest.fixture
def card() -> Callable[..., Answers]:
    """Gives a function that makes a card: what each of NVML's functions answers."""

    def make(number: int = 0, **answers: Any) -> Answers:
        return {
            "nvmlDeviceGetHandleByIndex": None,
            "nvmlDeviceGetUUID": f"GPU-{number}8f1e2d3-0000-4000-8000-000000000000",
            "nvmlDeviceGetName": "NVIDIA RTX A6000",
            "nvmlDeviceGetPciInfo": [0, 0x17 + number, 0],
            "nvmlDeviceGetVirtualizationMode": 0,
            "nvmlDeviceGetCudaComputeCapability": [8, 6],
            "nvmlDeviceGetMemoryInfo": [49140 * MIB, 47990 * MIB, 600 * MIB],
            "nvmlDeviceGetUtilizationRates": [37, 12],
            "nvmlDeviceGetTemperature": 61,
            "nvmlDeviceGetPowerUsage": 184250,
            "nvmlDeviceGetEnforcedPowerLimit": 300000,
            "nvmlDeviceGetMigMode": {"error": 3},
            "nvmlDeviceGetComputeRunningProcesses_v3": [],
            "nvmlDeviceGetGraphicsRunningProcesses_v3": [],
            "nvmlDeviceGetProcessUtilization": {"error": 6},
            **answers,
        }

    return make


@pytest.fixture
def mig_device() -> Callable[..., Answers]:
    """Gives a function that makes a part of a card in MIG mode.

    It refuses what the NVML reference says that such parts do not tell.
    """

    def make(number: int, **answers: Any) -> Answers:
        return {
            "nvmlDeviceGetUUID": f"MIG-{number}eb88891-0321-5fef-9c87-d4af3b54259e",
            "nvmlDeviceGetName": "NVIDIA A100-SXM4-40GB MIG 3g.20gb",
            "nvmlDeviceGetMemoryInfo": [19968 * MIB, 19955 * MIB, 13 * MIB],
            "nvmlDeviceGetComputeRunningProcesses_v3": [],
            "nvmlDeviceGetGraphicsRunningProcesses_v3": [],
            **answers,
        }

    return make
