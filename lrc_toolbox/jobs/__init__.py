"""The vocabulary: jobs, tasks, frames, attempts, their states and submissions.

Imports nothing of ours. Everything here is plain data that any part may hold.
"""
