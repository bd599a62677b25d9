"""Who calls and what they may have: owners, API keys, rate limits, idempotency keys.

Doors get every row through `access`; middleware counts calls by `rate_limits`, remembers answers by
`idempotency`, and tells callers apart by `rate_limit_identity`.
"""
