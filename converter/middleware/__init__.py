"""Middleware: request ids, the form of the API, sign-in, idempotency keys and rate limits.

Nobody calls them; the settings list them in their order.
"""
