"""Files of strangers, decoded in processes of their own: bounded in time and memory, and locked up.

`Decoders.decode` yields the pages of a file, encoded anew by us, and `store` writes them to a
folder. Whatever a file does to its process, the caller loses nothing but that file's page.
"""
