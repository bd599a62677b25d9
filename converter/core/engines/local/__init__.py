"""The local engine: text by packaged models, grids by geometry, nothing from the network."""
