"""A small night played through: near the bound, the same each time, every rule kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import simulating
from simulation import rivals
from simulation.audit import Audit, BrokenRuleError
from simulation.farm import Driver, Farm
from simulation.gpu_sharing import SharedGpu
from simulation.lower_bound import least_work_s, longest_chain_s, lower_bound_s
from simulation.nights import RIVALS, jobs_for, ours, slots_of
from simulation.workload import LEAVE_S, Job, Layer, make_jobs
from simulation.workstation import known_of, workstation

from lrc_toolbox.jobs.capacity import Capacity
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.jobs.records import AttemptRecord, TaskId
from lrc_toolbox.jobs.states import AttemptState


def job(*frames: float, chunk: int | None = None, number: int = 1) -> Job:
    layer = Layer("beauty", frames, 2.0, 0.5, 1000, 4000)
    return Job(number, 0.0, 50, chunk, 10.0, (layer,))


def attempt(number: int, grant: Grant) -> AttemptRecord:
    return AttemptRecord(number, TaskId(1, 1), AttemptState.RUNNING, grant, "/log")


# -- the product's scheduler ---------------------------------------------------------
def test_a_night_on_one_machine_takes_hardly_longer_than_it_must() -> None:
    row = ours(make_jobs(1200, seed=3), 1, lambda proved: None)
    assert 1.0 <= row.ratio <= 1.05


def test_more_places_are_used_well_too() -> None:
    row = ours(make_jobs(2000, seed=5), 4, lambda proved: None)
    assert 1.0 <= row.ratio <= 1.10


def test_every_frame_is_done_once_and_every_job_ends() -> None:
    jobs = jobs_for(500, 2, seed=7, over_time=True)
    farm = Farm(jobs, slots_of(2))
    outcome = farm.play()
    assert farm.audit.proved == 500
    assert set(outcome.turnaround_s) == {one.number for one in jobs}
    assert 1 <= farm.audit.most_at_once <= 8


def test_the_same_seed_gives_the_same_night_to_the_last_digit() -> None:
    first, second = (
        Farm(make_jobs(400, seed=11), slots_of(1)).play() for _ in range(2)
    )
    assert first == second
    assert first != Farm(make_jobs(400, seed=12), slots_of(1)).play()


def test_layers_whose_vram_is_known_share_gpus_and_are_done_sooner() -> None:
    jobs = [one for one in make_jobs(600, seed=2) if one.chunk is None]
    alone = Farm(jobs, workstation(), Driver(GpuNeed.REQUIRED))
    known = Driver(GpuNeed.REQUIRED, tells_vram=True, known=known_of(jobs))
    packed = Farm(jobs, workstation(), known)
    assert packed.play().makespan_s < alone.play().makespan_s
    assert alone.audit.most_at_once == 4 < packed.audit.most_at_once


# -- the bound and the others --------------------------------------------------------
def test_the_bound_of_a_job_counts_loading_and_the_first_frame_once() -> None:
    assert least_work_s(job(5.0, 7.0)) == 10 + 2 + 12 + LEAVE_S
    assert longest_chain_s(job(5.0, 7.0)) == 10 + 2 + 7 + LEAVE_S
    assert lower_bound_s([job(5.0, 7.0)], 1) == 10 + 2 + 12 + LEAVE_S
    assert lower_bound_s([job(5.0, 7.0)], 9) == 10 + 2 + 7 + LEAVE_S


def test_an_engine_that_loads_for_every_chunk_pays_for_every_chunk() -> None:
    chunked = job(1.0, 2.0, 3.0, chunk=2)
    assert least_work_s(chunked) == 6 + 2 * (10 + 2 + LEAVE_S)
    assert longest_chain_s(chunked) == 10 + 2 + 3 + LEAVE_S


@pytest.mark.parametrize("who", RIVALS)
@pytest.mark.parametrize("over_time", [False, True])
def test_nobody_is_quicker_than_the_bound(who: str, over_time: bool) -> None:
    jobs = jobs_for(600, 2, seed=4, over_time=over_time)
    outcome = RIVALS[who](jobs, 8)
    assert outcome.makespan_s >= lower_bound_s(jobs, 8) - 1e-6
    assert set(outcome.turnaround_s) == {one.number for one in jobs}
    assert min(outcome.turnaround_s.values()) > 0


def test_layers_in_turn_are_not_shared() -> None:
    two = [job(*[5.0] * 10), job(5.0, number=2)]
    outcome = rivals.layers_in_turn(two, 4)
    assert outcome.makespan_s == 10 + 2 + 50 + LEAVE_S
    assert outcome.loads == 2


# -- what the simulation stands on ---------------------------------------------------
def test_two_on_a_gpu_take_turns() -> None:
    agenda: list[tuple[float, object]] = []
    gpu = SharedGpu(lambda when, do: agenda.append((when, do)))
    gpu.compute(10.0, 0.0, lambda: None)
    assert agenda[-1][0] == 10.0
    gpu.compute(10.0, 5.0, lambda: None)
    # 5 s are left, at half of 95 % of the speed.
    assert agenda[-1][0] == pytest.approx(5.0 + 5.0 / 0.475)


@pytest.mark.parametrize(
    "second",
    [Grant((1, 2), 10), Grant((9,), 10), Grant((2, 3), 60), Grant((2, 3), 0, "G", 60)],
)
def test_a_grant_that_exceeds_what_is_left_is_noticed(second: Grant) -> None:
    gpu = workstation().gpus[0]
    share = type(gpu)("G", 0, "GPU", 100, 100)
    audit = Audit(Capacity(4, (0, 1, 2, 3), 100, (share,)))
    audit.begins(1, attempt(1, Grant((0, 1), 50, "G", 50)))
    with pytest.raises(BrokenRuleError):
        audit.begins(2, attempt(2, second))


def test_a_frame_that_is_rendered_twice_is_noticed() -> None:
    audit = Audit(Capacity())
    audit.renders(TaskId(1, 1), 7)
    with pytest.raises(BrokenRuleError, match="second time"):
        audit.renders(TaskId(1, 1), 7)


def test_the_script_says_how_far_it_is_and_prints_its_tables() -> None:
    program = Path(simulating.__file__)
    done = subprocess.run(
        [sys.executable, str(program), "--frames", "400", "--machines", "1"],
        cwd=program.parent.parent,
        env={**os.environ, "PYTHONPATH": str(program.parent.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "[1/5] 400 frames, 1 machine, submitted at once" in done.stdout
    assert done.stdout.count("| LRC Toolbox") >= 5
