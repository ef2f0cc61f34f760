"""Scheduling: pure decisions: what to start, send, prove, retry and stop."""
