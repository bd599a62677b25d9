"""The processes that work: the queue and its guard, threads that wait, heartbeats.

Only `queue` knows django_q. Loops use `thread_pool` and `heartbeat`; claims use `processes` to tell
a dead worker from a living one.
"""
