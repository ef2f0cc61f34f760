"""What holds whatever happens: random histories against the rules that never break."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from lrc_toolbox.jobs.commands import (
    Cancel,
    Pause,
    Resume,
    Retry,
    SetPriority,
    StopQueue,
)
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.states import JOB, FrameState, JobState
from tests.scheduling.world import World

BROKEN = Failure(FailureClass.OUTPUT_BROKEN, "half a picture")
IN_HAND = (FrameState.SENT, FrameState.RENDERING)


class Histories(RuleBasedStateMachine):
    """People, processes and pictures do anything they can at any time."""

    @initialize(slots=st.integers(1, 3), cpus=st.integers(1, 4))
    def begin(self, slots: int, cpus: int) -> None:
        self.world = World(cpu_ids=tuple(range(cpus)), slots=min(slots, cpus))
        self.jobs: list[int] = []

    def _pick(self, number: int) -> int:
        processes = list(self.world.processes)
        return processes[number % len(processes)]

    @rule(
        tasks=st.lists(st.sampled_from(["1", "1-3", "5-9x2"]), min_size=1, max_size=3),
        engine=st.sampled_from(["preview", "command"]),
        priority=st.integers(0, 100),
        chunk=st.sampled_from([None, 1, 2]),
        order=st.sampled_from(["ascending", "descending", "preview_first"]),
        existing=st.sampled_from(["render", "render", "proved"]),
        chained=st.booleans(),
        after=st.none() | st.integers(0, 99),
    )
    def submit(
        self,
        tasks: list[str],
        engine: str,
        priority: int,
        chunk: int,
        order: str,
        existing: str,
        chained: bool,
        after: int | None,
    ) -> None:
        if len(self.jobs) >= 6:
            return
        fields: dict[str, object] = {}
        if chained and len(tasks) > 1:
            fields["layers_after"] = {"layer2": ("layer1",)}
        if after is not None and self.jobs:
            fields["frames_after"] = (self.jobs[after % len(self.jobs)],)
        job = self.world.submit(
            *tasks,
            engine=engine,
            priority=priority,
            chunk_size=chunk,
            order=order,
            existing=existing,
            **fields,
        )
        self.jobs.append(job)

    @precondition(lambda self: self.world.searches)
    @rule(frames=st.sampled_from(["", "1", "2-7", "1-9"]))
    def pictures_are_found(self, frames: str) -> None:
        self.world.found(frames)

    @rule(number=st.integers(0, 99), kind=st.sampled_from([Cancel, Pause, Resume]))
    def steer(self, number: int, kind: type) -> None:
        if self.jobs:
            self.world.ask(kind(self.jobs[number % len(self.jobs)]))

    @rule(number=st.integers(0, 99), priority=st.integers(0, 100))
    def reprioritise(self, number: int, priority: int) -> None:
        if self.jobs:
            job = self.jobs[number % len(self.jobs)]
            self.world.ask(SetPriority(job, priority))

    @rule(number=st.integers(0, 99))
    def retry(self, number: int) -> None:
        if self.jobs:
            self.world.ask(Retry(self.jobs[number % len(self.jobs)]))

    @rule()
    def stop_and_resume_the_queue(self) -> None:
        self.world.ask(StopQueue())
        self.world.ask(Resume(None))

    @precondition(lambda self: self.world.processes)
    @rule(number=st.integers(0, 99))
    def write(self, number: int) -> None:
        process = self._pick(number)
        if self.world.processes[process].line:
            self.world.write(process)

    @precondition(lambda self: self.world.processes)
    @rule(number=st.integers(0, 99), code=st.sampled_from([0, 1, -9]))
    def process_ends(self, number: int, code: int) -> None:
        self.world.end(self._pick(number), code)

    @rule(whole=st.booleans())
    def look_at_pictures(self, whole: bool) -> None:
        self.world.prove(None if whole else BROKEN)

    @rule(alive=st.booleans())
    def the_service_is_killed_and_started_again(self, alive: bool) -> None:
        self.world.restart(alive=alive)

    @invariant()
    def no_cpu_is_granted_twice(self) -> None:
        held = [cpu for p in self.world.processes.values() for cpu in p.cpu_ids]
        assert len(held) == len(set(held))
        assert len(self.world.processes) <= self.world.slots

    @invariant()
    def no_frame_is_with_two_processes(self) -> None:
        lines = [
            (process.task, frame)
            for process in self.world.processes.values()
            for frame in process.line
        ]
        assert len(lines) == len(set(lines))

    @invariant()
    def what_a_process_has_is_written_down(self) -> None:
        for process in self.world.processes.values():
            for frame in process.line:
                assert self.world.frames[process.task, frame].state in IN_HAND

    def teardown(self) -> None:
        """Left alone, every job ends, and those that are done have every frame."""
        if not hasattr(self, "world"):
            return
        world = self.world
        for process in [n for n, p in world.processes.items() if p.stopping]:
            world.end(process, code=-15)
        for job in self.jobs:
            if not JOB.ended(world.state(job)):
                world.ask(Resume(job))
        world.prove()
        for _ in range(200):
            while world.searches:
                world.found("2-5")
                world.prove()
            world.finish_all()
            leftover = [n for n, p in world.processes.items() if not p.line]
            if not (leftover or world.to_prove or world.searches):
                break
            for process in leftover:
                world.end(process)
            world.prove()
        for job in self.jobs:
            assert JOB.ended(world.state(job)) or self._waits(job), world.jobs[job]
            if world.state(job) is JobState.DONE:
                self._every_frame_was_proved(job)

        self._nothing_came_before_its_turn()

    def _nothing_came_before_its_turn(self) -> None:
        """Frames and layers began after what they come after was proved."""
        world = self.world
        proved: set[tuple[int, str, int | None]] = set()
        for event in world.events:
            if event.task is None:
                continue
            layer = world.tasks[event.task].plan.layer
            if event.kind in (EventKind.FRAME_PROVED, EventKind.FRAME_SKIPPED):
                proved.add((event.task.job, layer, event.frame))
            if event.kind is EventKind.FRAME_STARTED:
                submission = world.jobs[event.task.job].submission
                for job in submission.frames_after:
                    for needed in self._needed(job, layer, event.frame):
                        assert (job, needed, event.frame) in proved
                for needed in submission.layers_after.get(layer, ()):
                    for frame in self._layers(event.task.job)[needed]:
                        assert (event.task.job, needed, frame) in proved

    def _layers(self, job: int) -> dict[str, FrameRange]:
        tasks = self.world.tasks.values()
        return {row.plan.layer: row.plan.frames for row in tasks if row.id.job == job}

    def _needed(self, job: int, layer: str, frame: int | None) -> list[str]:
        """Layers of a job in which a frame must be proved before that of a layer."""
        layers = self._layers(job)
        same = [layer] if layer in layers else list(layers)
        return [one for one in same if frame in layers[one]]

    def _waits(self, job: int) -> bool:
        """Its frames come after those of a job that is not done."""
        after = self.world.jobs[job].submission.frames_after
        return any(self.world.state(one) is not JobState.DONE for one in after)

    def _every_frame_was_proved(self, job: int) -> None:
        proved = {
            (event.task, event.frame)
            for event in self.world.events
            if event.kind in (EventKind.FRAME_PROVED, EventKind.FRAME_SKIPPED)
        }
        for task in self.world.tasks.values():
            if task.id.job == job:
                assert all((task.id, frame) in proved for frame in task.plan.frames)
                assert task.done == task.total


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
