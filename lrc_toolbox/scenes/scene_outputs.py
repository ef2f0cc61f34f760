"""The files that a batch render of a scene leaves behind, from its own settings.

Only gathers what `output_names` needs of the graph. Any thread that owns the graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PureWindowsPath
from typing import NamedTuple

from lrc_toolbox.scenes.aovs import picture_files
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.output_names import PictureNaming, expected_outputs
from lrc_toolbox.scenes.output_sequences import OutputSequence
from lrc_toolbox.scenes.render_settings import Overrides, Settings
from lrc_toolbox.scenes.snapshot import LayerSnapshot

#: Past so many sequences none is named: a scene of hundreds of layers and cameras that
#: are all on would take minutes and gigabytes to say what nobody means to render.
_MOST_SEQUENCES = 200_000


class Outputs(NamedTuple):
    """What a batch render leaves behind.

    Attributes:
        listed: every sequence, or none where there are too many.
        left_out: how many those are; 0 where they are listed.
    """

    listed: tuple[OutputSequence, ...] = ()
    left_out: int = 0


def scene_outputs(
    graph: SceneGraph,
    layers: Sequence[LayerSnapshot],
    overrides: Mapping[str, Overrides],
) -> Outputs:
    """What a batch render of all renderable layers leaves behind.

    Args:
        graph: the scene.
        layers: all of its layers.
        overrides: by layer name; a layer without any may be left out.
    """
    naming = {
        layer.name: _naming(Settings(graph, overrides.get(layer.name, {})))
        for layer in layers
        if layer.renderable
    }
    count = sum(
        len(layer.cameras) * len(naming[layer.name].files)
        for layer in layers
        if layer.renderable
    )
    if count > _MOST_SEQUENCES:
        return Outputs(left_out=count)
    # Splits at both slashes: the path may be one of another system.
    stem = PureWindowsPath(graph.path).stem
    return Outputs(expected_outputs(stem, layers, naming))


def _naming(settings: Settings) -> PictureNaming:
    return PictureNaming(
        frames=settings.naming(),
        files=picture_files(settings),
        prefix=settings.driver_prefix(),
        template=settings.template(),
        tokens=settings.tokens(),
    )
