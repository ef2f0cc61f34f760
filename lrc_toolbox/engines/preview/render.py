"""A shot rendered in passes: samples added up, the same for the same frame.

Runs in the worker's main thread; a pass cannot be broken off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mitsuba as mi
import numpy as np
import numpy.typing as npt

from lrc_toolbox.engines.preview.stage import Shot

Picture = npt.NDArray[np.float32]

# Samples in one pass: about a third of a second on one core of 2024. The number of
# passes must follow from the task alone, else the same frame would come out
# differently.
_PASS_SAMPLES = {"scalar": 300_000, "llvm": 1_000_000, "cuda": 50_000_000}
# One report for each tenth of a frame is enough.
_MOST_PASSES = 10
# The largest number a half float holds.
_BRIGHTEST = 65504.0


def pass_count(variant: str, size: tuple[int, int], samples: int) -> int:
    """Say in how many equal passes a frame is rendered.

    Args:
        variant: Mitsuba's.
        size: width and height, pixels.
        samples: rays per pixel.
    """
    per_pass = _PASS_SAMPLES[variant.partition("_")[0]]
    wanted = min(_MOST_PASSES, size[0] * size[1] * samples // per_pass, samples)
    return max(count for count in range(1, max(wanted, 1) + 1) if not samples % count)


def render(
    shot: Shot, passes: int, samples: int, frame: int, done: Callable[[float], None]
) -> Picture:
    """Render a shot.

    Args:
        shot: the frame on stage.
        passes: how many times `samples` rays are sent through each pixel.
        samples: rays per pixel of one pass.
        frame: chooses the noise; the same frame has the same noise each time.
        done: told the share that is done, 0 to 1, after each pass but the last.

    Returns:
        (height, width, 4), linear, colour multiplied by alpha.
    """
    picture: Any = 0.0
    for number in range(passes):
        seed = (frame * 1009 + number * 7919) % 2**31
        picture = picture + _one_pass(shot, samples, seed)
        if number + 1 < passes:
            done((number + 1) / passes)
    picture = picture / passes
    if shot.behind is not None:
        picture[..., :3] += shot.behind * (1 - picture[..., 3:])
    fine = np.nan_to_num(picture, nan=0.0, posinf=_BRIGHTEST, neginf=0.0)
    clipped: Picture = np.clip(fine, 0.0, _BRIGHTEST).astype(np.float32)
    return clipped


def _one_pass(shot: Shot, samples: int, seed: int) -> npt.NDArray[np.float64]:
    rendered = np.array(
        mi.render(
            shot.scene,
            sensor=shot.sensor,
            integrator=shot.integrator,
            spp=samples,
            seed=mi.UInt32(seed),
        ),
        np.float64,
    )
    if shot.glow is not None:
        glow = mi.render(
            shot.glow, sensor=shot.sensor, spp=samples, seed=mi.UInt32(seed)
        )
        rendered[..., :3] += np.array(glow)[..., :3]
    return rendered
