"""What holds whatever the computer, its artist and the policy do meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from lrc_toolbox.jobs.capacity import Capacity
from lrc_toolbox.jobs.commands import Cancel, Pause, Resume
from lrc_toolbox.jobs.devices import GpuProcess, GpuUse, Presence
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.jobs.policy import Policy, Window
from lrc_toolbox.jobs.states import JOB, FrameState, JobState
from lrc_toolbox.queue.waiting_reasons import why_held, why_not_yet
from lrc_toolbox.scheduling.events import UsageMeasured
from tests.scheduling.test_reserving_stories import Desk
from tests.scheduling.workstation import GIB, Workstation, uuid
from tests.scheduling.world import World

IN_HAND = (FrameState.SENT, FrameState.RENDERING)
SHORTAGES = (FailureClass.OUT_OF_GPU_MEMORY, FailureClass.OUT_OF_MEMORY)
ALWAYS = {"begins": "00:00", "ends": "00:00"}
POLICIES = (
    Policy(),
    Policy(attempts=1),
    Policy(host_gpu="share"),
    Policy(host_gpu="keep", attempts=2),
    Policy(attempts=8),
    Policy(windows=(Window(**ALWAYS),)),
    Policy(windows=(Window(**ALWAYS, grants="nothing"),)),
)
SOMEBODYS = 77


@dataclass
class OnlyWhatIsRead(World):
    """A world whose scheduler knows of no capacity before the computer is read."""

    def _capacity(self) -> Capacity:
        return Capacity()


class Nights(RuleBasedStateMachine):
    """GPUs fall off and come back, Mayas open, artists come and go; renders go on."""

    @initialize(
        cpus=st.sampled_from([8, 16, 32]),
        gpus=st.sampled_from([(24 * GIB,), (8 * GIB, 24 * GIB), (24 * GIB,) * 2, ()]),
        need=st.sampled_from([GpuNeed.REQUIRED, GpuNeed.REQUIRED, GpuNeed.EITHER]),
    )
    def begin(self, cpus: int, gpus: tuple[int, ...], need: GpuNeed) -> None:
        self.station = Workstation(cpus=cpus, gpus=gpus)
        self.desk = Desk(self.station, world=OnlyWhatIsRead(gpu=need))
        self.world = self.desk.world
        self.seen: set[int] = set()
        self.jobs: list[int] = []
        self.mayas: list[int] = []

    def _pick(self, number: int) -> int:
        processes = list(self.world.processes)
        return processes[number % len(processes)]

    def _look(self, seconds: float = 1.0) -> None:
        self.desk.look(seconds)

    # -- the computer ----------------------------------------------------------------
    @rule(seconds=st.sampled_from([1, 1, 5, 25]))
    def look(self, seconds: int) -> None:
        self._look(seconds)

    @rule(lost=st.sampled_from([(), (), (0,), (1,)]))
    def gpus_are_lost_or_back(self, lost: tuple[int, ...]) -> None:
        self.station.lost = set(lost)
        self._look()

    @rule(hangs=st.sampled_from([False, False, True]))
    def the_driver_hangs_or_answers(self, hangs: bool) -> None:
        self.station.unread = hangs
        self._look()

    @rule(on=st.sampled_from([None, None, 0, 1]), vram=st.sampled_from([100, 5000]))
    def somebody_else_renders_or_stops(self, on: int | None, vram: int) -> None:
        for there in self.station.processes.values():
            there[:] = [one for one in there if one.pid != SOMEBODYS]
        if on is not None:
            self.station.use(on, GpuProcess(SOMEBODYS, GpuUse.COMPUTE, vram))
        self._look()

    @rule(policy=st.sampled_from(POLICIES))
    def the_policy_changes(self, policy: Policy) -> None:
        self.desk.policy = policy
        self._look()

    # -- the artist ------------------------------------------------------------------
    @precondition(lambda self: len(self.mayas) < 2)
    @rule(on=st.sampled_from([(0,), (1,), (0, 1), ()]))
    def maya_opens(self, on: tuple[int, ...]) -> None:
        self.mayas.append(self.station.open_maya(*on))
        self._look()

    @precondition(lambda self: self.mayas)
    @rule()
    def maya_is_closed(self) -> None:
        self.station.close_maya(self.mayas.pop())
        self._look()

    @precondition(lambda self: self.mayas)
    @rule(gpu=st.sampled_from([0.0, 0.9]), cpus=st.sampled_from([0.0, 16.0]))
    def maya_works(self, gpu: float, cpus: float) -> None:
        self.station.load(self.mayas[-1], gpu=gpu, cpus=cpus)
        self._look(5)

    @precondition(lambda self: self.mayas)
    @rule(what=st.sampled_from(["", "playblast"]))
    def maya_asks_for_quiet(self, what: str) -> None:
        self.station.ask_for_quiet(self.mayas[-1], what)
        self._look()

    @rule(idle_s=st.none() | st.sampled_from([0.0, 5000.0]), locked=st.booleans())
    def the_artist_comes_or_goes(self, idle_s: float | None, locked: bool) -> None:
        self.station.presence = Presence(idle_s, locked)
        self._look()

    # -- people and processes --------------------------------------------------------
    @rule(
        tasks=st.lists(st.sampled_from(["1", "1-6"]), min_size=1, max_size=2),
        engine=st.sampled_from(["preview", "command"]),
        priority=st.sampled_from([10, 50, 90]),
        gpu=st.sampled_from(["auto", "auto", "auto", "none", "first"]),
        threads=st.none() | st.integers(1, 16),
    )
    def submit(
        self, tasks: list[str], engine: str, priority: int, gpu: str, threads: int
    ) -> None:
        if len(self.jobs) < 6:
            first = uuid(0) if self.station.gpus else "auto"
            gpu = first if gpu == "first" else gpu
            fields = {"priority": priority, "gpu": gpu, "cpu_threads": threads}
            self.jobs.append(self.world.submit(*tasks, engine=engine, **fields))

    @rule(number=st.integers(0, 99), kind=st.sampled_from([Cancel, Pause, Resume]))
    def steer(self, number: int, kind: type) -> None:
        if self.jobs:
            self.world.ask(kind(self.jobs[number % len(self.jobs)]))

    @precondition(lambda self: self.world.processes)
    @rule(number=st.integers(0, 99), times=st.integers(1, 3))
    def write(self, number: int, times: int) -> None:
        process = self._pick(number)
        for _ in range(times):
            if self.world.processes[process].line:
                self.world.write(process, seconds=3.0)
                self.world.prove()

    @precondition(lambda self: self.world.processes)
    @rule(
        number=st.integers(0, 99),
        memory=st.integers(100, 20 * GIB),
        vram=st.none() | st.integers(500, 20 * GIB),
    )
    def measure(self, number: int, memory: int, vram: int | None) -> None:
        process = self._pick(number)
        granted = self._granted(process)
        if granted.gpu_uuid is None:
            vram = None
        elif vram is not None:
            vram = min(vram, granted.vram_mib)
            self.desk.vram_of[process] = vram
        self.world.tell(UsageMeasured(process, memory, vram, self.world.now))

    @precondition(lambda self: self.world.processes)
    @rule(number=st.integers(0, 99), kind=st.sampled_from(SHORTAGES))
    def runs_out(self, number: int, kind: FailureClass) -> None:
        process = self._pick(number)
        mine = self.world.processes[process]
        if mine.line and mine.start.job.submission.engine == "preview":
            self.world.give_up(process, Failure(kind, "no more"))

    @precondition(lambda self: self.world.processes)
    @rule(number=st.integers(0, 99), code=st.sampled_from([0, -9]))
    def process_ends(self, number: int, code: int) -> None:
        self.world.end(self._pick(number), code)
        self.world.prove()

    @rule(alive=st.booleans())
    def the_service_is_killed_and_started_again(self, alive: bool) -> None:
        before = {mine.attempt for mine in self.world.processes.values()}
        self.world.restart(alive=alive)
        assert before == set(self.world.processes) or not alive
        # The grants of processes that live on were written down first.
        self.seen = set(self.world.processes)
        self._look()

    # -- what is granted -------------------------------------------------------------
    def _granted(self, process: int) -> Grant:
        return self.world.attempts[self.world.processes[process].attempt].grant

    def _reserved(self) -> bool:
        presence, policy = self.station.presence, self.desk.policy
        away = bool(presence.locked) or (presence.idle_s or 0) >= policy.away_after_s
        free = policy.windows and policy.windows[0].grants == "everything"
        return bool(self.station.hosts) and not away and not free

    @invariant()
    def what_is_granted_anew_was_there_to_grant(self) -> None:
        new = self.world.processes.keys() - self.seen
        self.seen |= new
        if not new:
            return
        policy = self.desk.policy
        assert len(self.world.processes) <= policy.attempts
        assert not any(window.grants == "nothing" for window in policy.windows)
        for process in new:
            grant = self._granted(process)
            if self._reserved():
                kept = len(self.station.hosts) * max(4, -(-self.station.cpus // 5))
                assert min(grant.cpu_ids) >= kept
                assert not any(host.busy_with for host in self.station.hosts)
            if grant.gpu_uuid is not None:
                self._gpu_was_free(int(grant.gpu_uuid[-1]))

    def _gpu_was_free(self, index: int) -> None:
        assert index not in self.station.lost
        assert not self.station.unread
        total, choice = self.station.gpus[index], self.desk.policy.host_gpu
        there = self.station.processes.get(index, [])
        assert not any(
            one.use is GpuUse.COMPUTE and (one.vram_mib or 0) >= 256 for one in there
        )
        left = total - 200 - sum(one.vram_mib or 0 for one in there)
        if self._reserved():
            hosts = {host.pid for host in self.station.hosts}
            used = self._gpus_of(hosts)
            others = set(range(len(self.station.gpus))) - self.station.lost - used
            if index in used:
                assert choice == "share" or (choice == "auto" and not others)
            if index in used or not all(self._gpus_of({host}) for host in hosts):
                left -= max(2048, total // 4)
        grants = [self._granted(process) for process in self.world.processes]
        on_it = sum(one.vram_mib for one in grants if one.gpu_uuid == uuid(index))
        assert on_it <= left

    def _gpus_of(self, pids: set[int]) -> set[int]:
        return {
            index
            for index, there in self.station.processes.items()
            if index < len(self.station.gpus) and index not in self.station.lost
            if any(one.pid in pids for one in there)
        }

    @invariant()
    def no_cpu_is_used_twice(self) -> None:
        held = [cpu for p in self.world.processes.values() for cpu in p.cpu_ids]
        assert len(held) == len(set(held))
        for process in self.world.processes.values():
            assert process.cpu_ids == self.world.attempts[process.attempt].grant.cpu_ids

    @invariant()
    def no_frame_is_with_two_processes(self) -> None:
        lines = [
            (process.task, frame)
            for process in self.world.processes.values()
            for frame in process.line
        ]
        assert len(lines) == len(set(lines))
        for line in lines:
            assert self.world.frames[line].state in IN_HAND

    @invariant()
    def who_waits_is_told_why(self) -> None:
        working = {mine.task.job for mine in self.world.processes.values()}
        for number in set(self.jobs) - working:
            job = self.world.jobs[number]
            if job.state is not JobState.WAITING:
                continue
            held = why_held(job, queue_paused=False, needs={})
            told = held or why_not_yet(job, self.world.blocked, {})
            assert told.endswith(".")
            assert told != "It is about to start."

    def teardown(self) -> None:
        """Once everything is calm, every job is rendered to its end."""
        if not hasattr(self, "world"):
            return
        self.station.hosts.clear()
        self.station.processes.clear()
        self.station.lost.clear()
        self.station.unread = False
        self.desk.policy = Policy()
        for job in self.jobs:
            if not JOB.ended(self.world.state(job)):
                self.world.ask(Resume(job))
        for _ in range(100):
            self._look()
            for process in [n for n, p in self.world.processes.items() if p.stopping]:
                self.world.end(process, code=-15)
            self.world.finish_all()
            self._end_those_without_work()
            self.world.prove()
            if all(JOB.ended(self.world.state(job)) for job in self.jobs):
                break
        for job in self.jobs:
            assert JOB.ended(self.world.state(job)), self.world.jobs[job]
        assert not any(one.job in self.jobs for one in self.world.blocked)

    def _end_those_without_work(self) -> None:
        for process in [n for n, p in self.world.processes.items() if not p.line]:
            self.world.end(process)


TestNights = Nights.TestCase
TestNights.settings = settings(
    max_examples=80,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
