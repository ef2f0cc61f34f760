"""What the GPU probe and its client say to each other: one JSON object a line.

Plain ASCII, so that no locale or console can change it on the way. No thread.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from lrc_toolbox.jobs.devices import Gpu, GpuKind, GpuProcess, GpuReading, GpuUse

#: The first line of a probe that can be asked.
READY = b'{"probe": "ready"}\n'

#: Asks for one reading.
READ = b'{"read": "gpus"}\n'


def reading_line(reading: GpuReading) -> bytes:
    """Write an answer as a line."""
    return json.dumps(asdict(reading)).encode("ascii") + b"\n"


def read_reading(line: bytes) -> GpuReading:
    """Read what `reading_line` wrote.

    Raises:
        ValueError: the line is no answer, only the beginning of one, or another
            version's: what is installed can change while a client runs.
    """
    fields = json.loads(line)
    try:
        return GpuReading(**{**fields, "gpus": tuple(map(_gpu, fields["gpus"]))})
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an answer of this version: {error}") from error


def _gpu(fields: dict[str, Any]) -> Gpu:
    capability = fields["compute_capability"]
    known = {
        **fields,
        "kind": GpuKind(fields["kind"]),
        "compute_capability": None if capability is None else tuple(capability),
        "processes": tuple(map(_process, fields["processes"])),
    }
    return Gpu(**known)


def _process(fields: dict[str, Any]) -> GpuProcess:
    return GpuProcess(**{**fields, "use": GpuUse(fields["use"])})
