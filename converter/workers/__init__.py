"""Worker processes: the queue and its guard, the work shift, leases, back-off and heartbeats.

Only `queue` knows django_q. Reading, fetching and webhooks fill in a `shift`; claims use `leases`;
`processes` tells a dead worker from a living one.
"""
