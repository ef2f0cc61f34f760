"""A fresh look at this computer, as the service would see it now.

Blocks for a second or so: loads take time to measure, and the GPUs' driver to answer.
Reads only. Any thread.
"""

from __future__ import annotations

import platform
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

from lrc_toolbox.jobs.devices import GpuReading, MachineReading
from lrc_toolbox.jobs.policy import Policy, PolicyError
from lrc_toolbox.jobs.records import AttemptRecord
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.machine.calendar import SystemCalendar
from lrc_toolbox.machine.disks import WatchedFolder
from lrc_toolbox.machine.gpus import read_gpus
from lrc_toolbox.machine.identity import Identity
from lrc_toolbox.machine.watch import MachineWatch
from lrc_toolbox.queue.machine_view import AttemptAtWork, MachineView, Problem
from lrc_toolbox.queue.waiting_reasons import stepping_back
from lrc_toolbox.running.home import Home
from lrc_toolbox.running.launching import service_status
from lrc_toolbox.running.machine_news import vram_held, with_owners
from lrc_toolbox.running.measuring import Held, held_now
from lrc_toolbox.scheduling.artist import Artist
from lrc_toolbox.scheduling.hours import rule_at
from lrc_toolbox.scheduling.reserving import work_out
from lrc_toolbox.store.interface import Store

#: How long, in seconds, parts that hang are waited for.
PATIENCE_S = 3.0

#: How many output folders are looked at, those of the newest jobs.
_FOLDERS = 8
#: How many of the newest jobs are asked for theirs.
_JOBS = 50

_OPEN = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class WorkAtHand:
    """What the queue says of the work on this computer.

    Attributes:
        attempts: those that have not ended; nothing is measured yet.
        outputs: folders that pictures go to.
        stepping_back: for whose sake renders step back, as the service said last.
    """

    attempts: tuple[AttemptAtWork, ...]
    outputs: tuple[str, ...]
    stepping_back: str


def work_at_hand(store: Store) -> WorkAtHand:
    """Read from the queue who is at work and where pictures go."""
    attempts = tuple(_named(store, one) for one in store.attempts(live=True))
    return WorkAtHand(attempts, tuple(_outputs(store)), stepping_back(store))


def _named(store: Store, attempt: AttemptRecord) -> AttemptAtWork:
    job, task = store.job(attempt.task.job), store.task(attempt.task)
    return AttemptAtWork(
        attempt, job.name if job else "", task.plan.layer if task else ""
    )


def _outputs(store: Store) -> Iterator[str]:
    """Yield the folders of open jobs, the newest first, then those of ended ones."""
    jobs = store.jobs(_OPEN, _JOBS, newest_first=True)
    jobs += store.jobs(limit=_JOBS, newest_first=True)
    folders = dict.fromkeys(job.submission.output_folder for job in jobs)
    yield from islice(folders, _FOLDERS)


def look_at_machine(home: Home, work: WorkAtHand) -> MachineView:
    """Look at the computer, and work out what renders may have of it.

    Args:
        home: where Mayas register and the policy lies.
        work: what the queue says.
    """
    service = service_status(home)
    policy, wrong = _policy(home, service.slots)
    reading = _read(home, work.outputs)
    held, owners = held_now(_processes(work))
    reading = replace(reading, gpus=with_owners(reading.gpus, owners))
    artist = Artist()
    artist.follow(reading, policy)
    rule = rule_at(policy, SystemCalendar(), reading.at)
    capacity = work_out(
        reading,
        policy,
        away=artist.away,
        rule=rule,
        held_mib=_vram_granted(work),
        used_by_renders_mib=sum(one.memory_mib for one in held.values()),
    )
    return MachineView(
        name=platform.node(),
        reading=reading,
        policy=policy,
        capacity=capacity,
        window=rule,
        away=artist.away,
        stepping_back=work.stepping_back if service.running else "",
        attempts=tuple(_measured(one, reading, held) for one in work.attempts),
        service_runs=service.running,
        problems=(*wrong, *_problems(reading)),
    )


def _policy(home: Home, slots: int | None) -> tuple[Policy, tuple[Problem, ...]]:
    """Read the policy; a file that is wrong is told, and the one that comes holds."""
    wrong: tuple[Problem, ...] = ()
    try:
        policy = Policy.load(home.policy_file)
    except PolicyError as error:
        remedy = f"{error.remedy} A running service keeps to the policy before it."
        policy, wrong = Policy(), (Problem(str(error.args[0]), remedy.strip()),)
    if slots is not None:
        policy = policy.model_copy(update={"attempts": slots})
    return policy, wrong


def _read(home: Home, outputs: tuple[str, ...]) -> MachineReading:
    folders = [
        *(WatchedFolder(folder, "output") for folder in outputs),
        WatchedFolder(str(home.folder), "state"),
        WatchedFolder(tempfile.gettempdir(), "temp"),
    ]
    watch = MachineWatch(folders, home.hosts, lambda: GpuReading(pending=True))
    with ThreadPoolExecutor(1) as aside:
        gpus = aside.submit(read_gpus)
        watch.wait(PATIENCE_S)
        found = gpus.result()
    return replace(watch.read(time.time()), gpus=found)


def _processes(work: WorkAtHand) -> dict[int, Identity]:
    return {
        one.record.id: Identity(one.record.pid, one.record.process_created_at)
        for one in work.attempts
        if one.record.pid is not None and one.record.process_created_at is not None
    }


def _vram_granted(work: WorkAtHand) -> dict[str, int]:
    granted: dict[str, int] = {}
    for one in work.attempts:
        grant = one.record.grant
        if grant.gpu_uuid is not None:
            granted[grant.gpu_uuid] = granted.get(grant.gpu_uuid, 0) + grant.vram_mib
    return granted


def _measured(
    one: AttemptAtWork, reading: MachineReading, held: Mapping[int, Held]
) -> AttemptAtWork:
    found = held.get(one.record.id)
    if found is None:
        return one
    vram = vram_held(reading.gpus, one.record.grant.gpu_uuid, found.pids)
    return replace(one, memory_mib=found.memory_mib, vram_mib=vram)


def _problems(reading: MachineReading) -> Iterator[Problem]:
    gpus = reading.gpus
    # That a computer has no driver, and so no GPU, is no problem of its own.
    if gpus.problem and (gpus.unread or gpus.source):
        yield Problem(gpus.problem, gpus.remedy)
    for disk in reading.disks:
        if disk.problem:
            where = f"The disk of {disk.folder} ({disk.purpose})"
            yield Problem(f"{where} cannot be read: {disk.problem}")
