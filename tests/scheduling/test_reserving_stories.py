"""Stories of the machine and the artist, told to the pure scheduler."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from lrc_toolbox.jobs.capacity import Resource
from lrc_toolbox.jobs.devices import GpuProcess, GpuUse, Presence
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.grant import GpuNeed
from lrc_toolbox.jobs.policy import Policy, Window
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.scheduling.events import MachineRead, UsageMeasured
from tests.scheduling.workstation import GIB, Workstation, uuid
from tests.scheduling.world import World


class Desk:
    """A world at a workstation, which is looked at whenever the story says so."""

    def __init__(
        self,
        station: Workstation,
        policy: Policy | None = None,
        world: World | None = None,
        **fields: object,
    ) -> None:
        self.station = station
        self.policy = policy or Policy()
        self.vram_of: dict[int, int] = {}
        self.world = world or World(**fields)  # type: ignore[arg-type]
        self.look()

    def look(self, seconds: float = 1.0) -> None:
        """Let time pass second by second, and look at the computer each time."""
        for _ in range(max(1, int(seconds))):
            self.world.now += 1.0
            now = self.world.now
            self.world.tell(MachineRead(self._reading(), self.policy, now))

    def _reading(self):
        """The reading, with the VRAM that the renders at work hold."""
        station = replace(self.station, processes={})
        station.processes = {
            index: list(processes)
            for index, processes in self.station.processes.items()
        }
        for key, process in self.world.processes.items():
            grant = process.grant
            if grant.gpu_uuid is not None:
                index = int(grant.gpu_uuid.rpartition("-")[2])
                held = self.vram_of.get(key, 1000)
                mine = GpuProcess(5000 + key, GpuUse.COMPUTE, held, attempt=key)
                station.use(index, mine)
        return station.reading(self.world.now)

    def gpus_at_work(self) -> list[str | None]:
        return [one.grant.gpu_uuid for one in self.world.processes.values()]

    def why(self, job: int) -> str:
        (lack,) = [one.lack for one in self.world.blocked if one.job == job]
        return lack.why

    def lacks(self, job: int) -> Resource:
        (lack,) = [one.lack for one in self.world.blocked if one.job == job]
        return lack.resource


def test_without_a_gpu_everything_renders_on_the_cpu() -> None:
    desk = Desk(Workstation(cpus=16), gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-8", "1-8")
    assert desk.gpus_at_work() == [None] * 4
    cpus = [cpu for one in desk.world.processes.values() for cpu in one.cpu_ids]
    assert sorted(cpus) == list(range(16))


def test_cores_are_kept_for_maya_and_no_more_than_most_are_lent() -> None:
    station = Workstation(cpus=16)
    station.open_maya()
    desk = Desk(station)
    desk.world.submit("1-8", "1-8", "1-8", "1-8")
    cpus = {cpu for one in desk.world.processes.values() for cpu in one.cpu_ids}
    # Two cores are four of its logical CPUs, more than a fifth of 16.
    assert cpus == set(range(4, 16))


def test_on_a_small_computer_the_reservation_counts_and_the_reason_is_told() -> None:
    station = Workstation(cpus=4)
    station.open_maya()
    desk = Desk(station)
    job = desk.world.submit("1-8")
    assert not desk.world.processes
    assert desk.lacks(job) is Resource.CPUS
    assert "kept for Maya" in desk.why(job)
    assert "host_cores" in desk.why(job)


def test_the_only_gpu_is_shared_with_vram_kept_free() -> None:
    station = Workstation(gpus=(24 * GIB,))
    station.open_maya(0, vram_mib=2000)
    desk = Desk(station, gpu=GpuNeed.EITHER)
    desk.world.submit("1-8")
    grants = [one.grant for one in desk.world.processes.values() if one.grant.gpu_uuid]
    assert [grant.gpu_uuid for grant in grants] == [uuid(0)]
    # 24 GiB without 2,200 MiB in use and a quarter that is kept free.
    assert grants[0].vram_mib == 24 * GIB - 2200 - 6 * GIB


def test_of_two_gpus_the_one_that_maya_uses_is_kept_though_it_is_not_the_first() -> (
    None
):
    station = Workstation(gpus=(8 * GIB, 24 * GIB))
    station.open_maya(1)
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    job = desk.world.submit("1-8", "1-8")
    assert desk.gpus_at_work() == [uuid(0)]
    assert "GPU 0" in desk.why(job)


def test_four_gpus_and_two_mayas_leave_two() -> None:
    station = Workstation(cpus=64, gpus=(24 * GIB,) * 4)
    station.open_maya(1)
    station.open_maya(2)
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-8", "1-8", "1-8")
    assert sorted(map(str, desk.gpus_at_work())) == [uuid(0), uuid(3)]


def test_where_every_gpu_has_a_maya_they_are_shared() -> None:
    station = Workstation(cpus=64, gpus=(24 * GIB,) * 2)
    station.open_maya(0)
    station.open_maya(1)
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-8", "1-8")
    assert sorted(map(str, desk.gpus_at_work())) == [uuid(0), uuid(1)]


def test_where_the_driver_does_not_say_which_gpu_maya_uses_all_are_shared() -> None:
    station = Workstation(gpus=(24 * GIB,) * 2)
    station.open_maya()
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-8", "1-8")
    vram = [one.grant.vram_mib for one in desk.world.processes.values()]
    assert vram == [24 * GIB - 200 - 6 * GIB] * 2


def test_another_users_render_is_left_its_gpu() -> None:
    station = Workstation(gpus=(24 * GIB,) * 2)
    station.use(0, GpuProcess(77, GpuUse.COMPUTE, 9000, name="redshiftCmdLine"))
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    job = desk.world.submit("1-8", "1-8")
    assert desk.gpus_at_work() == [uuid(1)]
    station.processes[0].clear()
    desk.look()
    assert desk.gpus_at_work() == [uuid(1), uuid(0)]
    assert desk.world.state(job) is JobState.RUNNING


def test_a_gpu_that_is_lost_ends_its_render_and_no_try_is_charged() -> None:
    station = Workstation(gpus=(24 * GIB,) * 2)
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    job = desk.world.submit("1-8")
    (first, *_) = desk.world.processes
    frame = desk.world.begin(first)
    lost = int(str(desk.world.processes[first].grant.gpu_uuid)[-1])
    station.lost.add(lost)
    desk.look(4)
    assert not desk.world.processes[first].stopping, "the driver may be late"
    station.lost.clear()
    desk.look()
    station.lost.add(lost)
    desk.look(4)
    assert not desk.world.processes[first].stopping
    desk.look()
    assert desk.world.processes[first].stopping
    assert [event.text for event in desk.world.happened(EventKind.GPU_LOST)] == [
        uuid(lost)
    ]
    desk.world.end(first, -9)
    row = next(row for key, row in desk.world.frames.items() if key[1] == frame)
    assert row.tries == 0
    desk.world.finish_all()
    assert desk.world.state(job) is JobState.DONE
    assert set(desk.gpus_at_work()) <= {uuid(1 - lost)}


def test_a_driver_that_stops_answering_starts_nothing_on_the_cpu_instead() -> None:
    station = Workstation(gpus=(24 * GIB,))
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    station.unread = True
    desk.look()
    job = desk.world.submit("1-8")
    assert not desk.world.processes
    assert desk.why(job) == "The NVIDIA driver hangs."


def test_the_artist_who_comes_back_gets_cpus_back_at_once() -> None:
    station = Workstation(cpus=16)
    station.open_maya()
    station.presence = Presence(idle_s=5000.0, locked=True)
    desk = Desk(station)
    desk.world.submit("1-80", "1-80", "1-80", "1-80")
    assert {c for p in desk.world.processes.values() for c in p.cpu_ids} == set(
        range(16)
    )
    station.presence = Presence(idle_s=0.0, locked=False)
    desk.look()
    bound = [process.cpu_ids for process in desk.world.processes.values()]
    left = {cpu for cpus in bound for cpu in cpus}
    assert left <= set(range(4, 16))
    assert all(bound), "nobody is left without"
    assert len(left) == sum(map(len, bound)), "nobody shares a CPU"


def test_renders_on_a_gpu_that_maya_opens_on_finish_their_frame_and_leave() -> None:
    station = Workstation(gpus=(24 * GIB, 24 * GIB))
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-8", "1-8")
    on_first = next(
        key
        for key, process in desk.world.processes.items()
        if process.grant.gpu_uuid == uuid(0)
    )
    station.open_maya(0)
    desk.look()
    assert not desk.world.processes[on_first].stopping
    while desk.world.processes[on_first].line:
        desk.world.write(on_first, seconds=5.0)
        desk.world.prove()
    assert desk.world.processes[on_first].closed
    desk.world.end(on_first)
    assert set(desk.gpus_at_work()) == {uuid(1)}


def test_while_maya_works_hard_on_the_shared_gpu_renders_rest_and_then_go_on() -> None:
    station = Workstation(gpus=(24 * GIB,))
    maya = station.open_maya(0)
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-80")
    (key,) = desk.world.processes
    desk.world.write(key, seconds=5.0)
    desk.world.prove()
    station.load(maya, gpu=0.9)
    desk.look(3)
    assert desk.world.processes[key].line, "three seconds are a click"
    desk.look(3)
    while desk.world.processes[key].line:
        desk.world.write(key, seconds=5.0)
        desk.world.prove()
    assert not desk.world.processes[key].closed, "it rests with its scene open"
    assert "Maya is working hard on GPU 0" in [
        event.text for event in desk.world.happened(EventKind.RENDERS_STEPPED_BACK)
    ]
    station.load(maya, gpu=0.0)
    desk.look(10)
    assert not desk.world.processes[key].line, "artists scrub, look and scrub again"
    desk.look(15)
    assert desk.world.processes[key].line
    assert desk.world.happened(EventKind.RENDERS_WENT_ON)


def test_a_render_that_rests_for_long_leaves_and_its_frames_wait() -> None:
    station = Workstation(gpus=(24 * GIB,))
    maya = station.open_maya(0)
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    job = desk.world.submit("1-80")
    (key,) = desk.world.processes
    station.ask_for_quiet(maya, "playblast")
    desk.look()
    while desk.world.processes[key].line:
        desk.world.write(key, seconds=1.0)
        desk.world.prove()
    for _ in range(130):
        desk.world.tick(1.0)
        desk.look()
    assert desk.world.processes[key].closed
    desk.world.end(key)
    assert not desk.world.processes
    assert "playblast" in desk.why(job)


def test_maya_at_work_on_the_cpu_holds_everything_back() -> None:
    station = Workstation(cpus=16)
    maya = station.open_maya()
    station.load(maya, cpus=12.0)
    desk = Desk(station)
    desk.look(6)
    job = desk.world.submit("1-80")
    assert not desk.world.processes
    assert desk.lacks(job) is Resource.ARTIST
    station.load(maya, cpus=0.5)
    desk.look(25)
    assert desk.world.processes


def test_a_change_of_the_policy_counts_at_once() -> None:
    station = Workstation(cpus=16)
    station.open_maya()
    desk = Desk(station, Policy(attempts=1))
    desk.world.submit("1-80", "1-80", cpu_threads=2)
    assert len(desk.world.processes) == 1
    desk.policy = Policy(attempts=3)
    desk.look()
    assert len(desk.world.processes) == 3


# -- several on one GPU ----------------------------------------------------------------


def measure(desk: Desk, key: int, vram_mib: int) -> None:
    desk.vram_of = {**desk.vram_of, key: vram_mib}
    event = UsageMeasured(key, 2000, vram_mib, desk.world.now)
    desk.world.tell(event)


def test_what_is_unknown_is_alone_and_shares_once_its_use_is_known() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-80", "1-80")
    (first,) = desk.world.processes
    measure(desk, first, 3000)
    assert len(desk.world.processes) == 1, "its first frame is not through"
    desk.world.write(first)
    desk.world.prove()
    measure(desk, first, 4000)
    desk.look()
    # The other layer is still unknown; the same layer fits beside the first.
    grants = [one.grant for one in desk.world.processes.values()]
    assert grants[0].gpu_uuid == uuid(0)
    assert desk.world.attempts[first].grant.vram_mib == 4800


def test_two_of_a_known_layer_share_a_gpu() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-80")
    (first,) = desk.world.processes
    desk.world.write(first)
    measure(desk, first, 4000)
    desk.look()
    assert desk.gpus_at_work() == [uuid(0)] * 4
    held = sum(desk.world.attempts[key].grant.vram_mib for key in desk.world.processes)
    assert held == 4 * 4800


def test_a_layer_that_uses_no_vram_needs_no_gpu() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-80")
    (first,) = desk.world.processes
    desk.world.write(first)
    measure(desk, first, 0)
    assert desk.gpus_at_work() == [uuid(0), None, None, None]


def test_a_job_that_waits_for_a_gpu_is_passed_by_one_that_needs_none() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-80")
    second = desk.world.submit("1-80")
    third = desk.world.submit("1-80", gpu="none")
    assert desk.world.at_work() == [(1, 1), (3, 1), (3, 1)]
    assert desk.lacks(second) is Resource.GPU
    assert desk.why(second) == (
        "Job 1 comes first on GPU 0; a higher priority brings this one forward."
    )
    # A place stays free for the second job.
    assert "kept for a job that comes first" in desk.why(third)


def test_a_gpu_that_is_asked_for_by_name_and_not_there_is_told() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), gpu=GpuNeed.EITHER)
    job = desk.world.submit("1-80", gpu="GPU-9")
    assert not desk.world.processes
    assert "lrc machine" in desk.why(job)


# -- times of day ----------------------------------------------------------------------


@pytest.fixture
def berlin() -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("Windows cannot change its time zone for one process")
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def clock(text: str) -> float:
    return time.mktime(time.strptime(text, "%Y-%m-%d %H:%M"))


@pytest.mark.parametrize(
    "day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"]
)
def test_a_window_opens_at_19_by_the_clock_on_the_wall(berlin: None, day: str) -> None:
    night = Policy(windows=(Window(begins="19:00", ends="07:00"),), otherwise="nothing")
    desk = Desk(Workstation(), night, now=clock(f"{day} 18:58"))
    job = desk.world.submit("1-80")
    assert not desk.world.processes
    assert desk.lacks(job) is Resource.TIME
    assert "19:00" in desk.why(job)
    desk.look(110)
    assert not desk.world.processes
    desk.look(15)
    assert desk.world.processes


def test_a_window_gives_everything_though_maya_is_open() -> None:
    station = Workstation(cpus=16, gpus=(24 * GIB,))
    station.open_maya(0)
    always = Window(begins="00:00", ends="00:00")
    desk = Desk(station, Policy(windows=(always,)), gpu=GpuNeed.EITHER)
    desk.world.submit("1-8", "1-8", "1-8", "1-8")
    assert {c for p in desk.world.processes.values() for c in p.cpu_ids} == set(
        range(16)
    )
