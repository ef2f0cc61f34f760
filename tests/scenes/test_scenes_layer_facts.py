"""What is known of the real scenes' layers, held against what the graph gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.layers import layer_adjustments, read_layers
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.render_setup import setup_children

FILES = (
    "01-rs-layers-per-layer-overrides.ma",
    "02-rs-shader-override-hw2-2025.ma",
    "03-redshift-2025.ma",
    "06-rs-openpype-pal-1001.ma",
    "08-renderman-2023.ma",
    "09-legacy-3layers-shading-override.ma",
    "13-cameras-11-film-offsets.ma",
    "22-refs-alembic-rpr-pbrt.ma",
    "28-preview-cartoonhouses-ntsc.ma",
    "31-for4-maya85.mb",
    "37-for8-2019-spotlights-arnold.mb",
    "38-for8-2023-ref-target.mb",
)


@pytest.fixture(params=FILES)
def known(
    shared: Path, request: pytest.FixtureRequest
) -> tuple[SceneGraph, dict[str, Any]]:
    """A real scene, and what is known of it."""
    text = (shared / "scenes" / "TRUTH.json").read_text()
    entry = next(
        each for each in json.loads(text)["files"] if each["file"] == request.param
    )
    return read_scene(shared / "scenes" / request.param), entry["truth"]


def without_nothing(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts that are there: the known ones leave out what a file does not say."""
    return {key: value for key, value in facts.items() if value not in ("", [], None)}


def layer_facts(graph: SceneGraph) -> list[dict[str, Any]]:
    kinds = {"default": "default", "legacy": "legacy", "render_setup": "renderSetup"}
    found = []
    for layer in read_layers(graph):
        node = layer.node
        changes = layer_adjustments(graph, node)
        facts = {
            "name": node.name,
            "kind": kinds[layer.kind],
            "display_name": layer.name if layer.kind != "legacy" else "",
            "renderable": layer.renderable,
            "order(.do)": node.integer("do"),
            "connected_to_manager": graph.source(node, "rlid") is not None,
            "global(.g)": node.flag("g") or None,
            "member_plugs": len(graph.targets(node, "ri")),
            "legacy_overrides": [
                {"plug": f"{owner.name}.{attr}", "value": str(change[-1].value)}
                for (owner, attr), change in changes.overrides.items()
            ],
            "legacy_override_count": len(changes.overrides) or None,
            "shading_assignment_overrides": len(changes.engines) or None,
        }
        found.append(without_nothing(facts))
    return found


def test_layers_are_as_known(known: tuple[SceneGraph, dict[str, Any]]) -> None:
    graph, truth = known
    assert layer_facts(graph) == truth["layers"]
    managers = [node.name for node in graph.of_type("renderLayerManager")]
    assert managers == truth["render_layer_managers"]
    (manager,) = graph.of_type("renderLayerManager")
    assert manager.integer("crl") == truth["current_layer_id"]


def test_the_current_layer_is_the_one_that_the_manager_names(
    known: tuple[SceneGraph, dict[str, Any]],
) -> None:
    graph, truth = known
    current = [layer.node.name for layer in read_layers(graph) if layer.current]
    # The ids in these files follow the order of the layers.
    assert current == [truth["layers"][truth["current_layer_id"]]["name"]]


def test_render_setup_is_as_known(known: tuple[SceneGraph, dict[str, Any]]) -> None:
    graph, truth = known
    setups = [layer.setup for layer in read_layers(graph) if layer.setup]
    if truth["render_setup"] is None:
        assert setups == []
        return
    assert [node.name for node in setups] == truth["render_setup"]["layer_order"]
    assert {node.name: tree(graph, node) for node in setups} == (
        truth["render_setup"]["tree"]
    )


def tree(graph: SceneGraph, parent: Node) -> list[dict[str, Any]]:
    return [
        override_facts(graph, child)
        if child.type.endswith("Override")
        else collection_facts(graph, child)
        for child in setup_children(graph, parent)
    ]


def collection_facts(graph: SceneGraph, node: Node) -> dict[str, Any]:
    plug = graph.source(node, "sel")
    selector = plug.node if plug else None
    return without_nothing(
        {
            "name": node.name,
            "type": node.type,
            "pattern": selector.text("pat") if selector else "",
            "parsedPattern": selector.text("ppa") if selector else "",
            "static": selector.text("ssl") if selector else "",
            "typeFilter": selector.integer("tf")
            if selector and selector.has("tf")
            else None,
            "selector": selector.type if selector else "",
            "children": tree(graph, node),
        }
    )


def override_facts(graph: SceneGraph, node: Node) -> dict[str, Any]:
    """An override; those facts are there even where they are empty."""
    facts: dict[str, Any] = {
        "name": node.name,
        "type": node.type,
        "attr": node.text("atr") or None,
        "target": node.text("tgName") or None,
        "value": node.get("atv") if node.has("atv") else None,
    }
    if node.has("mul") or node.has("ofs"):
        facts |= {"multiply": node.get("mul"), "offset": node.get("ofs")}
    source = graph.source(node, "atv")
    if source is not None:
        facts["connected_from"] = f"{source.node.name}.{source.attr}"
    return facts
