"""Engines read one image each. They stand behind one contract and are made by name."""
