"""What the small networks for figures and words learned from, and how: see `train`."""
