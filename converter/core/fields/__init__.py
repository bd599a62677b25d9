"""Fields: what a person wants from a card, and how it is found among the words on it."""
