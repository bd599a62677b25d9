"""Who calls, and what they may reach: access to rows, API keys, rate limits, repeated calls.

Doors get every row through `access`; middleware calls `rate_limits`, `idempotency` and
`rate_limit_identity`, and `origins` knows the addresses that requests come from and to.
"""
