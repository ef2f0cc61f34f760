"""Telling people and programs what came of a job: desktop, a command, a webhook.

Each way blocks for as long as it takes, within a time limit, and raises `NotToldError`.
When to tell, and to whom, is decided in `running.notifier` by the settings of
`jobs.notifications`.
"""
