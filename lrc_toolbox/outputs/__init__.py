"""Outputs: proof of frames and thumbnails."""
