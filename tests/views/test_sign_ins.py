"""Passwords are not to be guessed, and nobody is kept out by others who try."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from converter.accounts import rate_limits
from converter.models import RateLimitUsage
from tests.config.test_settings import value_of

FORMS = ["/login/", "/admin/login/"]
RIGHT = "engine no. 1"
browser = Client()  # one for all: to make one takes longer than to sign in
HERE, THERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def ada(db, settings) -> User:
    settings.LOGIN_LIMIT_ATTEMPTS = 3
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # in no time
    return User.objects.create_superuser("ada", password=RIGHT)


def attempt(password: str = "x", name: str = "ada", form: str = "/login/", at: str = HERE, **more):
    """As somebody who has no cookies."""
    browser.cookies.clear()
    sent = {"username": name, "password": password}
    return browser.post(form, sent, REMOTE_ADDR=at, **more)


def use_up(**more: str) -> None:
    assert [attempt(**more).status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize("form", FORMS)
def test_who_tried_too_often_has_to_wait_whatever_the_password(ada, form):
    use_up(form=form)
    answer = attempt(RIGHT, form=form)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    page = answer.content.decode()
    assert "try again in 15 minutes" in page
    assert "can give you a new one" in page


def test_both_forms_are_counted_together_and_a_name_however_it_is_written(ada):
    attempt(), attempt(form="/admin/login/"), attempt(name=" ADA")
    assert [attempt(RIGHT, form=form).status_code for form in FORMS] == [429, 429]


def test_a_script_is_told_by_a_code(ada):
    use_up()
    answer = attempt(headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")


def test_its_owner_elsewhere_is_not_kept_out(ada):
    use_up()
    assert attempt(RIGHT, at=HERE).status_code == 429
    assert attempt(RIGHT, at=THERE).status_code == 302


def test_whoever_signs_in_begins_anew(ada):
    for _ in range(4):
        assert [attempt().status_code, attempt().status_code] == [200, 200]
        assert attempt(RIGHT).status_code == 302


def test_of_all_names_together_an_address_may_try_ten_times_as_many(ada):
    tried = [attempt(name=f"name {n}").status_code for n in range(31)]
    assert tried == [200] * 30 + [429]
    assert attempt(RIGHT).status_code == 429
    assert attempt(RIGHT, at=THERE).status_code == 302


def test_those_who_sign_in_do_not_use_up_their_address(ada):
    for _ in range(31):
        assert attempt(RIGHT).status_code == 302


def test_the_wait_ends_and_attempts_meanwhile_do_not_make_it_longer(ada):
    use_up()
    attempt()
    began = set(RateLimitUsage.objects.values_list("began", flat=True))
    attempt()
    assert set(RateLimitUsage.objects.values_list("began", flat=True)) == began
    RateLimitUsage.objects.update(began=min(began) - 900)
    assert attempt(RIGHT).status_code == 302


def test_a_name_that_nobody_has_is_refused_in_the_same_way(ada):
    use_up(name="eve")
    refused, known = attempt(name="eve"), attempt(RIGHT)
    assert (refused.status_code, known.status_code) == (429, 302)


def test_behind_a_proxy_the_address_is_the_one_it_names(ada, settings):
    settings.BEHIND_PROXY = True
    use_up(headers={"x-real-ip": HERE, "x-forwarded-for": "9.9.9.9"}, at="100.64.0.2")
    forged = {"x-real-ip": HERE, "x-forwarded-for": "8.8.8.8"}
    assert attempt(RIGHT, at="100.64.0.3", headers=forged).status_code == 429
    assert attempt(RIGHT, at="100.64.0.2", headers={"x-real-ip": THERE}).status_code == 302


def test_what_was_typed_is_not_kept(ada):
    attempt(name="my password by mistake")
    assert "mistake" not in str(RateLimitUsage.objects.values())


def test_no_limit_counts_nothing(ada, settings):
    settings.LOGIN_LIMIT_ATTEMPTS = 0
    assert {attempt().status_code for _ in range(12)} == {200}
    assert not RateLimitUsage.objects.exists()


def test_the_usual_limit_is_ten_in_a_quarter_of_an_hour():
    assert (value_of("LOGIN_LIMIT_ATTEMPTS"), value_of("LOGIN_LIMIT_WINDOW")) == (10, 900)


@pytest.mark.django_db
def test_what_is_over_is_forgotten(settings):
    settings.LOGIN_LIMIT_WINDOW = 9000
    rate_limits.record("ann", rate_limits.of_sign_ins(), 1000.0)
    rate_limits.prune(9500.0)
    assert RateLimitUsage.objects.count() == 1
    rate_limits.prune(10001.0)
    assert not RateLimitUsage.objects.exists()
