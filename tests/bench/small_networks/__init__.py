"""What the small networks for numbers and words learned from, and how: see `train`."""
