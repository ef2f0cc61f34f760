"""What the NVIDIA driver's refusals mean, and what a person can do about them.

NVML's return codes are also the exit codes of `nvidia-smi` (its manual page, RETURN
VALUE; 18 was seen in anderskm/gputil#55). What they mean is said in the NVML API
reference, `nvmlReturn_t`. Any thread.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple


class NvmlCode(IntEnum):
    """Those of NVML's return codes that say something to a person."""

    NO_PERMISSION = 4
    NOT_FOUND = 6
    INSUFFICIENT_POWER = 8
    DRIVER_NOT_LOADED = 9
    LIBRARY_NOT_FOUND = 12
    FUNCTION_NOT_FOUND = 13
    GPU_IS_LOST = 15
    RESET_REQUIRED = 16
    OPERATING_SYSTEM = 17
    LIB_RM_VERSION_MISMATCH = 18
    UNKNOWN = 999


class Trouble(NamedTuple):
    """Why something is missing, one sentence, and what to do about it."""

    problem: str
    remedy: str = ""


_RESTART = "Restart the computer."
_REINSTALL = f"{_RESTART} If that does not help, install the NVIDIA driver again."
_CONTAINER = "In a container, start the container again."

_OF_THE_DRIVER: dict[int, Trouble] = {
    NvmlCode.NO_PERMISSION: Trouble(
        "This user may not talk to the NVIDIA driver.",
        "Ask for the right to read and write /dev/nvidia*, often that of the groups "
        "video and render.",
    ),
    NvmlCode.DRIVER_NOT_LOADED: Trouble(
        "An NVIDIA driver is installed, but it does not run.", _REINSTALL
    ),
    NvmlCode.FUNCTION_NOT_FOUND: Trouble(
        "The NVIDIA driver is too old.", "Install driver 510 or newer."
    ),
    NvmlCode.OPERATING_SYSTEM: Trouble(
        "The operating system keeps this process from the NVIDIA driver.",
        "Give its control group or container access to /dev/nvidia*.",
    ),
    # Seen when a package manager updates the driver under a running computer.
    NvmlCode.LIB_RM_VERSION_MISMATCH: Trouble(
        "The NVIDIA driver was updated and the old one still runs.", _RESTART
    ),
    # A container can lose its GPUs when systemd reloads (nvidia-container-toolkit#48).
    NvmlCode.UNKNOWN: Trouble(
        "The NVIDIA driver answers with an unknown error.", f"{_RESTART} {_CONTAINER}"
    ),
}

_OF_A_CARD: dict[int, Trouble] = {
    NvmlCode.NO_PERMISSION: Trouble(
        "{card} may not be used by this user.",
        "Ask for the right to read and write its /dev/nvidia<n>.",
    ),
    NvmlCode.INSUFFICIENT_POWER: Trouble(
        "{card} gets too little power.", "Look at its power cables."
    ),
    NvmlCode.GPU_IS_LOST: Trouble(
        "{card} fell off the bus.",
        f"{_RESTART} If it happens again, look at its power, heat and seat.",
    ),
    NvmlCode.RESET_REQUIRED: Trouble("{card} must be reset.", _RESTART),
}


def explain_driver(code: int, said: str) -> Trouble:
    """Say what a refusal of the whole driver means.

    Args:
        code: the return code.
        said: the driver's own words for it.
    """
    if code == NvmlCode.LIBRARY_NOT_FOUND:
        return no_driver()
    other = Trouble(f"The NVIDIA driver answers: {_clause(said)}.", _REINSTALL)
    return _OF_THE_DRIVER.get(code, other)


def explain_card(code: int, said: str, card: str) -> Trouble:
    """Say what a refusal of one card means.

    Args:
        code: the return code.
        said: the driver's own words for it.
        card: how to name it, "GPU 1 (NVIDIA RTX A6000)".
    """
    other = Trouble(f"{{card}} does not answer: {_clause(said)}.", _RESTART)
    found = _OF_A_CARD.get(code, other)
    return Trouble(found.problem.replace("{card}", card), found.remedy)


def no_driver() -> Trouble:
    """Say why there is no driver, as far as it can be seen from here."""
    if sys.platform == "darwin":
        return Trouble("There is no NVIDIA driver for macOS, so no GPU.")
    if "microsoft" in platform.release().lower():  # WSL's kernel names itself so
        # NVIDIA, CUDA on WSL User Guide: the driver of Windows is the only one needed.
        return Trouble(
            "No NVIDIA driver reaches this Linux inside Windows.",
            "Install the driver in Windows, not here, then run: wsl --update.",
        )
    if Path("/proc/driver/nvidia/version").exists():
        # NVIDIA Container Toolkit: only the capability "utility" brings NVML along.
        return Trouble(
            "The NVIDIA driver runs, but its library libnvidia-ml is not to be found.",
            "In a container, add utility to NVIDIA_DRIVER_CAPABILITIES; else install "
            "the driver again.",
        )
    return Trouble(
        "No NVIDIA driver is installed, so no GPU.",
        "If there is an NVIDIA GPU in this computer, install its driver.",
    )


def joined(troubles: Iterable[Trouble]) -> Trouble:
    """Make one of several: every problem, and every remedy once."""
    found = list(dict.fromkeys(troubles))
    problems = dict.fromkeys(trouble.problem for trouble in found)
    remedies = dict.fromkeys(trouble.remedy for trouble in found if trouble.remedy)
    return Trouble(" ".join(problems), " ".join(remedies))


def _clause(said: str) -> str:
    return said.strip().rstrip(".")
