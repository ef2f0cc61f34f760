"""Stores to try, and rows to put into them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.commands import Submit
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskPlan,
    TaskRecord,
)
from lrc_toolbox.jobs.states import AttemptState, FrameState, JobState, TaskState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.store.in_memory import MemoryStore
from lrc_toolbox.store.interface import Changes, Store
from lrc_toolbox.store.sqlite_file import SqliteStore

HERE = Path(__file__).resolve().parent
NOW = 1_700_000_000.0


class Make:
    """Rows with sensible values, of which a test names those it is about."""

    def submission(self, **fields: Any) -> Submission:
        given: dict[str, Any] = {
            "scene": "/shots/sh010/sh010.ma",
            "output_folder": "/renders",
            "user": "ada",
        }
        return Submission(**given | fields)

    def plan(self, frames: str = "1-10", layer: str = "beauty") -> TaskPlan:
        picture = ExpectedPicture(f"/renders/{layer}/persp/sh010.####.exr", 640, 360)
        return TaskPlan(layer, "persp", FrameRange.parse(frames), (picture,))

    def submit(self, *frames: str, **fields: Any) -> Submit:
        """Return a command with one task for each of the frame ranges."""
        plans = tuple(self.plan(text, f"layer{n}") for n, text in enumerate(frames))
        return Submit(self.submission(**fields), plans)

    def job(
        self, number: int, state: JobState = JobState.WAITING, **fields: Any
    ) -> JobRecord:
        return JobRecord(number, self.submission(), state, NOW, 50, **fields)

    def task(
        self,
        job: int,
        ordinal: int = 1,
        frames: str = "1-10",
        state: TaskState = TaskState.WAITING,
        **fields: Any,
    ) -> TaskRecord:
        return TaskRecord(TaskId(job, ordinal), self.plan(frames), state, **fields)

    def frame(self, task: TaskId, number: int, state: FrameState) -> FrameRecord:
        return FrameRecord(task, number, state, tries=1)

    def attempt(
        self,
        number: int,
        task: TaskId,
        state: AttemptState = AttemptState.RUNNING,
        **fields: Any,
    ) -> AttemptRecord:
        return AttemptRecord(
            number, task, state, Grant((0, 1)), "/logs/1.log", **fields
        )

    def queue(self, store: Store, number: int = 1, *frames: str) -> list[TaskRecord]:
        """Save a job with a task for each of the frame ranges; return the tasks."""
        ranges = enumerate(frames or ["1-10"], start=1)
        tasks = [self.task(number, ordinal, text) for ordinal, text in ranges]
        job = self.job(number, task_count=len(tasks))
        store.save(Changes(jobs=[job], new_tasks=tasks))
        return tasks


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture
def queue_file(tmp_path: Path) -> Path:
    return tmp_path / "queue.sqlite"


@pytest.fixture
def file_store(queue_file: Path) -> Iterator[SqliteStore]:
    """The service's store of an empty queue file."""
    opened = SqliteStore(queue_file, writer=True)
    yield opened
    opened.close()


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each implementation of `Store` in turn, empty."""
    if request.param == "memory":
        return MemoryStore()
    opened: SqliteStore = request.getfixturevalue("file_store")
    return opened


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start one of the programs beside the tests; what is left is killed at the end."""
    started: list[subprocess.Popen[str]] = []
    paths = [str(HERE.parent.parent), os.environ.get("PYTHONPATH", "")]

    def start(program: str, *arguments: object) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, str(HERE / program), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()
