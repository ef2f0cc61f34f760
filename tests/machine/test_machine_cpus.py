from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.machine.cgroups import find_folders
from lrc_toolbox.machine.cpus import CpuWatch, by_core, cpu_quota, usable_cpus

MOUNT_1 = "32 31 0:29 {root} {place} rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
MOUNT_2 = "41 31 0:38 {root} {place} rw,relatime shared:9 - cgroup2 cgroup2 rw\n"


def found(groups: str, mounts: str) -> list[str]:
    return [str(folder) for folder in find_folders("cpu", groups, mounts)]


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text + "\n")
    return folder


def test_this_computer_has_cpus_to_use() -> None:
    cpus = usable_cpus()
    assert cpus
    assert list(cpus) == sorted(set(cpus))
    assert len(cpus) <= (os.cpu_count() or 1)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs affinity")
def test_affinity_is_respected() -> None:
    last = usable_cpus()[-1]
    program = (
        f"import os; os.sched_setaffinity(0, [{last}])\n"
        "from lrc_toolbox.machine.cpus import usable_cpus; print(usable_cpus())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == f"({last},)"


def test_groups_of_version_2_are_found_up_to_the_mount() -> None:
    groups = "0::/user.slice/user-1000.slice\n"
    mounts = MOUNT_2.format(root="/", place="/sys/fs/cgroup")
    assert found(groups, mounts) == [
        "/sys/fs/cgroup/user.slice/user-1000.slice",
        "/sys/fs/cgroup/user.slice",
        "/sys/fs/cgroup",
    ]


def test_groups_of_version_1_are_found_by_their_controller() -> None:
    groups = "4:memory:/elsewhere\n2:cpuacct,cpu:/jobs/7\n1:name=systemd:/\n"
    mounts = MOUNT_1.format(root="/", place="/sys/fs/cgroup/cpu,cpuacct")
    assert found(groups, mounts) == [
        "/sys/fs/cgroup/cpu,cpuacct/jobs/7",
        "/sys/fs/cgroup/cpu,cpuacct/jobs",
        "/sys/fs/cgroup/cpu,cpuacct",
    ]


def test_both_versions_side_by_side_are_both_found() -> None:
    groups = "1:cpu:/\n0::/\n"
    mounts = MOUNT_1.format(root="/", place="/c/cpu") + MOUNT_2.format(
        root="/", place="/c/unified"
    )
    assert found(groups, mounts) == ["/c/cpu", "/c/unified"]


def test_a_container_s_own_mount_is_found_below_the_host_s_path() -> None:
    groups = "2:cpu:/docker/abc/inner\n"
    mounts = MOUNT_1.format(root="/docker/abc", place="/sys/fs/cgroup/cpu")
    assert found(groups, mounts) == [
        "/sys/fs/cgroup/cpu/inner",
        "/sys/fs/cgroup/cpu",
    ]


def test_a_path_of_the_host_that_is_not_mounted_means_the_mount_itself() -> None:
    groups = "2:cpu:/kubepods/pod9\n"
    mounts = MOUNT_1.format(root="/docker/abc", place="/sys/fs/cgroup/cpu")
    assert found(groups, mounts) == ["/sys/fs/cgroup/cpu"]


def test_a_mount_with_a_blank_in_its_path_is_read() -> None:
    mounts = MOUNT_2.format(root="/", place=r"/my\040mounts/cgroup")
    assert found("0::/\n", mounts) == ["/my mounts/cgroup"]


def test_the_smallest_quota_of_all_groups_counts(tmp_path: Path) -> None:
    folders = [
        write(tmp_path / "a", cpu__max="400000 100000"),
        write(tmp_path / "b", cpu__max="150000 100000"),
        write(tmp_path / "c", cpu__max="max 100000"),
        tmp_path / "gone",
    ]
    assert cpu_quota(folders) == 1.5
    assert cpu_quota(folders[2:]) is None


def test_quotas_of_version_1_are_read(tmp_path: Path) -> None:
    bound = write(
        tmp_path / "a", cpu__cfs_quota_us="50000", cpu__cfs_period_us="100000"
    )
    free = write(tmp_path / "b", cpu__cfs_quota_us="-1", cpu__cfs_period_us="100000")
    assert cpu_quota([bound, free]) == 0.5
    assert cpu_quota([free]) is None


def test_the_watch_tells_cpus_and_cores_of_this_computer() -> None:
    reading = CpuWatch().read()
    assert reading.ids == usable_cpus()
    assert 1 <= reading.cores <= reading.logical
    assert len(reading.ids) <= reading.logical
    assert reading.busy == 0


def test_a_busy_cpu_shows_in_the_load_of_the_time_since_the_last_reading() -> None:
    watch = CpuWatch()
    busy_until(lambda: watch.read().busy > 0, limit_s=30)
    reading = watch.read()
    # This thread alone keeps nearly one CPU busy.
    assert 0.5 / reading.logical < reading.busy <= 1
    assert watch.read().busy == reading.busy


def busy_until(done: Callable[[], bool], limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while not done():
        assert time.monotonic() < end


def tell_cores(folder: Path, told: dict[int, str]) -> None:
    """Tell of CPUs' cores as Linux does."""
    for cpu, siblings in told.items():
        topology = folder / f"cpu{cpu}" / "topology"
        topology.mkdir(parents=True)
        (topology / "thread_siblings_list").write_text(f"{siblings}\n")


@pytest.mark.parametrize(
    ("told", "order"),
    [
        ({0: "0,4", 1: "1,5", 2: "2", 4: "0,4", 5: "1,5"}, (0, 4, 1, 5, 2)),
        ({0: "0-1", 1: "0-1", 2: "2-5", 4: "2-5", 5: "2-5"}, (0, 1, 2, 4, 5)),
        ({}, (0, 1, 2, 4, 5)),
    ],
)
def test_the_cpus_of_a_core_stand_side_by_side(
    tmp_path: Path, told: dict[int, str], order: tuple[int, ...]
) -> None:
    tell_cores(tmp_path, told)
    assert by_core((0, 1, 2, 4, 5), tmp_path) == order


def test_the_order_by_core_leaves_no_cpu_out() -> None:
    reading = CpuWatch().read()
    assert sorted(reading.by_core) == list(reading.ids)
