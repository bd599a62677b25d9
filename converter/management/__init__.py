"""Commands: a door like the others."""
