"""Looking at a scene file: everything known about it, and what is doubtful.

`inspect` is behind `lrc inspect` and `lrc_toolbox.inspect`; the JSON document's keys
stand in `inspection_document`. `python -m lrc_toolbox.scenes.inspection` prints the
JSON Schema, which is kept in `docs/inspection.schema.json`. Any thread.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrc_toolbox.jobs.json_document import plain, schema_of
from lrc_toolbox.scenes import inspection_document as document
from lrc_toolbox.scenes.findings import Finding
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.kinds import matters_to_snapshot
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.preflight import preflight
from lrc_toolbox.scenes.snapshot import SceneSnapshot
from lrc_toolbox.scenes.surroundings import Wishes, surroundings_of
from lrc_toolbox.scenes.taking import take_snapshot


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is known about one scene file.

    Attributes:
        snapshot: what the scene is and offers to render.
        findings: what is wrong or doubtful, the worst first.
        seconds: how long reading took.
    """

    snapshot: SceneSnapshot
    findings: tuple[Finding, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The document that `json_schema` describes, of lists, dicts and numbers."""
        whole = document.scene_document(self.snapshot, self.findings, self.seconds)
        described: dict[str, Any] = plain(whole)
        return described


def inspect(
    path: str | Path,
    *,
    follow_references: bool = True,
    project: str | Path | None = None,
    maya_version: str = "",
    output_folder: str | Path | None = None,
) -> Inspection:
    """Read a scene file without Maya and say what it offers to render.

    A file that is damaged is read up to the damage, which is a finding then.

    Args:
        path: a Maya scene.
        follow_references: read the scenes it loads too and offer their cameras.
        project: its Maya project; the nearest folder above it with a `workspace.mel`
            if not given.
        maya_version: the Maya that will render, e.g. `2024`; empty if not chosen.
        output_folder: where pictures will go; its disk is looked at, nothing written.

    Raises:
        SceneReadError: the file is missing, cannot be read, or is no Maya scene.
    """
    begun = time.perf_counter()
    places = Places(path, None if project is None else Path(project).absolute())
    graph = read_scene(path, partial=True, wanted=matters_to_snapshot)
    snapshot = take_snapshot(graph, follow=follow_references, places=places)
    wishes = Wishes(
        maya_version=maya_version,
        output=None if output_folder is None else surroundings_of(output_folder),
        project=str(places.project or ""),
    )
    findings = preflight(snapshot, wishes)
    return Inspection(snapshot, findings, time.perf_counter() - begun)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `Inspection.to_json`'s document."""
    return schema_of(document.SceneDocument, "LRC Toolbox inspection")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
