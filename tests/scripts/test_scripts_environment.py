"""The scripts' environment, made for real from a tiny project that needs no network."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import environment
import pytest
from environment import Environment, prepare

PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "lrc-toolbox"
version = "0.1.0"
dependencies = []

[project.optional-dependencies]
cli = []
qt = []

[tool.ruff]
line-length = 88
"""

# Just enough of a PEP 660 backend: a wheel with a .pth file and its metadata.
BACKEND = '''\
from pathlib import Path
from zipfile import ZipFile

INFO = "lrc_toolbox-0.1.0.dist-info"
METADATA = """Metadata-Version: 2.1
Name: lrc-toolbox
Version: 0.1.0
Provides-Extra: cli
Provides-Extra: qt
"""

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "lrc_toolbox-0.1.0-py3-none-any.whl"
    with ZipFile(Path(wheel_directory, name), "w") as wheel:
        wheel.writestr("lrc_toolbox.pth", str(Path.cwd()))
        wheel.writestr(f"{INFO}/METADATA", METADATA)
        wheel.writestr(f"{INFO}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr(f"{INFO}/RECORD", "")
    return name
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in a folder whose name has a blank and an umlaut."""
    folder = tmp_path_factory.mktemp("scripts") / "Übung 1"
    (folder / "lrc_toolbox").mkdir(parents=True)
    (folder / "lrc_toolbox" / "__init__.py").touch()
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "backend.py").write_text(BACKEND, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(project: Path) -> Environment:
    """The project's environment with the extra `qt`, made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        return prepare(["qt"], root=project)


@pytest.fixture(autouse=True)
def _without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")


def install_log(made: Environment) -> Path:
    return made.folder.with_name(f"{made.folder.name}-install.log")


def extras(made: Environment) -> tuple[str, ...]:
    found = made.installed()
    assert found is not None
    return found.extras


def test_the_project_runs_in_its_environment_and_nowhere_else(
    made: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("LRC_HOME", "the queue of a person")
    program = "import json, os, sys, lrc_toolbox; print(json.dumps([sys.prefix, " + (
        "lrc_toolbox.__file__, sys.path, sorted(os.environ)]))"
    )
    answer = subprocess.check_output(
        [made.python, "-c", program], env=made.variables(), cwd="/"
    )
    prefix, package, path, variables = json.loads(answer)
    assert Path(prefix) == made.folder
    assert Path(package).parent == made.root / "lrc_toolbox"
    assert not any("elsewhere" in entry for entry in path)
    assert "LRC_HOME" not in variables


def test_a_second_run_installs_nothing(made: Environment) -> None:
    install_log(made).unlink(missing_ok=True)
    prepare(["qt"], root=made.root)
    assert not install_log(made).exists()


def test_an_extra_is_added_to_those_that_are_there(made: Environment) -> None:
    marker = made.folder / "still the same environment"
    marker.touch()
    prepare(["cli"], root=made.root)
    assert extras(made) == ("cli", "qt")
    assert marker.exists()


def test_an_install_that_was_interrupted_is_done_again_from_nothing(
    made: Environment,
) -> None:
    leftover = made.folder / "half a package"
    leftover.touch()
    made.record.unlink()
    prepare(["qt"], root=made.root)
    assert not leftover.exists()
    assert made.has(["qt"])


def test_a_fetch_that_fails_says_so_and_leaves_the_environment_usable(
    made: Environment,
) -> None:
    table = made.root / "pyproject.toml"
    wanting = PROJECT.replace("dependencies = []", 'dependencies = ["no-such-package"]')
    backend = made.root / "backend.py"
    backend.write_text(
        BACKEND.replace("Provides-Extra: cli", "Requires-Dist: no-such-package"),
        encoding="utf-8",
    )
    table.write_text(wanting, encoding="utf-8")
    try:
        assert not made.has(["qt"])
        with pytest.raises(environment.SetupError, match="no-such-package") as caught:
            prepare(["qt"], root=made.root)
    finally:
        backend.write_text(BACKEND, encoding="utf-8")
        table.write_text(PROJECT, encoding="utf-8")
    assert "check the network" in str(caught.value)
    assert made.has(["qt"])


def test_what_does_not_decide_what_is_installed_may_change(made: Environment) -> None:
    before = environment.tables_digest(made.root)
    changed = PROJECT.replace("= 88", "= 100") + "\n# a comment\n"
    (made.root / "pyproject.toml").write_text(changed, encoding="utf-8")
    try:
        assert environment.tables_digest(made.root) == before
    finally:
        (made.root / "pyproject.toml").write_text(PROJECT, encoding="utf-8")


def test_a_changed_dependency_is_noticed(tmp_path: Path) -> None:
    table = tmp_path / "pyproject.toml"
    table.write_text(PROJECT, encoding="utf-8")
    before = environment.tables_digest(tmp_path)
    table.write_text(PROJECT.replace("cli = []", 'cli = ["rich"]'), encoding="utf-8")
    assert environment.tables_digest(tmp_path) != before


def test_a_checkout_that_was_moved_needs_another_environment(
    made: Environment, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "moved"
    elsewhere.symlink_to(made.root)
    moved = Environment(elsewhere, elsewhere / made.folder.relative_to(made.root))
    assert moved.python.exists()
    assert moved.installed() is None


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / ".venv").write_text("a file where the folder should be")
    with pytest.raises(environment.SetupError, match="cannot be made"):
        prepare(["qt"], root=tmp_path)
