"""Which Python the scripts go on with, asked of real interpreters."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import usable_python

SCRIPTS = Path(usable_python.__file__).parent
STARTED_BY_A_PERSON = sorted(
    path.name
    for path in SCRIPTS.glob("*.py")
    if "usable_python.require()" in path.read_text(encoding="utf-8")
)
THIS_VERSION = "{}.{}".format(*sys.version_info)


def find_with(wanted: str, python: str = sys.executable) -> tuple[int, str]:
    """Starts the script with an interpreter: its exit code and what it said."""
    done = subprocess.run(
        [python, str(SCRIPTS / "usable_python.py")],
        env={**os.environ, usable_python.WANTED_VARIABLE: wanted},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip()


def an_old_python() -> str:
    """An interpreter on this machine that the project does not run on."""
    for version in ((2, 7), (3, 6), (3, 7), (3, 8), (3, 9)):
        for command in usable_python.candidates(version):
            if Path(command[0]).is_file():
                return command[0]
    pytest.skip("needs a Python that is too old, as pyenv has them")


def test_the_running_python_is_taken_where_it_fits() -> None:
    assert find_with("") == (0, sys.executable)


def test_the_version_that_is_asked_for_is_found() -> None:
    code, interpreter = find_with(THIS_VERSION)
    assert code == 0
    assert Path(interpreter).is_file()


def test_a_version_the_project_does_not_run_on_is_refused_in_a_sentence() -> None:
    code, sentence = find_with("3.9")
    assert code == 1
    assert "3.10, 3.11, 3.12 or 3.13" in sentence


def test_an_old_python_finds_a_newer_one() -> None:
    assert find_with(THIS_VERSION, an_old_python())[0] == 0


def test_an_old_python_finds_it_again_from_what_it_compiled(tmp_path: Path) -> None:
    shutil.copy(SCRIPTS / "usable_python.py", tmp_path)
    variables = {**os.environ, usable_python.WANTED_VARIABLE: THIS_VERSION}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in ("compiles it", "loads what it compiled"):
        answer = subprocess.check_output(
            [an_old_python(), "-c", "import usable_python as p; print(p.find())"],
            cwd=tmp_path,
            env=variables,
            text=True,
        )
        assert Path(answer.strip()).is_file()


def test_an_old_python_alone_says_which_one_to_install() -> None:
    done = subprocess.run(
        [an_old_python(), str(SCRIPTS / "test.py")],
        env={"PATH": "", "HOME": "", "PYENV_ROOT": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.10, 3.11, 3.12 or 3.13" in done.stderr
    assert "Install one" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_callers_own_python_settings_reach_no_other_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "elsewhere")
    monkeypatch.setenv("KEPT", "kept")
    clean = usable_python.clean_variables()
    assert "PYTHONPATH" not in clean
    assert "VIRTUAL_ENV" not in clean
    assert clean["KEPT"] == "kept"


@pytest.mark.parametrize("name", [*STARTED_BY_A_PERSON, "usable_python.py"])
def test_what_a_person_starts_keeps_to_the_oldest_syntax(name: str) -> None:
    """No f-strings, no annotations, no walrus: Python 2.7 has to read it."""
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse((SCRIPTS / name).read_text(encoding="utf-8"))):
        assert not isinstance(node, newer), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None, f"line {node.lineno}"
            assert not any(argument.annotation for argument in node.args.args)
            assert not node.args.kwonlyargs
        if isinstance(node, ast.ImportFrom):
            assert node.module != "__future__"
