from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from lrc_toolbox.cli.job_rows import frame_in_hand, state_word
from lrc_toolbox.cli.live_view import JobPicture, QueuePicture
from lrc_toolbox.jobs.states import AttemptState, JobState, TaskState
from lrc_toolbox.queue import TaskView
from tests.cli.cli_views import NOW, job, progress, task

LONG = "rs_houses_foreground_beauty_with_shadows_"


def drawn(
    picture: RenderableType, width: int, height: int = 24, encoding: str = "utf-8"
) -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    screen = Console(
        file=file, width=width, height=height, markup=False, highlight=False
    )
    screen.print(picture)
    file.seek(0)
    return file.read().splitlines()


def three_layers() -> list[TaskView]:
    return [
        task(
            "beauty",
            at=progress(12, percent=51.7, elapsed=80, left=92),
            hands=((1014, 0.0), (1013, 42.4)),
        ),
        task("matte", TaskState.DONE, ordinal=2, at=progress(24, elapsed=130)),
        task("sky", TaskState.WAITING, ordinal=3),
    ]


def houses(tasks: Sequence[TaskView], log_line: str = "") -> JobPicture:
    whole = progress(36, 72, percent=50.4, elapsed=130, left=300)
    return JobPicture(job(at=whole), tasks, NOW, log_line)


def test_a_layer_tells_below_it_what_is_odd_about_its_frames() -> None:
    odd = "Frame 7 is black and the frames beside it are not."
    lines = drawn(houses([task("beauty", warning=odd), task("sky", ordinal=2)]), 80)
    assert lines[1].split()[0] == "beauty"
    assert lines[2].strip() == odd


def test_each_layer_has_its_line_at_eighty_columns() -> None:
    lines = drawn(houses(three_layers(), "rendering image at 640 x 360"), 80)
    assert lines[0] == "Job 17  cartoonhouses  running, 2:10 so far"
    beauty, matte, sky, whole = lines[1:5]
    assert beauty.split()[0] == "beauty"
    assert beauty.split()[2:] == [
        "51%",
        "12/24",
        "1013",
        "42%",
        "+1",
        "1:32",
        "at",
        "12:01",
        "running",
    ]
    assert matte.split()[2:] == ["100%", "24/24", "in", "2:10", "done"]
    assert sky.split()[2:] == ["0%", "0/24", "waiting"]
    assert whole.split()[3:] == ["50%", "36/72", "5:00", "at", "12:05", "running"]
    assert lines[5] == "rendering image at 640 x 360"
    assert len({line.index("%") for line in lines[1:5]}) == 1


@pytest.mark.parametrize("width", [20, 32, 40, 60, 80, 100, 140, 200])
def test_nothing_is_broken_at_any_width(width: int) -> None:
    tasks = [
        task(LONG + end, ordinal=place, at=progress(3, failed=2), hands=((1003, 7.0),))
        for place, end in enumerate(["left", "right", "家家"], start=1)
    ]
    tasks.append(task("bad", TaskState.FAILED, ordinal=4, reason="No licence. " * 30))
    lines = drawn(houses(tasks, "x" * 500), width)
    # Title, four tasks of which four have a note, whole job, log line.
    assert len(lines) == 11
    assert max(map(cell_len, lines)) <= width


def test_layers_that_differ_at_their_end_can_be_told_apart_when_cut() -> None:
    tasks = [task(LONG + "left"), task(LONG + "right", ordinal=2)]
    left, right = drawn(houses(tasks), 60)[1:3]
    assert left.split()[0].startswith("rs_")
    assert left.split()[0].endswith("left")
    assert right.split()[0].endswith("right")


def test_cameras_are_named_only_where_there_are_several() -> None:
    one = drawn(houses([task("beauty")]), 80)
    two = drawn(houses([task("beauty"), task("beauty", camera="top", ordinal=2)]), 80)
    assert not any("persp" in line for line in one)
    assert "beauty / top" in two[2]


def test_more_tasks_than_lines_show_what_happens_now() -> None:
    tasks = [task(f"l{n}", TaskState.WAITING, ordinal=n) for n in range(1, 60)]
    tasks[40] = task("busy", ordinal=41, hands=((7, 3.0),))
    lines = drawn(houses(tasks), 80, height=12)
    assert len(lines) <= 12
    assert any("busy" in line for line in lines)
    assert any("53 more tasks not shown" in line for line in lines)


def test_a_single_task_is_its_own_whole() -> None:
    assert len(drawn(houses([task("beauty")]), 80)) == 2


def test_a_log_line_that_steers_the_terminal_is_shown_harmless() -> None:
    *_, last = drawn(houses([task("beauty")], "\x1b[2Jgone"), 80)
    assert last == r"\x1b[2Jgone"


def test_a_console_of_another_encoding_gets_what_it_can_show() -> None:
    tasks = [task("Häuser"), task("家", ordinal=2)]
    file = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", errors="replace")
    Console(file=file, width=60).print(houses(tasks))
    file.flush()
    shown = file.buffer.getvalue().decode("cp1252")
    assert "Häuser" in shown
    assert "?" in shown


@pytest.mark.parametrize(
    ("hands", "state", "shown"),
    [
        ((), AttemptState.RUNNING, ""),
        (((None, 0.0),), AttemptState.STARTING, "opening"),
        (((None, 0.0),), AttemptState.STOPPING, "stopping"),
        (((3, 0.0),), AttemptState.RUNNING, "3"),
        (((-3, 99.9),), AttemptState.RUNNING, "-3 99%"),
    ],
)
def test_the_frame_in_hand_is_told_with_its_percent(
    hands: tuple[tuple[int | None, float], ...], state: AttemptState, shown: str
) -> None:
    assert frame_in_hand(task("a", hands=hands, attempt_state=state)) == shown


def test_pausing_and_cancelling_are_told_from_the_state_they_lead_to() -> None:
    assert state_word(job(paused=True)).text == "pausing"
    assert state_word(job(JobState.WAITING, paused=True)).text == "paused"
    assert state_word(job(cancelling=True)).text == "cancelling"
    assert state_word(job(JobState.CANCELLED, cancelling=True)).text == "cancelled"


def test_the_queue_shows_jobs_with_the_reason_they_wait() -> None:
    jobs = [
        job(at=progress(6, elapsed=10, left=60)),
        job(JobState.WAITING, number=18, name="trees", reason="It waits for job 17."),
    ]
    lines = drawn(QueuePicture(jobs, 2, "1 running, 1 waiting.", NOW), 80)
    assert lines[0] == "1 running, 1 waiting."
    assert lines[1].split() == ["no", "name", "state", "frames", "left", "prio"]
    assert lines[2].split()[:3] == ["17", "cartoonhouses", "running"]
    assert lines[2].split()[4:] == ["25%", "6/24", "1:00", "at", "12:01", "50"]
    assert lines[4] == "   It waits for job 17."


def test_a_long_queue_is_cut_to_the_terminal_and_says_so() -> None:
    jobs = [
        job(JobState.WAITING, number=n, reason="It is about to start.")
        for n in range(1, 101)
    ]
    lines = drawn(QueuePicture(jobs, 100_000, "100,000 waiting.", NOW), 80, height=14)
    assert len(lines) <= 14
    assert lines[-1] == "99,995 more jobs not shown"
