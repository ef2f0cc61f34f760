"""How fast scenes are read, beside a plain read of the file and another parser.

In CPU time: the files lie in memory, so on an idle machine the clock shows the same.
The big files are made for each run (`large_scenes`, `large_binary_scenes`).
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import peer_parser
from benchmarks.figures import Figure
from benchmarks.large_binary_scenes import write_binary_scene
from benchmarks.large_scenes import (
    LargeScene,
    write_ascii_scene,
    write_single_statement,
)
from benchmarks.reading_memory import peak_bytes
from benchmarks.warm_queue import new_folder
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.kinds import matters_to_snapshot
from lrc_toolbox.scenes.taking import take_snapshot

_MEGABYTE = 1_000_000
_MEBIBYTE = 1 << 20
_CHUNK = 1 << 20
#: In production files most bytes are meshes; the real ones at hand have hardly any.
_MESH_BYTES = 400_000
#: Real scenes beyond this are not typical; it leaves those of up to 100 KB.
_LARGEST_TYPICAL_PART = 99_000
_PEER_LIMIT_S = 600


def measure_scene_reading(*, quick: bool) -> list[Figure]:
    """Reads scenes of several sizes, quick or not at their full size."""
    size, runs = (100 * _MEGABYTE, 3) if quick else (100 * _MEGABYTE, 9)
    with new_folder() as folder:
        scenes = {
            "100 MB .ma": write_ascii_scene(folder / "large.ma", size),
            "100 MB .mb of meshes": write_binary_scene(
                folder / "meshes.mb", size, mesh_bytes=_MESH_BYTES
            ),
            "100 MB .mb of many nodes": write_binary_scene(folder / "nodes.mb", size),
        }
        figures = _speeds(scenes, runs)
        figures += _peers(folder, scenes)
        figures.append(_typical(folder, runs * 3))
        return figures + _memory(folder, scenes, quick=quick)


def _speeds(scenes: dict[str, LargeScene], runs: int) -> list[Figure]:
    figures = []
    for name, scene in scenes.items():
        seen = f"{scene.nodes:,} nodes, made of {scene.made_from}"
        plain = [_speed(scene, _read_plainly) for _ in range(runs)]
        bare = [_speed(scene, read_scene) for _ in range(runs)]
        whole = [_speed(scene, _inspect) for _ in range(runs)]
        aim = 150 if scene.path.suffix == ".ma" else 500
        figures += [
            Figure.of(f"{name}: plain read", plain, "MB/s", beside=seen),
            Figure.of(f"{name}: read_scene", bare, "MB/s"),
            Figure.of(f"{name}: with snapshot", whole, "MB/s", aim=aim, at_least=True),
        ]
    return figures


def _speed(scene: LargeScene, read: Callable[[Path], object]) -> float:
    """MB/s."""
    return scene.megabytes / _cpu_seconds(scene.path, read)


def _cpu_seconds(path: Path, read: Callable[[Path], object]) -> float:
    # A graph is full of cycles: each reading would pay for freeing the one before.
    gc.collect()
    began = time.process_time()
    read(path)
    return time.process_time() - began


def _read_plainly(path: Path) -> int:
    """The file in chunks, which are dropped at once."""
    size = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
    return size


def _inspect(path: Path) -> object:
    """As `lrc inspect` does; nodes that it has no question for are only counted."""
    return take_snapshot(read_scene(path, wanted=matters_to_snapshot))


def _peers(folder: Path, scenes: dict[str, LargeScene]) -> list[Figure]:
    """The other parser on the same files; why not, where it cannot be had."""
    installed = folder / "peer"
    figures = []
    try:
        peer_parser.install(installed)
        for name, scene in scenes.items():
            figures.append(_peer(name, scene, installed))
    except peer_parser.NoPeerError as problem:
        print(f"  {problem}")
    return figures


def _peer(name: str, scene: LargeScene, installed: Path) -> Figure:
    title = f"{name}: {peer_parser.NAME}"
    try:
        nodes, took = peer_parser.seconds(installed, scene.path, _PEER_LIMIT_S)
    except peer_parser.NoPeerError as problem:
        return Figure(title, 0.0, "MB/s", beside=str(problem))
    return Figure(title, scene.megabytes / took, "MB/s", beside=f"{nodes:,} nodes")


def _typical(folder: Path, runs: int) -> Figure:
    """About 500 KB of small real scenes, read again and again in this process."""
    scene = write_ascii_scene(
        folder / "typical.ma",
        400_000,
        largest_part=_LARGEST_TYPICAL_PART,
    )
    took = [_cpu_seconds(scene.path, _inspect) * 1000 for _ in range(runs)]
    name = f"a scene of {scene.size // 1000} KB, {scene.nodes} nodes"
    return Figure.of(name, took, "ms", aim=20, beside=scene.made_from)


def _memory(
    folder: Path, scenes: dict[str, LargeScene], *, quick: bool
) -> list[Figure]:
    """Peaks of processes of their own, less that of one with a small scene."""
    small = write_single_statement(folder / "small.ma", 1)
    baseline = median(peak_bytes(small.path) for _ in range(3))
    larger = (200 if quick else 1000) * _MEGABYTE
    statement = write_single_statement(folder / "statement.ma", larger)
    four_times = write_ascii_scene(folder / "four.ma", 400 * _MEGABYTE)
    measured = {
        **scenes,
        "400 MB .ma": four_times,
        f"one statement of {larger // _MEGABYTE} MB": statement,
    }
    return [_peak(name, scene, baseline) for name, scene in measured.items()]


def _peak(name: str, scene: LargeScene, baseline: float) -> Figure:
    more = (peak_bytes(scene.path) - baseline) / _MEBIBYTE
    largest = scene.largest / _MEBIBYTE
    beside = f"largest statement {largest:.2f} MiB, {scene.nodes:,} nodes"
    return Figure(f"{name}: memory", more, "MiB", beside=beside)
