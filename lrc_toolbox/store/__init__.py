"""Store: the SQLite queue file and its in-memory twin."""
