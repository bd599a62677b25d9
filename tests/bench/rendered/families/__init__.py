"""Families of looks. Importing this package fills `family.FAMILIES`; a module holds related looks.

Each family makes a whole HTML document from a random generator and a supply of tables.
"""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
