"""Statements of Render Setup layers, as Maya writes them."""

from __future__ import annotations

from itertools import pairwise

MANAGER = """createNode renderLayerManager -n "renderLayerManager";
createNode renderLayer -n "defaultRenderLayer";
\tsetAttr ".g" yes;
createNode renderSetup -n "renderSetup";
connectAttr "renderLayerManager.rlmi[0]" "defaultRenderLayer.rlid";
"""


def setup_layer(name: str, order: int, *children: str) -> str:
    """A Render Setup layer with its renderLayer twin and its top collections."""
    return (
        f'createNode renderSetupLayer -n "{name}";\n'
        f'createNode renderLayer -n "rs_{name}";\n\tsetAttr ".do" {order};\n'
        f'connectAttr "rs_{name}.msg" "{name}.lrl";\n'
        f'connectAttr "renderLayerManager.rlmi[{order}]" "rs_{name}.rlid";\n'
        + chain(name, *children)
    )


def collection(name: str, *settings: str, kind: str = "collection") -> str:
    """A collection with its selector; settings are `setAttr` arguments."""
    lines = "".join(f"\tsetAttr {setting};\n" for setting in settings)
    return (
        f'createNode {kind} -n "{name}";\n'
        f'createNode simpleSelector -n "{name}Selector";\n{lines}'
        f'connectAttr "{name}Selector.c" "{name}.sel";\n'
    )


def below(parent: str, *children: str, selectors: bool = True) -> str:
    """Children of a collection; child collections choose among its selection."""
    text = chain(parent, *children)
    if selectors:
        for child in children:
            text += (
                f'connectAttr "{parent}Selector.out" "{child}Selector.in";\n'
                if not child.endswith("Override")
                else ""
            )
    return text


def chain(parent: str, *children: str) -> str:
    """The list of a container's children, lowest priority first."""
    if not children:
        return ""
    text = f'connectAttr "{children[0]}.msg" "{parent}.cl";\n'
    text += f'connectAttr "{children[-1]}.msg" "{parent}.ch";\n'
    for before, after in pairwise(children):
        text += f'connectAttr "{before}.nxt" "{after}.prv";\n'
    return text


def override(name: str, attr: str, *settings: str, kind: str = "absOverride") -> str:
    """An override node; its name ends with `Override`."""
    lines = "".join(f"\tsetAttr {setting};\n" for setting in settings)
    return (
        f'createNode {kind} -n "{name}";\n'
        f'\tsetAttr ".atr" -type "string" "{attr}";\n{lines}'
    )
