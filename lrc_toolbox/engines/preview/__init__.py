"""The preview engine: pictures of a Maya scene without Maya, by Mitsuba 3.

`engine` is what the queue asks and imports nothing heavy; `worker` is the process that
renders, and everything beside it belongs to that process.
"""
