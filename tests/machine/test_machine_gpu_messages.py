from __future__ import annotations

import dataclasses
from typing import Any, get_args, get_type_hints

import pytest

from lrc_toolbox.jobs.devices import Gpu, GpuKind, GpuProcess, GpuReading, GpuUse
from lrc_toolbox.machine.gpu_messages import read_reading, reading_line
from lrc_toolbox.machine.gpu_probe_client import PYTHON_VARIABLE
from lrc_toolbox.running import launching

PROCESS = GpuProcess(4100, GpuUse.BOTH, 900, 0.41, "mäya", attempt=7)
MIG = Gpu(
    *("MIG-1", 0, "A100 MIG 1g.5gb", 4864, 13, GpuKind.MIG, "GPU-1", (8, 0), 0.5),
    *(61, 184.25, 300.0, (PROCESS,)),
)


def test_a_reading_comes_back_as_it_was() -> None:
    whole = Gpu("GPU-1", 0, "A100", 40960, 0)
    reading = GpuReading(
        (MIG, whole), "nvml", "550.54.14", "12.4", "One is gone.", "Restart.", True
    )
    line = reading_line(reading)
    assert line.isascii()
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert read_reading(line) == reading


def test_half_a_line_is_no_reading() -> None:
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        read_reading(reading_line(GpuReading((MIG,)))[:-20])


@pytest.mark.parametrize(
    "said",
    [
        b'{"gpus": [], "source": "nvml", "news": 1}',
        b'{"source": "nvml"}',
        b'{"gpus": [{"uuid": "GPU-1"}]}',
        b"[]",
    ],
)
def test_an_answer_of_another_version_is_no_reading(said: bytes) -> None:
    with pytest.raises(ValueError, match="not an answer of this version"):
        read_reading(said)


@pytest.mark.parametrize("row", [GpuReading((MIG,)), MIG, PROCESS])
def test_types_that_json_has_not_are_those_that_are_read_back(row: Any) -> None:
    # Whoever adds a field of such a type must say here, and there, how it comes back.
    plain = {str, int, float, bool, type(None)}
    hints = get_type_hints(type(row))
    special = {
        field.name
        for field in dataclasses.fields(row)
        if not set(get_args(hints[field.name]) or (hints[field.name],)) <= plain
    }
    known = {"gpus", "kind", "compute_capability", "processes", "use"}
    assert special <= known


def test_the_python_of_the_probe_is_named_as_the_service_s() -> None:
    assert PYTHON_VARIABLE == launching.PYTHON_VARIABLE
