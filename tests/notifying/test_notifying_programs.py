"""Commands and the desktop, with real programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from lrc_toolbox.jobs.notifications import NotificationSettings
from lrc_toolbox.notifying.command import run_command
from lrc_toolbox.notifying.desktop import desktop_program, show_on_desktop
from lrc_toolbox.notifying.not_told import NotToldError
from lrc_toolbox.notifying.notice import Notice
from tests.programs import write_program

Make = Callable[..., Notice]

NOTES = "import json, sys; json.dump(sys.argv[2:], open(sys.argv[1], 'w'))"
ON_POSIX = pytest.mark.skipif(os.name == "nt", reason="a stand-in with a shebang")


def settings(*command: str, limit_s: float = 30) -> NotificationSettings:
    return NotificationSettings(command=command, command_limit_s=limit_s)


def test_a_command_gets_its_tokens_as_whole_arguments(
    notice: Make, tmp_path: Path
) -> None:
    hostile = '$(touch pwned) `x` "; rm -rf * & | > é'
    argv = [sys.executable, "-c", NOTES, str(tmp_path / "said")]
    command = settings(*argv, "<job>:<name>", "<reason>", "<<job>>", "", "%PATH%")
    run_command(notice(reason=hostile), command)
    said = json.loads((tmp_path / "said").read_text())
    assert said == ["17:houses", hostile, "<job>", "", "%PATH%"]


def test_a_program_that_is_not_there_is_told_by_name(notice: Make) -> None:
    with pytest.raises(NotToldError, match="/no/such/program cannot be started") as no:
        run_command(notice(), settings("/no/such/program"))
    assert no.value.remedy


def test_a_command_that_fails_is_told_with_its_last_line(notice: Make) -> None:
    fails = "print('first'); print('it is \\x1b[31m broken'); raise SystemExit(3)"
    with pytest.raises(NotToldError, match="exit code 3") as failed:
        run_command(notice(), settings(sys.executable, "-c", fails))
    assert failed.value.problem.endswith("it is \\x1b[31m broken")


@ON_POSIX
def test_a_command_that_hangs_is_ended_with_all_it_started(
    notice: Make, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    hangs = f"sleep 60 & echo $! > '{pid}'; wait"
    with pytest.raises(NotToldError, match="had not ended after 1 s"):
        run_command(notice(), settings("/bin/sh", "-c", hangs, limit_s=1))
    end = time.monotonic() + 10
    while _lives(int(pid.read_text())):
        assert time.monotonic() < end
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@ON_POSIX
def test_what_a_command_leaves_in_the_background_holds_up_nothing(
    notice: Make, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    leaves = f"sleep 60 & echo $! > '{pid}'"
    run_command(notice(), settings("/bin/sh", "-c", leaves))
    assert _lives(int(pid.read_text()))
    psutil.Process(int(pid.read_text())).kill()


@pytest.fixture
def notify_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program on the path that notes what it is asked to show."""
    programs = tmp_path / "bin"
    programs.mkdir()
    write_program(
        programs / "notify-send",
        "import json, sys\n"
        f"json.dump(sys.argv[1:], open({str(tmp_path / 'shown')!r}, 'w'))\n",
    )
    monkeypatch.setenv("PATH", str(programs))
    return tmp_path / "shown"


@pytest.mark.skipif(sys.platform != "linux", reason="notify-send is Linux'")
def test_the_desktop_shows_title_and_text(notice: Make, notify_send: Path) -> None:
    show_on_desktop(notice(at=time.time(), reason="-x <b> & it's"))
    app, dashes, title, text = json.loads(notify_send.read_text())
    assert (app, dashes) == ("--app-name=LRC Toolbox", "--")
    assert title == "houses has failed"
    assert text == "3 of 48 frames failed. -x &lt;b&gt; &amp; it's"


@ON_POSIX
def test_without_notify_send_the_bus_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gdbus").write_text("#!/bin/sh\n")
    (tmp_path / "gdbus").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    argv = desktop_program("it's \\ <done>", "a & b", "linux")
    assert argv[0] == str(tmp_path / "gdbus")
    assert r"'it\'s \\ <done>'" in argv
    assert "'a &amp; b'" in argv


@pytest.mark.skipif(
    not (shutil.which("gdbus") and shutil.which("dbus-run-session")),
    reason="needs gdbus and dbus-run-session",
)
def test_a_real_bus_understands_what_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gdbus = shutil.which("gdbus")
    (tmp_path / "gdbus").symlink_to(str(gdbus))
    run = str(shutil.which("dbus-run-session"))
    with monkeypatch.context() as only_gdbus:
        only_gdbus.setenv("PATH", str(tmp_path))
        argv = desktop_program("-he's \\ done", 'é "x" $HOME', "linux")
    asked = subprocess.run([run, "--", *argv], capture_output=True, text=True)
    # Nobody shows notifications on that bus; what was asked for was understood.
    assert "ServiceUnknown" in asked.stderr, asked.stderr


def test_a_desktop_without_any_program_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotToldError) as refused:
        desktop_program("t", "x", "linux")
    assert "notify-send" in refused.value.remedy


def test_no_name_becomes_a_part_of_a_script() -> None:
    hostile = "'; Remove-Item C: -Recurse; '\" & do shell script"
    toast = desktop_program(hostile, hostile, "win32")
    assert not any(hostile in part for part in toast)
    assert '"' not in toast[-1]
    shown = desktop_program(hostile, hostile, "darwin")
    assert list(shown[-2:]) == [hostile, hostile]
    assert not any(hostile in part for part in shown[:-2])
