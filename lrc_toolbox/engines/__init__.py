"""Engines: ways to get frames out of a scene."""
