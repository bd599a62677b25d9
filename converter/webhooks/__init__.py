"""Messages to other programs: written with the change they report, signed and sent later.

`outbox` is called in the transaction that settles; the queue calls `sender`; pages and API call
`signing`, too, for secrets.
"""
