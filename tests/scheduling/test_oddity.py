"""Which frames are odd beside their neighbours, and what follows."""

from __future__ import annotations

from lrc_toolbox.jobs.commands import Resume, Retry
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.pictures import PictureLook
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.scheduling.oddity import Neighbourhood, Seen

FINE = PictureLook(5_000_000, 0.2, 0.9)
BLACK = PictureLook(5_000_000, 0.0, 0.0)
SMALL = PictureLook(900_000, 0.2, 0.9)


def told(*frames: Seen) -> list[tuple[int, str]]:
    """What a task's frames give, in the order they are proved."""
    neighbourhood = Neighbourhood()
    return [odd for frame in frames for odd in neighbourhood.add(frame)]


def row(brightest=None, sizes=None, seconds=None):
    """Frames from 1 up that differ in one thing."""
    values = brightest or sizes or seconds
    return [
        Seen(
            number,
            size_bytes=sizes[number - 1] if sizes else 1_000_000,
            brightest=brightest[number - 1] if brightest else 0.8,
            seconds=seconds[number - 1] if seconds else 30.0,
        )
        for number in range(1, len(values) + 1)
    ]


def test_a_black_frame_among_others_is_odd() -> None:
    ((frame, sentence),) = told(*row(brightest=[0.8, 0.8, 0.8, 0.0, 0.8, 0.8]))
    assert (frame, sentence) == (
        4,
        "Frame 4 is black and the frames beside it are not.",
    )


def test_the_first_frame_is_judged_as_soon_as_it_has_neighbours() -> None:
    assert [frame for frame, _ in told(*row(brightest=[0.0, 0.8, 0.8, 0.8]))] == [1]


def test_of_a_layer_that_goes_black_the_first_frame_is_told() -> None:
    frames = row(brightest=[0.8] * 5 + [0.0] * 20)
    assert [frame for frame, _ in told(*frames)] == [6]


def test_a_layer_that_is_black_throughout_is_not_odd() -> None:
    assert told(*row(brightest=[0.0] * 9)) == []


def test_a_fade_to_black_is_not_odd() -> None:
    fade = [0.8 * 0.5**step for step in range(13)] + [0.0, 0.0]
    assert told(*row(brightest=fade)) == []


def test_frames_without_colours_are_never_black() -> None:
    assert told(*[Seen(number, 1000) for number in range(1, 9)]) == []


def test_a_far_smaller_file_is_odd() -> None:
    sizes = [3_000_000, 3_100_000, 2_900_000, 400_000, 3_000_000]
    ((frame, sentence),) = told(*row(sizes=sizes))
    assert frame == 4
    assert "has 391 KiB, the frames beside it 2.9 MiB" in sentence


def test_of_a_run_of_small_files_the_first_is_told() -> None:
    sizes = [3_000_000] * 5 + [400_000] * 3
    assert [frame for frame, _ in told(*row(sizes=sizes))] == [6]


def test_of_a_run_of_slow_frames_the_first_is_told() -> None:
    seconds = [60] * 5 + [600, 620, 610]
    assert [frame for frame, _ in told(*row(seconds=seconds))] == [6]


def test_files_that_shrink_bit_by_bit_are_not_odd() -> None:
    assert told(*row(sizes=[int(9e6 * 0.7**step) for step in range(15)])) == []


def test_a_far_slower_frame_is_odd() -> None:
    ((frame, sentence),) = told(*row(seconds=[60, 61, 59, 60, 600, 60]))
    assert (frame, sentence) == (
        5,
        "Frame 5 took 10:00, the frames beside it 1:00.",
    )


def test_short_frames_may_vary() -> None:
    assert told(*row(seconds=[0.2, 0.3, 0.2, 8.0, 0.2])) == []


def test_frames_out_of_order_are_compared_with_those_beside_them() -> None:
    bright = {1: 0.8, 50: 0.0, 49: 0.0, 51: 0.0, 2: 0.8, 3: 0.8, 52: 0.0, 48: 0.0}
    frames = [Seen(number, 1000, value) for number, value in bright.items()]
    assert told(*frames) == []


def test_a_frame_rendered_again_replaces_what_was_seen() -> None:
    neighbourhood = Neighbourhood()
    for frame in row(brightest=[0.8, 0.8, 0.8, 0.8]):
        neighbourhood.add(frame)
    assert neighbourhood.add(Seen(2, 1_000_000, 0.0))
    assert not neighbourhood.add(Seen(2, 1_000_000, 0.8))


# -- in the queue ----------------------------------------------------------------
def render(world, looks):
    process = next(iter(world.processes))
    for look in looks:
        world.write(process)
        world.prove(look=look)


def test_an_odd_frame_is_told_and_its_task_warns(make_world) -> None:
    world = make_world(slots=1)
    job = world.submit("1-9")
    render(world, [FINE] * 4 + [BLACK])
    (event,) = world.happened(EventKind.FRAME_ODD)
    assert (event.task, event.frame) == (TaskId(job, 1), 5)
    assert world.tasks[TaskId(job, 1)].warning == event.text
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_a_warning_tells_of_three_frames_and_that_there_are_more(make_world) -> None:
    world = make_world(slots=1)
    job = world.submit("1-40")
    render(world, [FINE] * 3 + [SMALL, FINE, FINE, FINE, FINE, FINE] * 5)
    assert len(world.happened(EventKind.FRAME_ODD)) == 5
    warning = world.tasks[TaskId(job, 1)].warning
    assert warning.count("Frame ") == 3
    assert warning.count("More") == 1


def test_the_job_is_paused_by_choice(make_world) -> None:
    world = make_world(slots=1)
    job = world.submit("1-9", pause_when_odd=True)
    render(world, [FINE] * 4 + [BLACK])
    assert world.jobs[job].paused
    assert "It was paused: Frame 5 is black" in world.jobs[job].reason
    while world.processes[1].line:
        world.write(1)
    world.prove(look=FINE)
    world.end(1)
    assert world.state(job) is JobState.WAITING
    world.ask(Resume(job))
    assert world.jobs[job].reason == ""
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_the_first_frame_of_a_process_is_not_called_slow(make_world) -> None:
    world = make_world(slots=1)
    world.submit("1-8", chunk_size=4)
    for seconds in (900, 10, 10, 10):
        world.write(1, seconds)
        world.prove(look=FINE)
    world.end(1)
    for seconds in (900, 10, 900, 10):
        world.write(2, seconds)
        world.prove(look=FINE)
    assert [event.frame for event in world.happened(EventKind.FRAME_ODD)] == [7]


def test_a_warning_goes_when_frames_are_asked_for_again(make_world) -> None:
    world = make_world(slots=1)
    job = world.submit("1-9")
    render(world, [FINE] * 4 + [BLACK])
    world.finish_all()
    assert world.tasks[TaskId(job, 1)].warning
    world.ask(Retry(job, TaskId(job, 1), FrameRange.parse("5")))
    assert world.tasks[TaskId(job, 1)].warning == ""
