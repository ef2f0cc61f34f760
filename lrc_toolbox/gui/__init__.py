"""Gui: the Qt panel, a client of the queue."""
