"""What we call of `pynvml` is there in the real one, and our stand-in is like it."""

from __future__ import annotations

import ast
import importlib.util
import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

import pynvml
import pytest

from lrc_toolbox.machine import nvml, nvml_calls, nvml_processes
from lrc_toolbox.machine.gpu_troubles import NvmlCode

CALLERS = (nvml, nvml_calls, nvml_processes)

# The structures that the functions give back, in the real module.
STRUCTURES = {
    "nvmlDeviceGetMemoryInfo": pynvml.c_nvmlMemory_t,
    "nvmlDeviceGetUtilizationRates": pynvml.c_nvmlUtilization_t,
    "nvmlDeviceGetPciInfo": pynvml.nvmlPciInfo_t,
    "nvmlDeviceGetComputeRunningProcesses_v3": pynvml.c_nvmlProcessInfo_t,
    "nvmlDeviceGetGraphicsRunningProcesses_v3": pynvml.c_nvmlProcessInfo_t,
    "nvmlDeviceGetProcessUtilization": pynvml.c_nvmlProcessUtilizationSample_t,
}


@pytest.fixture(scope="module")
def stand_in() -> ModuleType:
    path = Path(__file__).resolve().parent / "stand_ins" / "pynvml.py"
    spec = importlib.util.spec_from_file_location("stand_in_for_pynvml", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def used_names() -> set[str]:
    """Every `pynvml.X` in our modules."""
    trees = (ast.parse(inspect.getsource(module)) for module in CALLERS)
    return {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "pynvml"
    }


def names_of(stand_in: ModuleType) -> list[str]:
    return [name for name in vars(stand_in) if name.lower().startswith("nvml")]


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_this_is_the_real_module() -> None:
    assert "stand_ins" not in (pynvml.__file__ or "")
    assert pynvml.nvmlLib is None or pynvml.nvmlLib


def test_every_name_that_is_used_is_there(stand_in: ModuleType) -> None:
    used = used_names()
    assert "nvmlDeviceGetMemoryInfo" in used
    assert [name for name in used if not hasattr(pynvml, name)] == []
    assert [name for name in used if name not in vars(stand_in)] == []


def test_the_stand_in_has_nothing_that_the_real_module_has_not(
    stand_in: ModuleType,
) -> None:
    names = names_of(stand_in)
    assert len(names) > 40
    assert [name for name in names if not hasattr(pynvml, name)] == []


def test_functions_take_what_the_real_ones_take(stand_in: ModuleType) -> None:
    functions = [name for name in names_of(stand_in) if name.startswith("nvml")]
    theirs = {name: parameters(getattr(pynvml, name)) for name in functions}
    assert {name: parameters(getattr(stand_in, name)) for name in functions} == theirs


def test_constants_and_errors_have_the_real_values(stand_in: ModuleType) -> None:
    constants = [name for name in names_of(stand_in) if name.startswith("NVML_")]
    theirs = {name: getattr(pynvml, name) for name in constants}
    assert {name: getattr(stand_in, name) for name in constants} == theirs
    assert issubclass(pynvml.NVMLError_NotFound, pynvml.NVMLError)
    for code, text in stand_in._TEXTS.items():
        assert (pynvml.NVMLError(code).value, str(pynvml.NVMLError(code))) == (
            code,
            text,
        )


@pytest.mark.parametrize("name", STRUCTURES)
def test_structures_have_the_real_fields(stand_in: ModuleType, name: str) -> None:
    real = {field[0] for field in STRUCTURES[name]._fields_}
    assert set(stand_in._FIELDS[name]) <= real
    assert set(stand_in._FIELDS) == set(STRUCTURES)


def test_the_row_of_a_process_is_the_one_that_drivers_fill_in() -> None:
    # nvidia-ml-py 12.535.77 had one more field, and mixed up all pids but the first
    # (XuehaiPan/nvitop#75).
    fields = [field[0] for field in pynvml.c_nvmlProcessInfo_t._fields_]
    assert fields == ["pid", "usedGpuMemory", "gpuInstanceId", "computeInstanceId"]


def test_our_codes_are_the_library_s() -> None:
    theirs = {
        code.name: getattr(pynvml, f"NVML_ERROR_{code.name}") for code in NvmlCode
    }
    assert {code.name: int(code) for code in NvmlCode} == theirs
