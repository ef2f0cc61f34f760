"""Preflight: what would spoil a render, found before anything is started.

Puts together what the `preflight_*` files find, one file for each question. It looks at
the snapshot and the wishes only, never at a disk: the same question always gets the
same answer. Any thread.
"""

from __future__ import annotations

from lrc_toolbox.scenes.findings import Finding, worst_first
from lrc_toolbox.scenes.preflight_files import check_files, check_references
from lrc_toolbox.scenes.preflight_frames import check_frames, check_resolution
from lrc_toolbox.scenes.preflight_layers import check_cameras, check_layers
from lrc_toolbox.scenes.preflight_origin import check_origin
from lrc_toolbox.scenes.preflight_outputs import (
    check_folder,
    check_formats,
    check_outputs,
)
from lrc_toolbox.scenes.preflight_paths import check_paths
from lrc_toolbox.scenes.preflight_renderers import check_plugins, check_renderers
from lrc_toolbox.scenes.preflight_scripts import check_scripts
from lrc_toolbox.scenes.snapshot import SceneSnapshot
from lrc_toolbox.scenes.surroundings import Wishes


def preflight(
    scene: SceneSnapshot, wishes: Wishes | None = None
) -> tuple[Finding, ...]:
    """Find everything about a scene that may spoil its render.

    Args:
        scene: what the file says.
        wishes: with what and where to it will be rendered; what is not given is not
            looked at.

    Returns:
        Errors first, then warnings, then notes; empty for a sound scene.
    """
    wanted = wishes or Wishes()
    return worst_first(
        (
            *check_origin(scene, wanted),
            *check_scripts(scene),
            *check_layers(scene, wanted),
            *check_cameras(scene),
            *check_renderers(scene),
            *check_plugins(scene),
            *check_frames(scene),
            *check_resolution(scene),
            *check_formats(scene),
            *check_outputs(scene, wanted),
            *check_folder(scene, wanted),
            *check_references(scene),
            *check_files(scene),
            *check_paths(scene, wanted),
        )
    )
