"""Tables as values: cells on a grid, what their text means, and whether it adds up."""
