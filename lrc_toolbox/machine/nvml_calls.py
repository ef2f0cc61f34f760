"""Calls into NVML that the driver may refuse one by one.

Most products and drivers lack something: a figure that is refused is None. Runs in the
probe's process only (`machine.gpu_probe`). One thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pynvml

# These say that the card, or all of NVML, is no longer to be talked to.
_GONE = (
    pynvml.NVML_ERROR_UNINITIALIZED,
    pynvml.NVML_ERROR_DRIVER_NOT_LOADED,
    pynvml.NVML_ERROR_GPU_IS_LOST,
    pynvml.NVML_ERROR_RESET_REQUIRED,
)


def ask(call: Callable[..., Any], *arguments: Any) -> Any:
    """Call the driver; None where it does not tell.

    Raises:
        pynvml.NVMLError: the card is gone.
    """
    try:
        return call(*arguments)
    except pynvml.NVMLError as error:
        raise_if_gone(error)
        return None


def raise_if_gone(error: Exception) -> None:
    """Raise an error of NVML's again where nothing more can be asked.

    Raises:
        pynvml.NVMLError: the card is gone.
    """
    if isinstance(error, pynvml.NVMLError) and error.value in _GONE:
        raise error
