"""Lists of fields that people keep."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from converter.models.ownership import Owned


class FieldTemplate(Owned):
    """A saved list of fields, in the form that `convert --template` takes."""

    name = models.CharField(max_length=120)
    fields: Any = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], name="template_name_of_owner", condition=Q(user=None)
            ),
            models.UniqueConstraint(
                fields=["user", "name"], name="template_name_of_user", condition=~Q(user=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name
