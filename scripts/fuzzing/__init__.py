"""Damaged scenes, and what the readers make of them: for `fuzz_scenes` and the tests."""
