"""How far an install is, as pip's own lines say it and as a person sees it."""

from __future__ import annotations

import io

import pip_output
import pytest
from steps import Steps, clock

# As pip 24.2 and 23.0 print them.
FETCHING = """\
Obtaining file:///projects/lrc
  Installing build dependencies: started
Collecting filelock>=3.12 (from lrc-toolbox==0.1.0)
  Using cached filelock-4.2.11-py3-none-any.whl (222 kB)
Processing /wheels/psutil-7.2.2-cp36-abi3-manylinux2010_x86_64.whl (from lrc-toolbox)
Collecting mitsuba>=3.6 (from lrc-toolbox==0.1.0)
  Downloading mitsuba-3.9.1-cp313-cp313-manylinux_2_28_x86_64.whl.metadata (12 kB)
  Downloading mitsuba-3.9.1-cp313-cp313-manylinux_2_28_x86_64.whl (62.6 MB)
"""
INSTALLING = "Installing collected packages: filelock, psutil, mitsuba, lrc-toolbox\n"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def read(text: str) -> pip_output.PipLines:
    lines = pip_output.PipLines()
    for line in text.splitlines():
        lines.read(line)
    return lines


def test_nothing_fetched_yet_says_what_is_waited_for() -> None:
    assert read(FETCHING[:60]).state() == "asking the package index"


def test_fetched_packages_are_counted_once_whatever_their_source() -> None:
    assert read(FETCHING).state() == "mitsuba 3.9.1 (3 so far)"


def test_a_long_download_shows_its_percentage() -> None:
    lines = read(FETCHING + "Progress 31282160 of 62564320\n")
    assert lines.state() == "mitsuba 3.9.1, 50 % of 62.6 MB (3 so far)"


def test_the_packages_to_install_are_known_once_pip_names_them() -> None:
    assert read(FETCHING).names == ()
    assert len(read(FETCHING + INSTALLING).names) == 4


@pytest.mark.parametrize(
    ("sign", "remedy"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("PermissionError: [Errno 13] Permission denied: 'x'", "cannot be written"),
        ("gaierror: Temporary failure in name resolution", "check the network"),
        ("SSLError(SSLCertVerificationError(1, ''))", "PIP_CERT"),
        (
            "ERROR: No matching distribution found for PySide2",
            "nothing for this Python",
        ),
        ("Segmentation fault", "lines above"),
    ],
)
def test_what_went_wrong_has_its_remedy(sign: str, remedy: str) -> None:
    assert remedy in pip_output.remedy(f"{FETCHING}{sign}\n")


def test_a_log_shows_each_step_when_it_begins_and_ends() -> None:
    log = io.StringIO()
    steps = Steps(2, log)
    steps.begin("Fetching")
    steps.show("too soon to be told again")
    steps.end("3 fetched")
    steps.begin("Installing")
    assert log.getvalue() == (
        "[1/2] Fetching\n[1/2] Fetching: 3 fetched - 0:00\n[2/2] Installing\n"
    )


def test_a_terminal_keeps_one_line_for_a_step() -> None:
    terminal = Terminal()
    steps = Steps(1, terminal)
    steps.begin("Fetching")
    steps.end("3 fetched")
    text = terminal.getvalue()
    assert text.count("\n") == 1
    assert text.split("\r")[-1].startswith("[1/1] Fetching: 3 fetched - 0:00")


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.4, "0:00"), (59.6, "1:00"), (605, "10:05")]
)
def test_time_is_shown_as_a_stop_watch_does(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
