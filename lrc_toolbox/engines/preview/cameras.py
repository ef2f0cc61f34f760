"""Cameras: from Maya's film back and lens to Mitsuba's sensor.

Owns the framing: which part of the world the picture shows. Film is measured in inches,
lenses in millimetres, as Maya does. Source: Maya's documentation of the camera node and
MFnCamera; see `tests/engines/preview/test_preview_cameras.py` for what was checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, degrees

import mitsuba as mi
import numpy as np

from lrc_toolbox.engines.preview.polygons import Floats
from lrc_toolbox.engines.preview.reading import Plugin, Reading
from lrc_toolbox.scenes.pose import CameraInstance, Pose
from lrc_toolbox.scenes.transforms import Matrix

_MM_PER_INCH = 25.4
# The values of `filmFit`.
_FILL, _HORIZONTAL, _VERTICAL, _OVERSCAN = range(4)


@dataclass(frozen=True, slots=True)
class Gate:
    """The part of the film plane that the picture shows.

    Attributes:
        width: inches; scene units for an orthographic camera.
        height: the same.
        right: how far its middle lies to the right of the lens, same unit.
        up: how far above.
    """

    width: float
    height: float
    right: float
    up: float


def film_gate(camera: Reading, aspect: float) -> Gate:
    """Fit a picture to a camera's film.

    Args:
        camera: the camera shape.
        aspect: width of the picture over its height.
    """
    wide, high = camera.vector("cap", (1.41732, 0.94488))
    wide = max(wide * camera.number("lsr", 1.0), 1e-6)
    high = max(high, 1e-6)
    right, up = camera.vector("fio", (0.0, 0.0))
    scale = max(camera.number("cs", 1.0) * camera.number("psc", 1.0), 1e-6)
    by_width = _fits_width(int(camera.number("ff", _HORIZONTAL)), wide / high, aspect)
    width = wide if by_width else high * aspect
    # Where film and picture differ, the offset moves the picture along the spare side.
    spare = camera.number("ffo", 0.0)
    if by_width:
        up += spare * (high - width / aspect) / 2
    else:
        right += spare * (wide - width) / 2
    return Gate(width * scale, width * scale / aspect, right * scale, up * scale)


def _fits_width(fit: int, film: float, picture: float) -> bool:
    """Say whether the picture is as wide as the film, else it is as high."""
    if fit == _VERTICAL:
        return False
    if fit == _FILL:
        return film <= picture
    if fit == _OVERSCAN:
        return film > picture
    return True


@dataclass(frozen=True, slots=True)
class Band:
    """Some rows of a picture, which are rendered by themselves.

    Attributes:
        size: width and height of the whole picture, pixels.
        top: the first row.
        rows: how many.
    """

    size: tuple[int, int]
    top: int
    rows: int

    @property
    def below_middle(self) -> float:
        """How many rows the band's middle lies below the picture's."""
        return self.top + (self.rows - self.size[1]) / 2


def sensor(pose: Pose, camera: CameraInstance, band: Band, samples: int) -> Plugin:
    """Give Mitsuba's sensor for some rows of what a camera sees.

    A band is a small picture through a shifted lens, not a crop of a large one: the
    crop would be a number in the kernel, and each band would be compiled anew.

    Args:
        pose: where the camera's attributes are read.
        camera: the camera.
        band: the rows.
        samples: rays per pixel.
    """
    reading = Reading(pose, camera.node)
    near = max(reading.number("ncp", 0.1), 1e-4)
    plugin: Plugin = {
        "near_clip": near,
        "far_clip": max(reading.number("fcp", 10_000.0), near * 2),
        "film": {
            "type": "hdrfilm",
            "width": band.size[0],
            "height": band.rows,
            "pixel_format": "rgba",
            # Each pixel for itself: bands fit together, and it is the fastest.
            "rfilter": {"type": "box"},
        },
        # Half the noise of "independent" at 16 samples where lamps are many.
        "sampler": {"type": "ldsampler", "sample_count": samples},
    }
    if reading.flag("o"):
        return {**plugin, **_orthographic(reading, camera.matrix, band)}
    return {**plugin, **_perspective(reading, camera.matrix, band)}


def _perspective(camera: Reading, matrix: Matrix, band: Band) -> Plugin:
    gate = film_gate(camera, band.size[0] / band.size[1])
    focal = max(camera.number("fl", 35.0), 0.1)
    half = gate.width * _MM_PER_INCH / 2
    # Mitsuba's shift is positive to the left and up, in parts of the band.
    up = -gate.up / gate.height * band.size[1] + band.below_middle
    return {
        "type": "perspective",
        "fov_axis": "x",
        "fov": degrees(2 * atan(half / focal)),
        "principal_point_offset_x": gate.right / gate.width,
        "principal_point_offset_y": up / band.rows,
        "to_world": mi.ScalarTransform4f(_looking(matrix).tolist()),
    }


def _orthographic(camera: Reading, matrix: Matrix, band: Band) -> Plugin:
    width = max(camera.number("ow", 10.0), 1e-6)
    # Mitsuba's picture reaches from -1 to 1 along x; y follows from the aspect.
    place = _looking(matrix) @ np.diag((width / 2, width / 2, 1.0, 1.0))
    place[:3, 3] -= place[:3, 1] * 2 * band.below_middle / band.size[0]
    return {
        "type": "orthographic",
        "to_world": mi.ScalarTransform4f(place.tolist()),
    }


def view_directions(
    pose: Pose, camera: CameraInstance, size: tuple[int, int]
) -> Floats:
    """(height, width, 3), the way each pixel looks, of length 1, in the world."""
    reading = Reading(pose, camera.node)
    place = _looking(camera.matrix)[:3, :3]
    across = (np.arange(size[0]) + 0.5) / size[0] - 0.5
    down = (np.arange(size[1]) + 0.5) / size[1] - 0.5
    x, y = np.meshgrid(across, down)
    gate = film_gate(reading, size[0] / size[1])
    focal = max(reading.number("fl", 35.0), 0.1) / _MM_PER_INCH
    if reading.flag("o"):
        return np.broadcast_to(place[:, 2], (*x.shape, 3))
    # Mitsuba's camera space: x to the left, y up, z ahead.
    local = np.stack(
        (
            -(x * gate.width + gate.right),
            -y * gate.height + gate.up,
            np.full_like(x, focal),
        ),
        axis=2,
    )
    ways: Floats = (local / np.linalg.norm(local, axis=2, keepdims=True)) @ place.T
    return ways


def _looking(matrix: Matrix) -> Floats:
    """(4, 4) for column vectors, where the camera stands and which way it looks.

    Maya's camera looks along -Z with X to the right, Mitsuba's along +Z with X to the
    left. Scale is left out: it does not change what a camera of Maya sees.
    """
    world = np.array(matrix, np.float64).reshape(4, 4).T
    axes = world[:3, :3] / np.maximum(np.linalg.norm(world[:3, :3], axis=0), 1e-12)
    # Orthogonal again, should a parent have sheared it; the view direction is kept.
    back = axes[:, 2]
    right = np.cross(axes[:, 1], back)
    right = right / max(float(np.linalg.norm(right)), 1e-12)
    place = np.eye(4)
    place[:3, 0], place[:3, 1], place[:3, 2] = -right, np.cross(back, right), -back
    place[:3, 3] = world[:3, 3]
    return place
