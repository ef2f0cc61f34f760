"""The state tables hang together, and their document is what they print."""

from __future__ import annotations

import subprocess
import sys
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.states import (
    ATTEMPT,
    FRAME,
    JOB,
    TABLES,
    TASK,
    AttemptState,
    FrameState,
    IllegalMoveError,
    JobState,
    StateTable,
    TaskState,
)

REPOSITORY = Path(__file__).resolve().parents[2]
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.noun)


@every_table
def test_every_state_has_a_meaning_and_a_row_of_moves(table: StateTable[Any]) -> None:
    states = set(type(next(iter(table.meaning))))
    assert set(table.meaning) == states
    assert set(table.moves) == states


@every_table
def test_every_state_can_be_reached_from_the_first(table: StateTable[Any]) -> None:
    reached: set[Enum] = set()
    edge = {next(iter(table.meaning))}
    while edge:
        reached |= edge
        edge = {to for state in edge for to in table.moves[state]} - reached
    assert reached == set(table.meaning)


@every_table
def test_everything_that_has_not_ended_can_end(table: StateTable[Any]) -> None:
    ending = {state for state in table.meaning if table.ended(state)}
    grown = True
    while grown:
        more = {s for s in table.meaning if set(table.moves[s]) & ending} - ending
        ending |= more
        grown = bool(more)
    assert ending == set(table.meaning)


@pytest.mark.parametrize(
    ("table", "ended"),
    [
        (JOB, {JobState.DONE, JobState.FAILED, JobState.CANCELLED}),
        (TASK, {TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED}),
        (FRAME, {FrameState.DONE, FrameState.FAILED, FrameState.CANCELLED}),
        (
            ATTEMPT,
            {
                AttemptState.FINISHED,
                AttemptState.FAILED,
                AttemptState.STOPPED,
                AttemptState.LOST,
            },
        ),
    ],
)
def test_what_has_ended_leaves_its_state_only_to_wait_again(
    table: StateTable[Any], ended: set[Enum]
) -> None:
    assert {state for state in table.meaning if table.ended(state)} == ended
    for state in ended:
        assert [to.value for to in table.moves[state]] in ([], ["waiting"])


def test_a_proved_frame_is_not_rendered_again_without_being_asked_for() -> None:
    with pytest.raises(IllegalMoveError) as refused:
        FRAME.move(
            "frame 17.2 at 1001",
            FrameState.DONE,
            FrameState.RENDERING,
            history=(FrameState.WAITING, FrameState.PROVING),
        )
    assert refused.value.what == "frame 17.2 at 1001"
    assert refused.value.history == (
        FrameState.WAITING,
        FrameState.PROVING,
        FrameState.DONE,
        FrameState.RENDERING,
    )
    assert "waiting -> proving -> done -> rendering" in str(refused.value)


def test_a_legal_move_gives_the_new_state() -> None:
    assert JOB.move("job 3", JobState.WAITING, JobState.RUNNING) is JobState.RUNNING


def test_the_document_is_what_the_tables_print() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "lrc_toolbox.jobs.states"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert printed.stdout == (REPOSITORY / "docs/states.md").read_text("utf-8")
