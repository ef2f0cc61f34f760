"""Scenes: read a Maya scene without Maya.

`snapshot` answers what a scene offers to render; `pose` gives what a renderer needs of
one layer at one frame. Both stand on `graph`, and `graph` on `maya_ascii`. Nothing here
imports NumPy, a renderer or Maya.
"""
