"""The engine that asks a vision model behind an API of the kind OpenAI publishes."""
