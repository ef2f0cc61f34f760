"""Preflight of pictures: can they be written, has each its own file, is there room."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from lrc_toolbox.jobs.wording import count
from lrc_toolbox.scenes.findings import Finding, found, gathered, quoted
from lrc_toolbox.scenes.image_formats import usual_formats, writes_format
from lrc_toolbox.scenes.output_sequences import FrameSpan, OutputSequence
from lrc_toolbox.scenes.snapshot import LayerSnapshot, SceneSnapshot
from lrc_toolbox.scenes.surroundings import Wishes

#: Bytes for one channel of one pixel on disk, as rendered pictures usually are. Half
#: float EXR takes 2 before zip, which noise leaves at about two thirds; a JPEG of good
#: quality is a tenth of its pixels. Upper ends of what is usual: a warning too many
#: costs less than a full disk.
_BYTES_PER_CHANNEL = {
    "exr": 1.4, "hdr": 1.0, "tif": 1.0, "png": 0.6, "jpg": 0.1, "iff": 0.7,
    "tga": 0.8, "bmp": 1.0, "sgi": 0.8, "psd": 1.0,
}  # fmt: skip
_OTHERWISE = 1.0
_CHANNELS = 4
_AOV_CHANNELS = 3
_NEARLY_FULL = 0.9
_UNITS = ("bytes", "KB", "MB", "GB", "TB")
#: These systems take `Beauty` and `beauty` for the same file.
_ONE_CASE = ("win32", "darwin")
#: So many sequences of one name are compared with each other.
_COMPARED = 100


def check_formats(scene: SceneSnapshot) -> Iterator[Finding]:
    """Formats: each layer's renderer writes the one that is chosen for it."""
    wrong: dict[tuple[str, str], list[str]] = {}
    for layer in scene.layers:
        if layer.renderable and not writes_format(layer.renderer, layer.image_format):
            pair = layer.renderer, layer.image_format.name
            wrong.setdefault(pair, []).append(layer.name)
    for (renderer, name), layers in wrong.items():
        message = (
            f"The image format {quoted(name)} is not one that {renderer} writes "
            f"({gathered(layers)})."
        )
        usual = ", ".join(usual_formats(renderer))
        remedy = f"Choose another in the Render Settings, such as {usual}."
        yield found("image_format_unwritable", message, remedy, where=layers[0])


def check_outputs(scene: SceneSnapshot, wishes: Wishes) -> Iterator[Finding]:
    """Names: no two pictures of the batch share a file."""
    if scene.outputs_left_out:
        message = (
            f"{scene.outputs_left_out:,} sequences of pictures are too many to check "
            "their names and the room they take."
        )
        yield found("outputs_not_checked", message)
    one_case = wishes.platform in _ONE_CASE
    by_name: dict[str, list[OutputSequence]] = {}
    for output in scene.outputs:
        name = output.pattern.casefold() if one_case else output.pattern
        by_name.setdefault(name, []).append(output)
    for outputs in by_name.values():
        if (clash := _clash(outputs)) is not None:
            yield _collision(outputs, clash)
    same = [
        each
        for each in scene.outputs
        if "#" not in each.pattern and each.frames.count > 1
    ]
    if same:
        message = (
            f"All {same[0].frames.count:,} frames of layer "
            f"{quoted(same[0].layer)} are written to {quoted(same[0].pattern)}."
        )
        yield found("frames_collide", message, where=same[0].layer)


def _clash(outputs: list[OutputSequence]) -> OutputSequence | None:
    """One that writes a file which another writes too."""
    for one, other in itertools.combinations(outputs[:_COMPARED], 2):
        if "#" not in one.pattern or _share_a_number(one.numbers, other.numbers):
            return other
    return None


def _share_a_number(one: FrameSpan, other: FrameSpan) -> bool:
    start, end = max(one.start, other.start), min(one.end, other.end)
    if start > end:
        return False
    numbers = (one.start, one.step, other.start, other.step)
    if not all(map(math.isfinite, numbers)):
        return True
    # Steps of 2 from 1 and from 2 never meet; a step of 0 has one frame only.
    common = math.gcd(round(one.step), round(other.step)) or 1
    return (round(one.start) - round(other.start)) % common == 0


