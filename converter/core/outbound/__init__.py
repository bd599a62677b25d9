"""HTTP to addresses given by users: public ones only, with bounds on size and time.

Others call `client.fetch`, `client.post` and `client.check`, and `signature` for webhooks. `urls`
decides which addresses are allowed, `public` which IP numbers; each host is resolved only once.
"""
