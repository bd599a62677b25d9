"""The project: settings, addresses and how the app is served."""
