from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from lrc_toolbox.machine.gpu_troubles import (
    NvmlCode,
    Trouble,
    explain_card,
    explain_driver,
    joined,
    no_driver,
)


def test_every_code_has_a_sentence_of_its_own() -> None:
    said = {explain_driver(code, "A. B.").problem for code in NvmlCode}
    # NOT_FOUND, INSUFFICIENT_POWER, GPU_IS_LOST and RESET_REQUIRED are cards' affairs.
    assert len(said) == len(NvmlCode) - 3
    assert "The NVIDIA driver answers: A. B." in said


def test_a_card_is_named_even_with_braces() -> None:
    odd = "GPU 1 ({0} {card})"
    assert explain_card(15, "", odd).problem == f"{odd} fell off the bus."
    assert (
        explain_card(10, "Timeout", odd).problem == f"{odd} does not answer: Timeout."
    )


def test_troubles_are_told_once_each() -> None:
    lost = Trouble("GPU 1 fell off the bus.", "Restart.")
    reset = Trouble("GPU 2 must be reset.", "Restart.")
    silent = Trouble("GPU 3 does not tell its VRAM.")
    assert joined([lost, reset, silent, lost]) == Trouble(
        "GPU 1 fell off the bus. GPU 2 must be reset. GPU 3 does not tell its VRAM.",
        "Restart.",
    )
    assert joined([]) == Trouble("", "")


@pytest.mark.parametrize(
    ("system", "release", "words"),
    [
        ("darwin", "24.1.0", "no NVIDIA driver for macOS"),
        ("linux", "5.15.167.4-microsoft-standard-WSL2", "Linux inside Windows"),
        ("win32", "10", "No NVIDIA driver is installed"),
    ],
)
def test_a_missing_driver_is_explained_for_each_system(
    monkeypatch: pytest.MonkeyPatch, system: str, release: str, words: str
) -> None:
    if Path("/proc/driver/nvidia/version").exists():
        pytest.skip("this computer has a driver")
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "release", lambda: release)
    assert words in no_driver().problem
