"""HTTP to addresses that a user gave: public ones only, and nothing without a bound.

`urls` says which addresses may be asked at all, `public` which machines may be reached, `client`
asks. An address is looked up once per request, and what was looked at is what is connected to.
"""
