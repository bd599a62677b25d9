"""What one engine read, held against the words that another read on the same picture."""
