"""The secrets that webhooks are signed with: whose they are, and how one takes another's place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from converter.core.outbound import signature
from converter.models import Batch, SigningSeed
from converter.webhooks import signing

pytestmark = pytest.mark.django_db

ME = Batch(owner="me")


def texts(owner: Batch) -> list[str]:
    return [signature.secret_text(key) for key in signing.keys_of(owner)]


def test_an_owner_has_one_secret_and_nobody_else_has_it():
    ann = Batch(user=User.objects.create_user("ann"), owner="me")
    secrets = [signing.secret_of(owner) for owner in (ME, Batch(owner="you"), ann)]
    assert len(set(secrets)) == 3
    assert [signing.secret_of(ME), texts(ME)] == [secrets[0], secrets[:1]]


def test_neither_the_rows_nor_the_key_of_the_installation_is_enough_to_sign(settings):
    secret = signing.secret_of(ME)
    assert secret.removeprefix("whsec_") not in str(list(SigningSeed.objects.values()))
    settings.SECRET_KEY = "another"
    assert signing.secret_of(ME) != secret


def test_a_secret_that_was_replaced_signs_for_one_more_day():
    former = signing.secret_of(ME)
    signing.replace(ME)
    assert texts(ME) == [signing.secret_of(ME), former]
    assert signing.former_until(ME) > timezone.now() + timedelta(hours=23)
    SigningSeed.objects.filter(expires__isnull=False).update(expires=timezone.now())
    assert texts(ME) == [signing.secret_of(ME)]
    signing.prune()
    assert SigningSeed.objects.count() == 1


def test_a_secret_that_others_know_ends_at_once():
    signing.secret_of(Batch(owner="you"))
    signing.replace(ME)
    signing.end_former(ME)
    assert texts(ME) == [signing.secret_of(ME)]
    assert signing.former_until(ME) is None
    assert SigningSeed.objects.count() == 2
