"""Maya host: what runs inside Maya: menu, shelf, docking, the session's scene.

No Maya could be run where this was written. Every call of `maya.cmds` is checked
against the published signatures (types-maya by mypy) and run with a strict stand-in
(`tests/maya_host/stand_in.py`).
"""
