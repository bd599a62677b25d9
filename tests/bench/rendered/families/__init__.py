"""Families of looks: a module holds related ones. `all_families` finds them.

Each family makes a whole HTML document from a random generator and a supply of tables.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from tests.bench.rendered.family import FAMILIES, Family


def all_families() -> Mapping[str, Family]:
    """The families of all modules here, by name and in its order."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(FAMILIES.items()))
