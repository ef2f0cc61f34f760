"""Cli: the lrc command, a client of the queue."""
