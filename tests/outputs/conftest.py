"""Real pictures for the proofs, written by the library that reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

Gradient = Callable[..., Any]
WritePicture = Callable[..., Path]


@pytest.fixture(scope="session")
def oiio() -> Any:
    return pytest.importorskip("OpenImageIO", reason="needs lrc-toolbox[review]")


@pytest.fixture(scope="session")
def gradient() -> Gradient:
    """Gives pixels that compress like a render's: smooth with grain; alpha is 1."""
    np = pytest.importorskip("numpy", reason="needs lrc-toolbox[review]")

    def make(width: int = 320, height: int = 180, channels: int = 4) -> Any:
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        grain = np.random.default_rng(7).normal(0, 0.01, x.shape).astype(np.float32)
        red, green = x / width + grain, y / height
        planes = [red, green, 0.5 + 0.5 * np.sin(x / 20), np.ones_like(x)]
        return np.ascontiguousarray(np.stack(planes[:channels], axis=-1))

    return make


@pytest.fixture(scope="session")
def write_picture(oiio: Any, gradient: Gradient) -> WritePicture:
    """Gives a function that writes one flat part; further keywords go to the spec."""

    def write(
        path: Path,
        pixels: Any = None,
        *,
        kind: str = "half",
        names: Sequence[str] = (),
        **attributes: object,
    ) -> Path:
        pixels = gradient() if pixels is None else pixels
        height, width, channels = pixels.shape
        spec = oiio.ImageSpec(width, height, channels, kind)
        if names:
            spec.channelnames = tuple(names)
        for name, value in attributes.items():
            if hasattr(spec, name):
                setattr(spec, name, value)
            else:
                spec[name] = value
        output = oiio.ImageOutput.create(str(path))
        assert output.open(str(path), spec), output.geterror()
        assert output.write_image(pixels), output.geterror()
        assert output.close()
        return path

    return write


@pytest.fixture
def cut() -> Callable[[Path, float], Path]:
    """Gives a function that shortens a file to a share of its bytes."""

    def shorten(path: Path, share: float) -> Path:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        return path

    return shorten
