"""What puts right after faults: lost claims, batches nobody works on, files without rows.

The guard of the workers and the sweep task call `recovery`; staff and commands call `orphans`.
"""
