from __future__ import annotations

import os
from pathlib import Path

import pytest

from lrc_toolbox.maya_host import interpreter
from lrc_toolbox.maya_host.interpreter import MayapyMissingError, mayapy_path


def installed(folder: Path, name: str = "mayapy") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_maya_location_says_where_mayapy_is(tmp_path: Path) -> None:
    mayapy = installed(tmp_path / "maya2025" / "bin")
    environment = {"MAYA_LOCATION": str(tmp_path / "maya2025")}
    assert mayapy_path(environment, "/elsewhere/maya.bin", "linux") == mayapy


def test_without_it_mayapy_is_beside_the_running_program(tmp_path: Path) -> None:
    mayapy = installed(tmp_path / "bin")
    assert mayapy_path({}, str(tmp_path / "bin" / "maya.bin"), "linux") == mayapy


def test_on_windows_it_is_an_exe(tmp_path: Path) -> None:
    mayapy = installed(tmp_path / "bin", "mayapy.exe")
    assert mayapy_path({}, str(tmp_path / "bin" / "maya.exe"), "win32") == mayapy


def test_on_macos_it_is_in_the_bundle_but_not_beside_the_program(
    tmp_path: Path,
) -> None:
    contents = tmp_path / "Maya.app" / "Contents"
    mayapy = installed(contents / "bin")
    program = str(contents / "MacOS" / "Maya")
    assert mayapy_path({}, program, "darwin") == mayapy


def test_a_maya_location_that_is_wrong_does_not_hide_the_right_one(
    tmp_path: Path,
) -> None:
    mayapy = installed(tmp_path / "bin")
    environment = {"MAYA_LOCATION": str(tmp_path / "gone")}
    assert mayapy_path(environment, str(tmp_path / "bin" / "maya"), "linux") == mayapy


def test_nowhere_names_every_place_and_the_remedy(tmp_path: Path) -> None:
    environment = {"MAYA_LOCATION": str(tmp_path / "maya")}
    with pytest.raises(MayapyMissingError) as raised:
        mayapy_path(environment, str(tmp_path / "bin" / "maya"), "linux")
    assert raised.value.tried == [
        tmp_path / "maya" / "bin" / "mayapy",
        tmp_path / "bin" / "mayapy",
    ]
    assert "LRC_PYTHON" in raised.value.remedy


def test_a_python_that_is_named_already_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LRC_PYTHON", "/mine/python")
    interpreter.use_mayapy()
    assert os.environ["LRC_PYTHON"] == "/mine/python"


def test_mayapy_is_named_for_the_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mayapy = installed(tmp_path / "bin")
    monkeypatch.setenv("LRC_PYTHON", "")
    monkeypatch.setenv("MAYA_LOCATION", str(tmp_path))
    interpreter.use_mayapy()
    assert os.environ["LRC_PYTHON"] == str(mayapy)
