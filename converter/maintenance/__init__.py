"""Repairs after faults: lost claims, batches that no worker serves, files without rows.

The guard of the workers and the sweep task call `recovery`; staff and commands call `orphans`.
"""
