"""What the small network for figures learned from, and how: `-m tests.bench.figures.train`."""
