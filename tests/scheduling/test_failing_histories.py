"""What holds whatever fails: random histories with every class of failure."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from lrc_toolbox.jobs.commands import Resume
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.pictures import PictureLook
from lrc_toolbox.jobs.states import JOB, TASK
from lrc_toolbox.scheduling.events import ClockJumped, ProcessNotStarted, UsageMeasured
from lrc_toolbox.scheduling.retries import RULES
from tests.scheduling.test_scheduler_histories import Histories

KINDS = st.sampled_from(FailureClass)


class FailingHistories(Histories):
    """Frames, processes and starts fail in every way, and time passes or jumps."""

    @precondition(lambda self: self.world.processes)
    @rule(number=st.integers(0, 99), kind=KINDS)
    def a_frame_fails(self, number: int, kind: FailureClass) -> None:
        process = self._pick(number)
        if self.world.processes[process].line:
            self.world.give_up(process, Failure(kind, "so it is"))

    @precondition(lambda self: self.world.processes)
    @rule(number=st.integers(0, 99), kind=KINDS)
    def a_task_fails(self, number: int, kind: FailureClass) -> None:
        process = self._pick(number)
        self.world.give_up_task(process, Failure(kind, "so it is"))
        self.world.end(process, code=1)

    @precondition(lambda self: self.world.processes)
    @rule(number=st.integers(0, 99), kind=KINDS)
    def a_process_does_not_start(self, number: int, kind: FailureClass) -> None:
        process = self._pick(number)
        self.world.processes.pop(process)
        failure = Failure(kind, "so it is")
        self.world.tell(ProcessNotStarted(process, failure, self.world.now))

    @precondition(lambda self: self.world.processes)
    @rule(number=st.integers(0, 99), memory=st.integers(0, 200_000))
    def a_process_is_measured(self, number: int, memory: int) -> None:
        process = self._pick(number)
        self.world.tell(UsageMeasured(process, memory, None, self.world.now))

    @rule(mean=st.floats(0, 1))
    def pictures_are_bright_or_dark(self, mean: float) -> None:
        self.world.prove(look=PictureLook(int(1e6 * mean), mean, mean))

    @rule(seconds=st.sampled_from([1, 30, 60, 900]))
    def time_passes(self, seconds: int) -> None:
        self.world.tick(seconds)

    @rule(by_s=st.sampled_from([-7200.0, 36_000.0]))
    def the_clock_jumps(self, by_s: float) -> None:
        by_s = max(by_s, -self.world.now)  # not before 1970
        self.world.now += by_s
        self.world.tell(ClockJumped(by_s, self.world.now))

    @invariant()
    def what_waits_for_its_time_comes_up_by_itself(self) -> None:
        world = self.world
        deadline = world.scheduler.next_deadline
        longest = max(rule.longest_wait_s for rule in RULES.values())
        if deadline is not None and not world.processes:
            assert deadline <= world.now + longest

    @invariant()
    def nobody_works_for_a_task_that_ended(self) -> None:
        for process in self.world.processes.values():
            assert not TASK.ended(self.world.tasks[process.task].state)

    def teardown(self) -> None:
        """Left alone, every job ends, though that may take some waits."""
        if not hasattr(self, "world"):
            return
        world = self.world
        for _ in range(300):
            for job in self.jobs:
                if not JOB.ended(world.state(job)) and world.jobs[job].paused:
                    world.ask(Resume(job))
            for process in [n for n, p in world.processes.items() if p.stopping]:
                world.end(process, code=-15)
            world.finish_all()
            world.prove()
            if all(JOB.ended(world.state(job)) for job in self.jobs):
                break
            world.tick(60)
        super().teardown()


TestFailingHistories = FailingHistories.TestCase
TestFailingHistories.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
