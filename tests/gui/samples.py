"""Rows and scenes for the tests of the panel, with everything else filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lrc_toolbox.gui.rows import Figures, JobRow, Phase, TaskRow
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.scenes.output_sequences import FrameSpan
from lrc_toolbox.scenes.snapshot import LayerSnapshot, SceneSnapshot

NOW = 1_795_000_000.0


def figures(phase: Phase = Phase.RUNNING, **given: Any) -> Figures:
    plain = Figures(
        phase=phase,
        percent=0.0,
        frames=24,
        done=0,
        failed=0,
        started_at=None,
        ended_at=None,
        eta_at=None,
    )
    return replace(plain, **given)


def job(number: int, phase: Phase = Phase.WAITING, **given: Any) -> JobRow:
    plain = JobRow(
        id=number,
        name=f"shot_{number:04}",
        figures=figures(phase),
        priority=50,
        paused=False,
        tasks=2,
        scene=f"/shows/shot_{number:04}.ma",
        folder="/shows/images",
        reason="",
        note="",
    )
    return replace(plain, **given)


def task(number: int, ordinal: int, **given: Any) -> TaskRow:
    plain = TaskRow(
        id=TaskId(number, ordinal),
        layer=f"layer{ordinal}",
        camera="shotCam",
        figures=figures(),
        rendering="",
        reason="",
        picture="",
        picture_frame="",
        thumbnail="",
    )
    return replace(plain, **given)


def layer(name: str, **given: Any) -> LayerSnapshot:
    plain = LayerSnapshot(
        name=name,
        node=f"rs_{name}",
        kind="render_setup",
        renderable=True,
        order=0,
        frames=FrameSpan(1, 24),
        resolution=(1920, 1080),
        renderer="arnold",
        image_prefix="",
        cameras=("shotCam",),
    )
    return replace(plain, **given)


def scene(*layers: LayerSnapshot, path: str = "/shows/shot.ma") -> SceneSnapshot:
    return SceneSnapshot(
        path=path,
        maya_version="2024",
        fps=24.0,
        renderer="arnold",
        frames=FrameSpan(1, 24),
        animation=True,
        resolution=(1920, 1080),
        image_prefix="",
        layers=tuple(replace(each, order=at) for at, each in enumerate(layers)),
        cameras=(),
        references=(),
    )
