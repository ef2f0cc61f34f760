"""Makes a virtual environment and fills it, showing how far it is.

Runs ``venv`` and ``pip`` with their output in a log file that is followed, so nothing
can fill up and stall, and explains a failure. Where the environment lies and what it
must hold is ``environment.py``'s. Runs on the caller's thread.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pip_output
from steps import Steps

POLL_S = 0.2
SHOWN_LINES = 15


class InstallationError(Exception):
    """A program did not succeed; the message holds its last lines and the remedy."""


@dataclass(frozen=True)
class Installer:
    """Runs the programs of one set-up.

    Attributes:
        folder: the folder to run them in; the project that is installed.
        variables: their environment variables.
        log: the file that their output is added to.
        steps: where progress is shown.
    """

    folder: Path
    variables: Mapping[str, str]
    log: Path
    steps: Steps

    def create(self, environment: Path) -> None:
        """Makes an empty environment in place of what is there.

        Raises:
            InstallationError: Python's own ``venv`` failed.
        """
        version = ".".join(str(part) for part in sys.version_info[:3])
        name = f"{environment.parent.name}/{environment.name}"
        self.steps.begin(f"Making {name} with Python {version}")
        if environment.exists():
            shutil.rmtree(environment)
        argv = [_base_python(), "-m", "venv", str(environment)]
        self._run(argv, lambda lines: self.steps.show(""))
        self.steps.end("done")

    def install(
        self,
        python: Path,
        packages: Path,
        extras: Sequence[str],
        before_change: Callable[[], None],
    ) -> None:
        """Installs the project, editable, with these extras.

        Args:
            python: the environment's interpreter.
            packages: the folder where it keeps what is installed.
            extras: the project's extras to install with it.
            before_change: called before anything that is installed is touched.

        Raises:
            InstallationError: pip failed, or what it installed cannot be imported.
        """
        lines = pip_output.PipLines()
        before = _count_installed(packages)
        self.steps.begin("Fetching packages")

        def show(new: list[str]) -> None:
            was_fetching = not lines.names
            for line in new:
                lines.read(line)
            if not lines.names:
                self.steps.show(lines.state())
                return
            if was_fetching:
                before_change()
                self.steps.end(f"{lines.fetched} fetched")
                self.steps.begin("Installing packages")
            done = min(_count_installed(packages) - before, len(lines.names))
            percent = 100 * done // len(lines.names)
            self.steps.show(f"{percent} %, {done} of {len(lines.names)}")

        self._run(_pip_command(python, packages, extras), show)
        self._run([str(python), "-c", "import lrc_toolbox"], lambda lines: None)
        self.steps.end(f"{len(lines.names)} installed")

    def _run(self, argv: Sequence[str], on_lines: Callable[[list[str]], None]) -> None:
        """Runs a program and tells its new lines several times a second."""
        with contextlib.ExitStack() as stack:
            sink = stack.enter_context(self.log.open("ab"))
            source = stack.enter_context(
                self.log.open(encoding="utf-8", errors="replace")
            )
            source.seek(0, 2)
            process = subprocess.Popen(
                argv,
                cwd=self.folder,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                # Hands the set-up lock on: see setup_lock.py.
                close_fds=False,
            )
            # Ctrl-C leaves no pip behind that would go on changing the environment.
            stack.callback(process.wait)
            stack.callback(process.kill)
            unfinished = ""
            running = True
            while running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(POLL_S)
                    running = False
                *lines, unfinished = (unfinished + source.read()).split("\n")
                on_lines(lines)
        if process.returncode:
            raise InstallationError(self._explanation(argv, process.returncode))

    def _explanation(self, argv: Sequence[str], code: int) -> str:
        output = self.log.read_text(encoding="utf-8", errors="replace")
        last = [f"    {line}" for line in output.splitlines()[-SHOWN_LINES:]]
        program = " ".join(argv[1:4])
        ended = f"{program} ended with exit code {code}. Its log: {self.log}"
        return "\n".join([*last, ended, pip_output.remedy(output)])


def _base_python() -> str:
    # The running Python may itself lie in the environment that is made anew.
    if sys.prefix == sys.base_prefix:
        return sys.executable
    if sys.platform == "win32":
        return str(sys._base_executable)
    return str(Path(sys.executable).resolve())


def _pip_command(python: Path, packages: Path, extras: Sequence[str]) -> list[str]:
    bar = "raw" if _pip_version(packages) >= (24, 1) else "off"
    options = ["--no-input", "--disable-pip-version-check", "--progress-bar", bar]
    project = f".[{','.join(extras)}]"
    return [str(python), "-m", "pip", "install", *options, "--editable", project]


def _pip_version(packages: Path) -> tuple[int, ...]:
    found = next(packages.glob("pip-*.dist-info"), None)
    if found is None:
        return ()
    numbers = found.name.removesuffix(".dist-info").split("-")[1].split(".")
    return tuple(int(number) for number in numbers[:2])


def _count_installed(packages: Path) -> int:
    return sum(1 for _ in packages.glob("*.dist-info"))
