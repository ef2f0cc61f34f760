# ruff: noqa: N801, N802, N803, N818 - the names are those of the real module
"""A stand-in for NVIDIA's `pynvml`, for a computer without its driver.

It answers what the JSON file says that `LRC_STAND_IN_GPUS` names, and refuses what it
was not told and any name it does not know. `test_machine_pynvml_names.py` compares
names, parameters and fields with the real module. Each answer is found under the name
of its function; `{"error": 15}` is raised as the driver's error of that number,
`{"hang": true}` never comes back, `{"signal": 11}` and `{"exit": 3}` end the process.
"""

import json
import os
import signal
from pathlib import Path
from types import SimpleNamespace

NVML_ERROR_UNINITIALIZED = 1
NVML_ERROR_NOT_SUPPORTED = 3
NVML_ERROR_NO_PERMISSION = 4
NVML_ERROR_NOT_FOUND = 6
NVML_ERROR_DRIVER_NOT_LOADED = 9
NVML_ERROR_LIBRARY_NOT_FOUND = 12
NVML_ERROR_FUNCTION_NOT_FOUND = 13
NVML_ERROR_GPU_IS_LOST = 15
NVML_ERROR_RESET_REQUIRED = 16
NVML_ERROR_LIB_RM_VERSION_MISMATCH = 18
NVML_ERROR_UNKNOWN = 999

NVML_TEMPERATURE_GPU = 0
NVML_DEVICE_MIG_ENABLE = 1
NVML_GPU_VIRTUALIZATION_MODE_VGPU = 2
NVML_GPU_VIRTUALIZATION_MODE_HOST_VGPU = 3
NVML_GPU_VIRTUALIZATION_MODE_HOST_VSGA = 4

_TEXTS = {
    NVML_ERROR_UNINITIALIZED: "Uninitialized",
    NVML_ERROR_NOT_SUPPORTED: "Not Supported",
    NVML_ERROR_NO_PERMISSION: "Insufficient Permissions",
    NVML_ERROR_NOT_FOUND: "Not Found",
    NVML_ERROR_DRIVER_NOT_LOADED: "Driver Not Loaded",
    NVML_ERROR_LIBRARY_NOT_FOUND: "NVML Shared Library Not Found",
    NVML_ERROR_FUNCTION_NOT_FOUND: "Function Not Found",
    NVML_ERROR_GPU_IS_LOST: "GPU is lost",
    NVML_ERROR_RESET_REQUIRED: "GPU requires restart",
    NVML_ERROR_LIB_RM_VERSION_MISMATCH: "RM has detected an NVML/RM version mismatch.",
    NVML_ERROR_UNKNOWN: "Unknown Error",
}

# What the functions give back as structures: which fields those have.
_FIELDS = {
    "nvmlDeviceGetMemoryInfo": ("total", "free", "used"),
    "nvmlDeviceGetUtilizationRates": ("gpu", "memory"),
    "nvmlDeviceGetPciInfo": ("domain", "bus", "device"),
    "nvmlDeviceGetComputeRunningProcesses_v3": ("pid", "usedGpuMemory"),
    "nvmlDeviceGetGraphicsRunningProcesses_v3": ("pid", "usedGpuMemory"),
    "nvmlDeviceGetProcessUtilization": ("pid", "timeStamp", "smUtil"),
}


class NVMLError(Exception):
    def __init__(self, value):
        super().__init__(value)
        self.value = value

    def __str__(self):
        return _TEXTS[self.value]


class NVMLError_NotFound(NVMLError):
    pass


class _Handle:
    """A handle of this opening of the library: a later one does not know it."""

    def __init__(self, *path):
        self.path = path
        self.opening = _opened[-1] if _opened else None


_opened = []
_openings = iter(range(1_000_000))
_told = (None, None)


def __getattr__(name):
    raise AttributeError(f"the stand-in for pynvml has no {name}")


def _state():
    global _told
    path = Path(os.environ["LRC_STAND_IN_GPUS"])
    stamp = path.stat()
    key = (stamp.st_mtime_ns, stamp.st_ino)
    if _told[0] != key:
        _told = (key, json.loads(path.read_text("utf-8")))
    return _told[1]


def _refuse(code):
    raise NVMLError_NotFound(code) if code == NVML_ERROR_NOT_FOUND else NVMLError(code)


def _answer(table, name):
    if name not in table:
        raise LookupError(f"the stand-in was not told what {name} answers")
    said = table[name]
    if isinstance(said, dict):
        if "hang" in said:
            while True:
                signal.pause()
        if "signal" in said:
            os.kill(os.getpid(), said["signal"])
        if "exit" in said:
            os._exit(said["exit"])
        if "error" in said:
            _refuse(said["error"])
    return said


