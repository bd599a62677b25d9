"""The app: doors, verbs, state and core, in that order from top to bottom."""
