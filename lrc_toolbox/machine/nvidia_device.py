"""Whether an NVIDIA driver is there at all; nothing is asked of it.

For who cannot wait for a probe to find out that there is nothing to find. Any thread.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from lrc_toolbox.machine.nvidia_smi import find_nvidia_smi

#: What the Linux driver makes when it is loaded; WSL has the second instead ("CUDA on
#: WSL User Guide", docs.nvidia.com).
_LINUX_DEVICES = (Path("/dev/nvidiactl"), Path("/dev/dxg"))


def nvidia_driver_is_there() -> bool:
    """Say whether there could be anything to find; False is certain, True is not.

    Where `nvidia-smi` is, it is asked although NVML itself cannot be loaded.

    Windows and macOS could not be tried here: on Windows the driver puts `nvml.dll`
    into System32, macOS has had no NVIDIA driver since 10.14.
    """
    if sys.platform == "win32":
        root = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
        found = (root / "System32" / "nvml.dll").exists()
    elif sys.platform == "darwin":
        return False
    else:
        found = any(device.exists() for device in _LINUX_DEVICES)
        found = found or _library_is_there()
    return found or find_nvidia_smi() is not None


def _library_is_there() -> bool:
    """Say whether NVML can be loaded: a headless computer's driver may load itself.

    The module, and with it the devices, may come with the first call only.
    """
    try:
        ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return False
    return True
