"""A scene that nothing is wrong with, for tests that spoil one thing of it."""

from __future__ import annotations

import dataclasses
from typing import Any

from lrc_toolbox.scenes.output_sequences import FrameSpan, ImageFormat, OutputSequence
from lrc_toolbox.scenes.snapshot import (
    CameraSnapshot,
    LayerSnapshot,
    Plugin,
    SceneSnapshot,
    ScriptNode,
    Timeline,
)

FRAMES = FrameSpan(1, 100)
EXR = ImageFormat("OpenEXR", "exr", 51, "exr")


def layer(name: str = "beauty", **changes: Any) -> LayerSnapshot:
    plain = LayerSnapshot(
        name=name,
        node=f"rs_{name}",
        kind="render_setup",
        renderable=True,
        order=1,
        frames=FRAMES,
        resolution=(1920, 1080),
        renderer="arnold",
        image_prefix="",
        cameras=("shotCam",),
        image_format=EXR,
        empty=False,
    )
    return dataclasses.replace(plain, **changes)


def sound(**changes: Any) -> SceneSnapshot:
    plain = SceneSnapshot(
        path="shots/sh010.ma",
        maya_version="2024",
        fps=24.0,
        renderer="arnold",
        frames=FRAMES,
        animation=True,
        resolution=(1920, 1080),
        image_prefix="",
        layers=(
            layer("masterLayer", kind="default", renderable=False, order=0),
            layer(),
        ),
        cameras=(
            CameraSnapshot("persp", "perspShape", False, False, True),
            CameraSnapshot("shotCam", "shotCamShape", True, False, False),
        ),
        timeline=Timeline(1, 100, 1, 200),
        plugins=(Plugin("mtoa", "5.4.0"),),
        script_nodes=(
            ScriptNode("sceneConfigurationScriptNode", 6, "mel", 50, 0, runs=True),
        ),
        node_counts={"transform": 4, "mesh": 2},
        outputs=(
            OutputSequence("beauty", "shotCam", "", "beauty.####.exr", FRAMES, FRAMES),
        ),
    )
    return dataclasses.replace(plain, **changes)
