"""What holds for every request: request ids, the API's form, sign-in, idempotency, rate limits.

Nobody calls them; the settings list them in their order.
"""
