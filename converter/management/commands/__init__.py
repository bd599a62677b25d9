"""Each command parses its line and calls one verb."""
