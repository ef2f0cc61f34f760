"""Reads damaged scenes in a process of its own and says what came of each.

``python -m fuzzing.reading_child PROGRESS MEMORY_MIB JOB...``. Writes the number of the
case in hand to the file PROGRESS before it reads it, so that who watches knows which
one hung or was too large, and prints one JSON object at the end.

The memory limit is Linux's and macOS's (`RLIMIT_AS`; macOS does not keep to it);
Windows has none, the watcher's time limit holds everywhere. Run here on Linux only.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fuzzing import damaged_scenes
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.inspection import Inspection
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.preflight import preflight
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.taking import take_snapshot

#: The kinds whose number says what is damaged.
NUMBERED = {
    "truncated": damaged_scenes.truncated,
    "flipped": damaged_scenes.flipped,
    "lying": damaged_scenes.lying,
}
#: What one chunk of a binary mesh holds.
_OF_MESHES = frozenset(("vt", "ed", "fc"))
_MOST_SHOWN = 20
#: The values of a larger file are not asked for: they may need the memory they need.
_LARGEST_READ = 10_000_000


def main(arguments: Sequence[str]) -> int:
    """Reads what it is told to; 0 if every case ended well, 1 if one did not."""
    progress, memory_mib, *job = arguments
    _limit_memory(int(memory_mib))
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="lrc-fuzz-") as folder,
        Path(progress).open("w") as told,
    ):
        for name, path in _cases(job, Path(folder)):
            told.seek(0)
            told.write(f"{name:60s}")
            told.flush()
            end, problem = outcome(path)
            ends[end] += 1
            if problem and len(wrong) < _MOST_SHOWN:
                wrong.append(f"{name}: {problem}")
    print(json.dumps({"ends": ends, "wrong": wrong}))
    return 1 if wrong else 0


def outcome(path: Path) -> tuple[str, str]:
    """How reading ended, and what was wrong about that; empty if nothing.

    A file is read strictly, and for what can be had of it, which is looked at as `lrc
    inspect` does; of a small one every value too, as the preview asks for them.
    """
    try:
        return _read(path), ""
    except SceneReadError as error:
        if error.position is None and not _is_about_all(error):
            return "error", f"an error without a place: {error}"
        return "error", ""
    except MemoryError:
        return "memory", "more memory than the limit"
    except Exception as error:  # noqa: BLE001 - to find any is what this is for
        return "traceback", f"{type(error).__name__}: {error}"


def _read(path: Path) -> str:
    strict: SceneReadError | None = None
    try:
        read_scene(path)
    except SceneReadError as error:
        strict = error
    graph = read_scene(path, partial=True)
    if (strict is None) is not (graph.damage is None):
        raise AssertionError(f"read strictly: {strict}, in part: {graph.damage}")
    snapshot = take_snapshot(graph, places=Places(path))
    if graph.damage is not None and not snapshot.damage:
        raise AssertionError(f"the snapshot is silent about {graph.damage}")
    inspected = Inspection(snapshot, preflight(snapshot), seconds=0.0)
    json.dumps(inspected.to_json(), allow_nan=False)
    if path.stat().st_size <= _LARGEST_READ:
        try:
            _read_values(graph)
        except SceneReadError:
            return "value error"
    return "partial" if graph.damage is not None else "whole"


def _read_values(graph: SceneGraph) -> None:
    for node in graph.nodes:
        for attr in node.attributes():
            node.get(attr)
            try:
                node.numbers(attr)
            except ValueError:
                # What the numbers of a mesh that lies are to end as; the preview, the
                # only one who asks, makes an error of the frame of it.
                if attr not in _OF_MESHES:
                    raise


def _is_about_all(error: SceneReadError) -> bool:
    """True where no place in the file is to blame: it is empty, or something else."""
    return any(
        word in error.problem
        for word in ("is empty", "holds no nodes", "looks like a Maya scene")
    )


def _cases(job: list[str], folder: Path) -> Iterator[tuple[str, Path]]:
    path = folder / ("case.ma" if not job[1].startswith("mb") else "case.mb")
    kind, of, *numbers = job
    if kind in NUMBERED:
        first, behind = map(int, numbers)
        for number in range(first, behind):
            path.write_bytes(NUMBERED[kind](of, number))
            yield f"{kind} {of} {number}", path
        return
    write: dict[str, Callable[[Path, str, int], None]] = {
        "nest": damaged_scenes.write_nest,
        "single": damaged_scenes.write_single_statement,
    }
    write[kind](path, of, int(numbers[0]))
    yield f"{kind} {of} {numbers[0]}", path


def _limit_memory(mib: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (mib << 20, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
