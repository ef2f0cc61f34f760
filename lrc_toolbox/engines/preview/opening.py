"""What the `open` message of a preview worker says.

The engine writes it, the worker reads it; docs/worker-protocol.md lists it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lrc_toolbox.jobs.errors import LrcError

# Past these a picture would not fit into a half-decent computer.
_WIDEST, _MOST_SAMPLES = 32768, 100_000


class OpeningError(LrcError):
    """An `open` message lacks something, or says something impossible."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A layer of a scene seen through a camera.

    Attributes:
        scene: the Maya ASCII file to read.
        textures_beside: the artist's own file, beside which textures lie; `scene` may
            be a copy of it elsewhere.
        layer: the layer's name or its node's.
        camera: the camera's name.
        width: pixels.
        height: pixels.
        samples: rays per pixel.
    """

    scene: str
    textures_beside: str
    layer: str
    camera: str
    width: int
    height: int
    samples: int

    @classmethod
    def read(cls, message: dict[str, Any]) -> Opening:
        """Read the message.

        Raises:
            OpeningError: something is missing or impossible.
        """
        try:
            scene = str(message["scene"])
            opening = cls(
                scene,
                str(message.get("textures_beside") or scene),
                str(message["layer"]),
                str(message["camera"]),
                int(message["width"]),
                int(message["height"]),
                int(message["samples"]),
            )
        except KeyError as error:
            raise OpeningError(f"The open message has no {error}.") from error
        except (TypeError, ValueError) as error:
            raise OpeningError(f"The open message is wrong: {error}.") from error
        for name, value, most in (
            ("width", opening.width, _WIDEST),
            ("height", opening.height, _WIDEST),
            ("samples", opening.samples, _MOST_SAMPLES),
        ):
            if not 1 <= value <= most:
                raise OpeningError(f"The {name} must be 1 to {most}, not {value}.")
        return opening
