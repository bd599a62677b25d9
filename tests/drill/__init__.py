"""The fault drill: real workers, real databases, faults at random moments, and nothing lost."""
