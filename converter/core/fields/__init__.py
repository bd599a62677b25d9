"""Named fields on a card or a form: templates, search by label or form, checks, front and back.

Others call `search.find_fields`, `checks.check_all`, `pairing.pair`, `pairing.merge_sides` and
`outliers.Profile`; the types are in `specification` (FieldSpec) and `values` (FieldValue).
"""
