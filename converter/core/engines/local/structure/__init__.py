"""Tables out of fragments of print, by a small network and a decoding of the whole page.

Call `structure.read_structure`. `evidence` is what the network is told about a page.
"""