def _collision(outputs: list[OutputSequence], clash: OutputSequence) -> Finding:
    kinds = (
        ("layers", "<RenderLayer>", {each.layer for each in outputs}),
        ("cameras", "<Camera>", {each.camera for each in outputs}),
        ("AOVs", "<RenderPass>", {each.aov for each in outputs}),
    )
    differing = [kind for kind in kinds if len(kind[2]) > 1] or list(kinds[:1])
    noun = differing[0][0]
    tokens = " and ".join(token for _, token, _ in differing)
    names = gathered(_who(each, noun) for each in outputs)
    pattern = quoted(outputs[0].pattern)
    message = f"The {noun} {names} overwrite each other: all write {pattern}."
    remedy = f"Put {tokens} into the file name prefix."
    if noun == "cameras" and len(set(map(_spelt, outputs))) < len(differing[0][2]):
        # <Camera> says the name without groups, and `_` for a namespace's colon.
        remedy = "Give each of these cameras a name of its own."
    return found("outputs_collide", message, remedy, where=clash.layer)


def _spelt(output: OutputSequence) -> str:
    """The camera as it stands in names of files."""
    return output.camera.rpartition("|")[2].replace(":", "_")


def _who(output: OutputSequence, noun: str) -> str:
    if noun == "cameras":
        return output.camera
    return (output.aov or "beauty") if noun == "AOVs" else output.layer


def check_folder(scene: SceneSnapshot, wishes: Wishes) -> Iterator[Finding]:
    """Room: the output folder takes files, and its disk takes all of them."""
    place = wishes.output
    if place is None:
        return
    if place.problem:
        message = f"Pictures cannot be written to {place.folder}: {place.problem}."
        yield found("output_folder_unwritable", message, where=place.folder)
        return
    if not place.exists:
        message = f"The output folder {place.folder} is not there yet."
        yield found("output_folder_missing", message, where=place.folder)
    needed = expected_bytes(scene)
    if place.free_bytes is None or needed <= _NEARLY_FULL * place.free_bytes:
        return
    pictures = sum(each.frames.count for each in scene.outputs)
    message = (
        f"{count(pictures, 'picture')} of about {size_text(needed / pictures)} need "
        f"about {size_text(needed)}; {size_text(place.free_bytes)} are free on the "
        f"disk of {place.folder}."
    )
    full = needed > place.free_bytes
    yield found("disk_too_small" if full else "disk_nearly_full", message)


def expected_bytes(scene: SceneSnapshot) -> float:
    """About how much room a batch render's pictures take on disk."""
    layers = {layer.name: layer for layer in scene.layers}
    by_layer: dict[str, list[OutputSequence]] = {}
    for output in scene.outputs:
        by_layer.setdefault(output.layer, []).append(output)
    total = 0.0
    for name, outputs in by_layer.items():
        aovs = {output.aov for output in outputs}
        # AOVs without a file of their own are further channels of the picture.
        inside = sum(aov.enabled and aov.name not in aovs for aov in scene.aovs)
        picture = _picture_bytes(scene, layers.get(name), _CHANNELS, inside)
        one_aov = _picture_bytes(scene, layers.get(name), _AOV_CHANNELS, 0)
        for output in outputs:
            total += output.frames.count * (one_aov if output.aov else picture)
    return total


def _picture_bytes(
    scene: SceneSnapshot, layer: LayerSnapshot | None, channels: int, inside: int
) -> float:
    width, height = layer.resolution if layer else scene.resolution
    extension = (layer.image_format if layer else scene.image_format).extension
    if extension == "exr":
        channels += _AOV_CHANNELS * inside
    per_channel = _BYTES_PER_CHANNEL.get(extension, _OTHERWISE)
    return max(width, 0) * max(height, 0) * channels * per_channel


def size_text(size: float) -> str:
    """Bytes as a person says them: `12 MB`, `1.4 TB`."""
    for unit in _UNITS[:-1]:
        if size < 1000:
            return f"{size:.0f} {unit}" if size >= 10 else f"{size:.2g} {unit}"
        size /= 1000
    return f"{size:,.1f} {_UNITS[-1]}"
