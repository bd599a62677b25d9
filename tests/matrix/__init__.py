"""Who may reach what: every address there is, asked by everybody it might not be meant for.

`routes` finds the addresses in Django's own list, `rules` says for whom each is, `estate` has
something of everything that can be owned, `people` are those who ask. A new address fails until it
has a rule, and a new parameter until the estate has a thing for it; the messages say where.
"""
