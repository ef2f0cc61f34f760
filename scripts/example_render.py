"""The demo's work: the example scene through a queue of its own, watched to its end.

Runs in the prepared environment; ``demo.py`` sees to that. Submits the scene to a queue
in a new folder, so that it never meets a person's real jobs, opens the panel where
there is a display, follows in the terminal otherwise, stops its service in any case,
and looks whether every picture is there. Its last line is ``Pictures: FOLDER``.

Which displays Windows and macOS have could not be tried here.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lrc_toolbox.engines.registry import engine
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.states import JOB, JobState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.queue import RenderQueue

ROOT = Path(__file__).resolve().parent.parent
SCENE = ROOT / "docs" / "examples" / "rocket.ma"
STOPPED_EXIT_CODE = 130  # as a shell says for a program that Ctrl-C ended
# Where a demo is killed, its service goes by itself after so many seconds of idling.
IDLE_S = 20
MOST_SLOTS = 256  # as many as the service takes


def main(arguments: Sequence[str]) -> int:
    """Renders the example and says where its pictures are; 0 where all are there."""
    options = _options(arguments)
    home = Path(tempfile.mkdtemp(prefix="lrc-demo-"))
    os.environ.update(
        LRC_HOME=str(home), LRC_SLOTS=str(options.slots), LRC_IDLE_S=str(IDLE_S)
    )
    try:
        submission = Submission(
            scene=str(SCENE),
            output_folder=str(options.out.absolute()),
            frames=options.frames,
            formats=("exr", "png"),
            percent=50,
        )
        problem = _render(submission, home, with_panel=not options.headless)
    except (LrcError, OSError) as error:
        problem = str(error)
    except KeyboardInterrupt:
        print(f"\nStopped. What was done is in {options.out}.", file=sys.stderr)
        shutil.rmtree(home, ignore_errors=True)
        return STOPPED_EXIT_CODE
    if problem:
        print(f"{problem}\nIts logs are in {home}.", file=sys.stderr)
        return 1
    shutil.rmtree(home, ignore_errors=True)
    print(f"Pictures: {submission.output_folder}")
    return 0


def has_display(variables: Mapping[str, str] = os.environ) -> bool:
    """Whether a window that is opened would be seen."""
    if variables.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin"):
        return "SSH_CONNECTION" not in variables
    return bool(variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY"))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="demo.py", description="Renders the example scene without Maya."
    )
    parser.add_argument("--headless", action="store_true", help="open no window")
    parser.add_argument(
        "--out",
        type=Path,
        default=ROOT / "renders" / "demo",
        metavar="FOLDER",
        help="where the pictures go (default: renders/demo in the project)",
    )
    parser.add_argument(
        "--frames", metavar="RANGE", help="as the scene says by default"
    )
    parser.add_argument(
        "--slots", type=_slots, default=2, metavar="N", help="processes at a time"
    )
    return parser.parse_args(arguments)


def _slots(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= MOST_SLOTS):
        raise argparse.ArgumentTypeError(f"must be 1 to {MOST_SLOTS}, not {text}")
    return int(text)


def _render(submission: Submission, home: Path, *, with_panel: bool) -> str:
    """Renders to the end; says what went wrong, "" where nothing did."""
    pictures = _pictures(engine(submission.engine).plan(submission))
    # An earlier run's pictures shall not stand for this one's.
    for picture in filter(Path.is_file, pictures):
        picture.unlink()
    with RenderQueue(home) as queue:
        try:
            number = queue.submit(submission)
            print(f"Job {number}: {len(pictures)} pictures of {SCENE}", flush=True)
            if with_panel and has_display():
                _show_panel(home)
            if not JOB.ended(queue.job(number).state):
                _lrc("watch", str(number))
            job = queue.job(number)
        finally:
            queue.stop_service()
    if job.state is not JobState.DONE:
        return f"The job is {job.state.value}. {job.reason}"
    missing = [picture for picture in pictures if not picture.is_file()]
    if missing:
        return f"{len(missing)} pictures are missing; the first is {missing[0]}."
    print(f"All {len(pictures)} pictures are there.")
    return ""


def _pictures(plans: Iterable[TaskPlan]) -> list[Path]:
    return [
        Path(picture.path(frame))
        for plan in plans
        for frame in plan.frames
        for picture in plan.pictures
    ]


def _show_panel(home: Path) -> None:
    print("The panel shows the queue. Close it to end the demo.", flush=True)
    panel = [sys.executable, "-m", "lrc_toolbox.gui", "--home", str(home)]
    if subprocess.call(panel):
        print("The panel could not stay open; going on in the terminal.")


def _lrc(*arguments: str) -> int:
    return subprocess.call([sys.executable, "-m", "lrc_toolbox.cli.main", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
