"""The admin: look at rows, and clean up. Its actions call the same verbs as the pages.

Django imports this package; its modules register the models. `base` keeps every list
as fast for millions of rows as for ten: no list counts or sorts them all.
"""

from django.apps import apps
from django.contrib import admin

from converter.admin import batches, imports, results, webhooks

__all__ = ["batches", "imports", "results", "webhooks"]

# Its pages could have the workers run any function.
for model in apps.get_app_config("django_q").get_models():
    if admin.site.is_registered(model):
        admin.site.unregister(model)

admin.site.site_header = admin.site.site_title = "Tablexl"
admin.site.index_title = "What there is"
