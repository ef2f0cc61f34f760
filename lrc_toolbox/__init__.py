"""LRC Toolbox: a batch render manager for Maya that works just as well without it."""
