"""Where files lie: the folders of batches, on a disk or in an object store.

Others call `layout`, which picks `local` or `s3` by the settings; nobody else calls those two.
"""
