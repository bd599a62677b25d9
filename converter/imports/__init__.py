"""Lists of pictures on the web: a CSV file becomes a draft whose pictures are fetched.

Doors call `manifests`, `results` and `retry`; workers call `fetcher`, which takes addresses through
`claims`.
"""
