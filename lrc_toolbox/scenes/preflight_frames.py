"""Preflight of frames and size: are they those that somebody meant."""

from __future__ import annotations

from collections.abc import Iterator

from lrc_toolbox.scenes.findings import Finding, found, quoted
from lrc_toolbox.scenes.output_sequences import FrameSpan
from lrc_toolbox.scenes.preflight_layers import renderable_layers
from lrc_toolbox.scenes.snapshot import LayerSnapshot, SceneSnapshot

_MANY_FRAMES = 10_000
#: The largest texture that Direct3D 11 hardware must take in either direction, which is
#: also where viewport and hardware renders end.
_LARGEST_SIDE = 16_384
_SQUARE = 1e-3


def frames_text(span: FrameSpan) -> str:
    """Frames as a person writes them, fractions too: `1-10`, `0.5-10x0.5`."""
    start, end, step = (
        f"{number:.10g}" for number in (span.start, span.end, span.step)
    )
    if span.start == span.end:
        return start
    return f"{start}-{end}" if span.step == 1 else f"{start}-{end}x{step}"


def check_frames(scene: SceneSnapshot) -> Iterator[Finding]:
    """Frames: the scene's own once, then those of layers that have others."""
    if scene.damage and not scene.animation:
        # Render settings stand at a file's end, behind most damage.
        return
    layers = renderable_layers(scene)
    own = [layer for layer in layers if not _has_its_own(layer)]
    if own or not layers:
        yield from _check_span(scene.frames, scene.animation, "The scene", "")
        if scene.animation:
            yield from _check_numbers(scene, scene.frames, "The scene", "")
        yield from _check_timeline(scene)
    if scene.frames_listed:
        message = (
            "V-Ray is set to render specific frames, but frames "
            f"{frames_text(scene.frame_settings)} of the Render Settings count here."
        )
        yield found("frames_listed", message)
    for layer in layers:
        if _has_its_own(layer):
            who = f"Layer {quoted(layer.name)}"
            yield from _check_span(layer.frames, layer.animation, who, layer.name)
            if layer.animation:
                yield from _check_numbers(scene, layer.frames, who, layer.name)


def _has_its_own(layer: LayerSnapshot) -> bool:
    return bool({"frames", "animation"}.intersection(layer.overridden))


def _check_span(
    span: FrameSpan, animation: bool, who: str, where: str
) -> Iterator[Finding]:
    text = frames_text(span)
    if not animation:
        message = f"{who} has animation off: only frame {text} is rendered."
        yield found("animation_off", message, where=where)
    elif span.step <= 0:
        message = f"{who} has the frame step {span.step:g}."
        yield found("frame_step_wrong", message, where=where)
    elif span.start > span.end:
        message = (
            f"{who} starts at frame {span.start:g} but ends at {span.end:g}: "
            "nothing would be rendered."
        )
        yield found("frames_backwards", message, where=where)
    elif span.start == span.end:
        message = f"{who} renders only frame {text}."
        yield found("one_frame", message, where=where)
    elif span.count > _MANY_FRAMES:
        message = f"{who} renders {span.count:,} frames ({text})."
        yield found("many_frames", message, where=where)


def _check_numbers(
    scene: SceneSnapshot, span: FrameSpan, who: str, where: str
) -> Iterator[Finding]:
    """Fractions of frames, which are fine where pictures are numbered anew."""
    numbers = scene.naming.numbers(span)
    if any(number % 1 for number in (numbers.start, numbers.step)):
        message = f"{who} renders fractions of frames ({frames_text(span)})."
        yield found("frames_fractional", message, where=where)


def _check_timeline(scene: SceneSnapshot) -> Iterator[Finding]:
    timeline, span = scene.timeline, scene.frames
    if timeline is None or not scene.animation or span.start >= span.end:
        return
    shown = FrameSpan(timeline.start, timeline.end)
    if (shown.start, shown.end) != (span.start, span.end):
        message = (
            f"Frames {frames_text(span)} are rendered, but the timeline shows "
            f"{frames_text(shown)}."
        )
        yield found("timeline_differs", message)


def check_resolution(scene: SceneSnapshot) -> Iterator[Finding]:
    """Size: pixels there are, not absurdly many, and square."""
    layers = renderable_layers(scene)
    sizes: dict[tuple[int, int], str] = {}
    for layer in layers:
        sizes.setdefault(layer.resolution, layer.name)
    for (width, height), name in (sizes or {scene.resolution: ""}).items():
        where = name if len(sizes) > 1 else ""
        of = f" of layer {quoted(name)}" if where else ""
        message = f"The size{of} is {width:,} x {height:,} pixels."
        if min(width, height) <= 0:
            yield found("resolution_wrong", message, where=where)
        elif max(width, height) > _LARGEST_SIDE:
            yield found("resolution_large", message, where=where)
    if abs(scene.pixel_aspect - 1) > _SQUARE:
        message = f"The pixel aspect ratio is {scene.pixel_aspect:.4g}."
        yield found("pixel_aspect", message)
