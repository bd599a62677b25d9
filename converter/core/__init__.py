"""Plain Python: tables out of images. Knows no Django, no settings and no database."""
