"""A shot rendered band by band: rows of the picture, each with all of its samples.

Bands tell the progress and keep the memory small. Runs in the worker's main thread; a
band cannot be broken off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mitsuba as mi
import numpy as np
import numpy.typing as npt

from lrc_toolbox.engines.preview.cameras import Band
from lrc_toolbox.engines.preview.stage import Shot

Picture = npt.NDArray[np.float32]

# Samples in one band: about half a second on one core of 2024. The number of bands must
# follow from the task alone, else the same frame would come out differently.
_BAND_SAMPLES = {"scalar": 500_000, "llvm": 2_000_000, "cuda": 100_000_000}
# One report for each tenth of a frame is enough.
_MOST_BANDS = 10
# The largest number a half float holds.
_BRIGHTEST = 65504.0


def split(variant: str, size: tuple[int, int], samples: int) -> list[Band]:
    """Part a picture into the bands in which it is rendered.

    Args:
        variant: Mitsuba's.
        size: width and height, pixels.
        samples: rays per pixel.
    """
    width, height = size
    per_band = _BAND_SAMPLES[variant.partition("_")[0]]
    wanted = min(_MOST_BANDS, max(1, width * height * samples // per_band), height)
    # Bands of one height share a kernel; where the height has no such part, the last
    # band is lower.
    rows = next(
        (
            height // count
            for count in (wanted, wanted - 1)
            if count and height % count == 0
        ),
        -(-height // wanted),
    )
    return [Band(size, top, min(rows, height - top)) for top in range(0, height, rows)]


def render(
    shot: Shot, samples: int, frame: int, done: Callable[[float], None]
) -> Picture:
    """Render a shot.

    Args:
        shot: the frame on stage.
        samples: rays per pixel.
        frame: chooses the noise; the same frame has the same noise each time.
        done: told the share that is done, 0 to 1, after each band but the last.

    Returns:
        (height, width, 4), linear, colour multiplied by alpha.
    """
    bands = []
    for number, sensor in enumerate(shot.sensors):
        seed = (frame * 1009 + number * 7919) % 2**31
        bands.append(_band(shot, sensor, samples, seed))
        if number + 1 < len(shot.sensors):
            done((number + 1) / len(shot.sensors))
    picture = np.nan_to_num(np.concatenate(bands), posinf=_BRIGHTEST, neginf=0.0)
    picture = without_specks(picture)
    if shot.behind is not None:
        picture[..., :3] += shot.behind * (1 - picture[..., 3:])
    clipped: Picture = np.clip(picture, 0.0, _BRIGHTEST).astype(np.float32)
    return clipped


def without_specks(picture: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Replace pixels that outshine all around them by what is around them.

    A few samples that meet a lamp by chance leave single white pixels, which flicker
    from frame to frame. What has two bright pixels beside it stays, thin lines too, and
    what is less than twice as bright as they are.

    Args:
        picture: (height, width, 4), linear.
    """
    height, width = picture.shape[:2]
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    light = padded[..., :3].sum(axis=2)
    places = [(y, x) for y in range(3) for x in range(3) if (y, x) != (1, 1)]
    around = np.stack([light[y : y + height, x : x + width] for y, x in places])
    second = np.partition(around, -2, axis=0)[-2]
    specks = light[1:-1, 1:-1] > 2 * second + 0.05
    rows, columns = np.nonzero(specks)
    calm: npt.NDArray[np.float64] = picture.copy()
    neighbours = np.stack([padded[rows + y, columns + x, :3] for y, x in places])
    calm[rows, columns, :3] = np.median(neighbours, axis=0)
    return calm


def _band(shot: Shot, sensor: Any, samples: int, seed: int) -> npt.NDArray[np.float64]:
    rendered: npt.NDArray[np.float64] = np.array(
        mi.render(
            shot.scene,
            sensor=sensor,
            integrator=shot.integrator,
            spp=samples,
            seed=seed,  # type: ignore[arg-type]  # an int is what keeps it out of the kernel
        ),
        np.float64,
    )
    if shot.glow is not None:
        # A quarter of the samples: meshes that shine are slow to sample, and what they
        # light is little.
        few = max(1, samples // 4)
        glow = mi.render(shot.glow, sensor=sensor, spp=few, seed=seed)  # type: ignore[arg-type]
        rendered[..., :3] += np.array(glow)[..., :3]
    return rendered
