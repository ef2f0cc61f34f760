"""The stand-in refuses what Maya would refuse, or what it does not know."""

from __future__ import annotations

import pytest

from tests.maya_host.stand_in import Maya


@pytest.mark.parametrize(
    ("command", "names", "flags"),
    [
        ("menu", ("m",), {"lable": "x"}),
        ("menu", ("m",), {"label": 7}),
        ("menu", ("m",), {"query": True, "label": True}),
        ("shelfButton", (), {"parent": "nowhere", "sourceType": "python"}),
        ("workspaceControl", ("c",), {"edit": True, "restore": True}),
        ("menuItem", (), {"parent": "MayaWindow", "sourceType": "pyhton"}),
    ],
)
def test_a_wrong_call_is_refused(maya: Maya, command, names, flags) -> None:
    from maya import cmds

    with pytest.raises((TypeError, RuntimeError)):
        getattr(cmds, command)(*names, **flags)


def test_a_command_it_does_not_know_is_refused(maya: Maya) -> None:
    from maya import cmds

    with pytest.raises(AttributeError):
        cmds.batchRender()


def test_a_name_is_taken_only_once(maya: Maya) -> None:
    from maya import cmds

    cmds.menu("m", label="M", parent="MayaWindow", tearOff=True)
    with pytest.raises(RuntimeError):
        cmds.menu("m", label="M", parent="MayaWindow", tearOff=True)
