"""Scenes: read a Maya scene without Maya."""