def _driver(name):
    if not _opened:
        _refuse(NVML_ERROR_UNINITIALIZED)
    return _answer(_state(), name)


def _device(handle, name):
    if not isinstance(handle, _Handle):
        raise TypeError(f"{name} wants a handle, not {handle!r}")
    if not _opened or handle.opening != _opened[-1]:
        _refuse(NVML_ERROR_UNINITIALIZED)
    table = _state()["cards"][handle.path[0]]
    for number in handle.path[1:]:
        table = table["mig"][number]
    return _answer(table, name)


def _structure(name, values):
    return SimpleNamespace(**dict(zip(_FIELDS[name], values, strict=True)))


def nvmlInit():
    _answer(_state(), "nvmlInit")
    _opened.append(next(_openings))


def nvmlShutdown():
    if not _opened:
        _refuse(NVML_ERROR_UNINITIALIZED)
    _opened.pop()


def nvmlSystemGetDriverVersion():
    return _driver("nvmlSystemGetDriverVersion")


def nvmlSystemGetCudaDriverVersion_v2():
    return _driver("nvmlSystemGetCudaDriverVersion_v2")


def nvmlSystemGetProcessName(pid):
    names = _driver("nvmlSystemGetProcessName")
    if str(pid) not in names:
        _refuse(NVML_ERROR_NOT_FOUND)
    return _answer(names, str(pid))


def nvmlDeviceGetCount():
    if not _opened:
        _refuse(NVML_ERROR_UNINITIALIZED)
    return len(_state()["cards"])


def nvmlDeviceGetHandleByIndex(index):
    handle = _Handle(index)
    _device(handle, "nvmlDeviceGetHandleByIndex")
    return handle


def nvmlDeviceGetUUID(handle):
    return _device(handle, "nvmlDeviceGetUUID")


def nvmlDeviceGetName(handle):
    return _device(handle, "nvmlDeviceGetName")


def nvmlDeviceGetPciInfo(handle):
    name = "nvmlDeviceGetPciInfo"
    return _structure(name, _device(handle, name))


def nvmlDeviceGetVirtualizationMode(handle):
    return _device(handle, "nvmlDeviceGetVirtualizationMode")


def nvmlDeviceGetCudaComputeCapability(handle):
    return tuple(_device(handle, "nvmlDeviceGetCudaComputeCapability"))


def nvmlDeviceGetMemoryInfo(handle, version=None):
    if version is not None:
        raise TypeError("the stand-in knows the first version only")
    name = "nvmlDeviceGetMemoryInfo"
    return _structure(name, _device(handle, name))


def nvmlDeviceGetUtilizationRates(handle):
    name = "nvmlDeviceGetUtilizationRates"
    return _structure(name, _device(handle, name))


def nvmlDeviceGetTemperature(handle, sensor):
    if sensor != NVML_TEMPERATURE_GPU:
        raise ValueError(sensor)
    return _device(handle, "nvmlDeviceGetTemperature")


def nvmlDeviceGetPowerUsage(handle):
    return _device(handle, "nvmlDeviceGetPowerUsage")


def nvmlDeviceGetEnforcedPowerLimit(handle):
    return _device(handle, "nvmlDeviceGetEnforcedPowerLimit")


def nvmlDeviceGetMigMode(device):
    return _device(device, "nvmlDeviceGetMigMode")


def nvmlDeviceGetMaxMigDeviceCount(device):
    return _device(device, "nvmlDeviceGetMaxMigDeviceCount")


def nvmlDeviceGetMigDeviceHandleByIndex(device, index):
    places = _device(device, "mig")
    if index >= len(places) or places[index] is None:
        _refuse(NVML_ERROR_NOT_FOUND)
    return _Handle(*device.path, index)


def nvmlDeviceGetComputeRunningProcesses_v3(handle):
    name = "nvmlDeviceGetComputeRunningProcesses_v3"
    return [_structure(name, row) for row in _device(handle, name)]


def nvmlDeviceGetGraphicsRunningProcesses_v3(handle):
    name = "nvmlDeviceGetGraphicsRunningProcesses_v3"
    return [_structure(name, row) for row in _device(handle, name)]


def nvmlDeviceGetProcessUtilization(handle, timeStamp):
    name = "nvmlDeviceGetProcessUtilization"
    rows = [_structure(name, row) for row in _device(handle, name)]
    newer = [row for row in rows if row.timeStamp > timeStamp]
    if not newer:
        _refuse(NVML_ERROR_NOT_FOUND)
    return newer
