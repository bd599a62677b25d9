"""Trains the network that finds the structure of tables, on rendered pages."""
