"""Whether the app works: system checks, status, statistics, and a doctor that repairs.

Doors call `status` and `stats`; the command `doctor` calls `doctor`. Django registers `checks` at
its start.
"""
