"""The computer as clients see it: real readings, real renders, and what follows."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import example_machine
import jsonschema
import psutil
import pytest

from lrc_toolbox.jobs.devices import Gpu, GpuProcess, GpuUse, MachineReading, Presence
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.queue import Division, RenderQueue
from lrc_toolbox.queue.machine_document import json_schema
from lrc_toolbox.scheduling.hours import Rule
from tests.machine.conftest import MIB, StandInDriver, card, driver

__all__ = ["card", "driver"]

REPOSITORY = Path(__file__).resolve().parents[2]
PUBLISHED = REPOSITORY / "docs" / "machine.schema.json"


def test_the_published_schema_is_what_the_module_prints() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "lrc_toolbox.queue.machine_document"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert printed.stdout == PUBLISHED.read_text("utf-8")


def test_every_key_has_a_type_and_a_description() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    shapes = [schema, *schema["$defs"].values()]
    for shape in shapes:
        assert shape["description"]
        for name, described in shape.get("properties", {}).items():
            assert described.get("description"), (shape["title"], name)
            assert {"type", "anyOf", "$ref", "enum", "const"} & set(described), name


def test_a_document_with_something_everywhere_is_valid() -> None:
    document = example_machine.view().to_json()
    jsonschema.validate(document, json_schema())
    assert [gpu["index"] for gpu in document["gpus"]] == [0, 1]
    assert document["hosts"][0]["gpus"] == [1]
    assert [grant["gpu_index"] for grant in document["grants"]] == [0, 0, None]
    assert document["gpus"][1]["grantable_mib"] == 0


def test_a_fresh_look_knows_this_computer(home: Path) -> None:
    with RenderQueue(home) as queue:
        view = queue.machine()
    assert set(view.reading.cpu.ids) <= set(range(psutil.cpu_count() or 1))
    assert 0.0 <= view.reading.cpu.busy <= 1.0
    disks = {disk.purpose: disk for disk in view.reading.disks}
    assert disks["state"].folder == str(home)
    assert all(disk.total_mib > 0 for disk in disks.values())
    assert not view.service_runs
    assert view.attempts == ()
    jsonschema.validate(view.to_json(), json_schema())


def test_a_render_at_work_stands_there_with_what_it_holds(
    queue, submit, until, begun, tmp_path
):
    job = submit("memory = bytearray(64 << 20); wait_for('go'); write()", frames="1")
    until(begun)
    view = queue.machine()
    (one,) = view.attempts
    assert (one.record.task.job, one.job) == (job, "shot")
    assert one.record.grant.cpu_ids
    assert (one.memory_mib or 0) >= 64
    assert view.cpus.renders == len(one.record.grant.cpu_ids)
    assert view.memory.renders == one.memory_mib
    assert view.service_runs
    folders = [d.folder for d in view.reading.disks if d.purpose == "output"]
    assert folders == [str(tmp_path / "out")]
    (tmp_path / "go").touch()
    queue.wait(job, timeout=60)
    assert queue.machine().attempts == ()


def test_a_gpu_tells_whose_its_vram_is(
    queue, submit, until, begun, tmp_path, driver: StandInDriver, card
):
    job = submit("wait_for('go'); write()", frames="1")
    until(begun)
    ours = queue.tasks(job)[0].attempts[0]
    held = [[ours.pid, 5000 * MIB], [os.getpid(), 700 * MIB]]
    driver.tell(card(nvmlDeviceGetComputeRunningProcesses_v3=held))
    view = queue.machine()
    assert view.problems == ()
    (gpu,) = view.reading.gpus.gpus
    owners = {process.pid: process.attempt for process in gpu.processes}
    assert owners == {ours.pid: ours.id, os.getpid(): None}
    assert view.vram(gpu).renders == 5000
    assert view.capacity.gpu(gpu.uuid).why.startswith("GPU 0 is used by another")
    (tmp_path / "go").touch()
    queue.wait(job, timeout=60)


def test_a_policy_that_is_wrong_is_told_and_the_look_goes_on(home: Path) -> None:
    with RenderQueue(home) as queue:
        queue.home.policy_file.write_text('{"attempts": 0}')
        view = queue.machine()
    (problem,) = view.problems
    assert str(home) in problem.problem
    assert "policy before it" in problem.remedy
    assert view.policy == Policy()


# -- what follows from a reading ---------------------------------------------------
def test_parts_add_up_to_the_whole() -> None:
    view = example_machine.view()
    reading = view.reading
    assert total(view.cpus) == len(reading.cpu.ids)
    assert total(view.memory) == reading.memory.total_mib
    for gpu in reading.gpus.gpus:
        assert total(view.vram(gpu)) == gpu.total_mib


def total(division: Division) -> int:
    parts = (division.maya, division.renders, division.others)
    return sum(parts) + division.kept + division.free


def test_nothing_of_a_kept_gpu_is_free_for_renders() -> None:
    view = example_machine.view()
    kept = view.vram(example_machine.small_gpu())
    assert (kept.maya, kept.renders, kept.free) == (4310, 0, 0)
    assert kept.kept == example_machine.small_gpu().free_mib
    open_to_all = view.vram(example_machine.large_gpu())
    assert (open_to_all.kept, open_to_all.maya) == (0, 0)


def shared() -> MachineReading:
    """The one GPU that renders and Maya share."""
    seen, gpu = example_machine.reading(), example_machine.large_gpu()
    maya = GpuProcess(example_machine.MAYA, GpuUse.GRAPHICS, 1500, 0.1)
    both = replace(gpu, processes=(*gpu.processes, maya), used_mib=33120)
    return replace(seen, gpus=replace(seen.gpus, gpus=(both,)))


def test_of_a_shared_gpu_the_reserve_is_kept_as_far_as_it_is_free() -> None:
    seen = shared()
    (gpu,) = seen.gpus.gpus
    assert example_machine.view(seen).vram(gpu).kept == 49140 // 4
    nearly_full: Gpu = replace(gpu, used_mib=49000)
    full = replace(seen, gpus=replace(seen.gpus, gpus=(nearly_full,)))
    division = example_machine.view(full).vram(nearly_full)
    assert (division.kept, division.free) == (140, 0)


def test_what_is_kept_back_is_said_with_its_reason() -> None:
    said = example_machine.view().kept_back
    assert "7 of 32 CPUs are kept for Maya." in said
    assert "GPU 1 is kept for Maya." in said
    assert len(said) == 3


def test_without_maya_nothing_is_kept_and_that_is_said() -> None:
    alone = replace(example_machine.reading(), hosts=())
    assert example_machine.view(alone).kept_back == ("Nothing for Maya: none is open.",)


def test_an_artist_who_is_away_gets_nothing_kept() -> None:
    seen = replace(example_machine.reading(), presence=Presence(0.0, True))
    assert example_machine.view(seen).kept_back == (
        "Nothing for Maya: the artist is away.",
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            Rule("everything", example_machine.NOW + 3600),
            "Nothing for Maya until 17:40: a window of the policy.",
        ),
        (
            Rule("everything"),
            "Nothing for Maya: the policy's windows grant everything.",
        ),
    ],
)
def test_a_window_that_grants_everything_says_until_when(rule: Rule, said: str) -> None:
    assert example_machine.view(rule=rule).kept_back == (said,)


def test_a_window_that_grants_nothing_says_so_first() -> None:
    closed = example_machine.view(rule=Rule("nothing", None, "at 19:00"))
    assert "19:00" in closed.kept_back[0]


def test_renders_that_step_back_say_for_whose_sake() -> None:
    view = replace(example_machine.view(), stepping_back="Maya asks for it (ipr)")
    assert view.kept_back[-1] == "Renders step back: Maya asks for it (ipr)."
