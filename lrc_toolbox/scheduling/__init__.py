"""Pure decisions: what to start, send, prove, try again and stop.

Events go in, actions and changes to save come out. No clock, file, process, thread or
Qt in here: time arrives as `now` in every event, so that a story of events can be told
in a test, and a thousand machines simulated.
"""
