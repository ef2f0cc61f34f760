"""Damaged scenes, and what the readers make of them."""
