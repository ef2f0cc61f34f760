"""`lrc why` as people and programs meet it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from lrc_toolbox.cli.answering import answer_lines
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import JobState, TaskState
from lrc_toolbox.queue import JobAnswer, TaskAnswer
from tests.cli.conftest import Lrc, wait_until


def drawn(answer: JobAnswer, width: int = 80) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=True, color_system=None)
    for line in answer_lines(answer, console):
        console.print(line, soft_wrap=True)
    return file.getvalue().splitlines()


def answer(*tasks: tuple[str, TaskState, str], why: str = "It waits.") -> JobAnswer:
    found = tuple(
        TaskAnswer(TaskId(17, ordinal), layer, "cam", state, sentence)
        for ordinal, (layer, state, sentence) in enumerate(tasks, start=1)
    )
    return JobAnswer(17, "houses", JobState.WAITING, why, found)


def test_a_job_that_renders_and_one_that_waits_say_so(lrc: Lrc) -> None:
    lrc.let_render(False)
    first = lrc.submit("--layers", "beauty")
    wait_until(lambda: "renders frame" in lrc.json("why", first)["tasks"][0]["why"])
    second = lrc.submit()
    wait_until(lambda: "places are taken" in lrc.json("why", second)["why"])
    told = lrc.run("why", second)
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == f"Job {second}  shot  waiting"
    assert "places are taken" in lines[1]
    for number in (first, second):
        lrc.here("cancel", number)
        assert lrc.here("watch", number).returncode == 3
    assert lrc.json("why", second)["state"] == "cancelled"
    assert f"`lrc retry {second}`" in lrc.here("why", second).stdout


def test_an_unknown_job_ends_with_the_code_of_a_refusal(lrc: Lrc) -> None:
    told = lrc.here("why", 99999)
    assert (told.returncode, told.stdout) == (2, "")
    assert "There is no job 99999." in told.stderr
    assert lrc.json("why", 99999)["error"]["kind"] == "unknown_job"


def test_each_layer_has_its_own_sentence_below_the_jobs() -> None:
    busy = ("beauty", TaskState.RUNNING, "It renders frame 7 (42%).")
    waits = ("matte", TaskState.WAITING, "All places are taken.")
    assert drawn(answer(busy, waits, why="It renders with a process.")) == [
        "Job 17  houses  waiting",
        "  It renders with a process.",
        "",
        "  17.1 beauty  It renders frame 7 (42%).",
        "  17.2 matte   All places are taken.",
    ]


def test_a_sentence_that_all_layers_share_with_the_job_stands_there_once() -> None:
    same = [(f"layer{n}", TaskState.WAITING, "It is paused.") for n in range(3)]
    assert drawn(answer(*same, why="It is paused.")) == [
        "Job 17  houses  waiting",
        "  It is paused.",
    ]


def test_neighbours_with_the_same_sentence_share_a_line() -> None:
    first = ("beauty", TaskState.WAITING, "All places are taken.")
    rest = [(f"l{n}", TaskState.WAITING, "Others come first.") for n in range(200)]
    assert drawn(answer(first, *rest))[3:] == [
        "  17.1 beauty     All places are taken.",
        "  17.2 to 17.201  Others come first.",
    ]


def test_many_answers_are_cut_and_say_how_many_are_left() -> None:
    tasks = [(f"l{n}", TaskState.FAILED, f"Frame {n} failed.") for n in range(100)]
    assert drawn(answer(*tasks))[-1] == "  60 more tasks; --json tells of all"


@pytest.mark.parametrize("width", [40, 80])
def test_long_sentences_hang_below_their_beginning(width: int) -> None:
    long = "All places are taken: it starts when one is free, and not before that."
    lines = drawn(answer(("beau\x1bty", TaskState.WAITING, long)), width)
    assert lines[3].startswith(r"  17.1 beau\x1bty  All places")
    assert all(line.startswith(" " * 19) for line in lines[4:])
    assert all(len(line) <= width for line in lines)
