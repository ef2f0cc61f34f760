"""The files that a batch render of a scene leaves behind, from its own settings.

Only gathers what `output_names` needs of the graph. Any thread that owns the graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PureWindowsPath

from lrc_toolbox.scenes.aovs import picture_files
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.output_names import PictureNaming, expected_outputs
from lrc_toolbox.scenes.render_settings import Overrides, Settings
from lrc_toolbox.scenes.snapshot import LayerSnapshot, OutputSequence


def scene_outputs(
    graph: SceneGraph,
    layers: Sequence[LayerSnapshot],
    overrides: Mapping[str, Overrides],
) -> tuple[OutputSequence, ...]:
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
    # Splits at both slashes: the path may be one of another system.
    return expected_outputs(PureWindowsPath(graph.path).stem, layers, naming)


def _naming(settings: Settings) -> PictureNaming:
    return PictureNaming(
        frames=settings.naming(),
        files=picture_files(settings),
        template=settings.template(),
        tokens=settings.tokens(),
    )
