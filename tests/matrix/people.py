"""Those who ask for what is not theirs."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.test import Client

from tests.matrix.estate import Estate


@dataclass(frozen=True)
class Person:
    """Somebody with a browser, or a program with a key."""

    called: str
    client: Client
    headers: dict[str, str] = field(default_factory=dict)
    is_user: bool = False
    is_staff: bool = False
    key_is_bad: bool = False

    @property
    def is_user_of_pages(self) -> bool:
        """Whether pages know who it is: they know cookies, and no keys."""
        return bool(self.client.cookies) and self.is_user

    @property
    def shows_nothing(self) -> bool:
        return not self.client.cookies and not self.headers


def strangers(user: Estate, browser: Estate) -> list[Person]:
    """Everybody who must get nothing of somebody's estate; these have their own."""
    return [
        Person("nobody known", Client()),
        Person("another browser", browser.client()),
        Person("another user", user.client(), is_user=True),
        _staff(),
    ]


def strangers_to_pages(estate: Estate) -> list[Person]:
    """Who sends the owner's key to a page, which knows no keys."""
    return [Person("the owner's key", Client(), _bearer(estate.key))]


def strangers_to_api(estate: Estate, user: Estate, browser: Estate) -> list[Person]:
    """Programs with a key that is somebody else's, or not good any more."""
    return [
        Person("another user's key", Client(), _bearer(user.key), is_user=True),
        Person("another browser's key", Client(), _bearer(browser.key)),
        Person("an unknown key", Client(), _bearer("txl_unknown"), key_is_bad=True),
        *(
            Person(f"the owner's {name} key", Client(), _bearer(secret), key_is_bad=True)
            for name, secret in estate.refused_keys.items()
        ),
        *(
            Person(f"the owner, with {name} key", estate.client(), _bearer(secret), key_is_bad=True)
            for name, secret in estate.refused_keys.items()
        ),
    ]


def _staff() -> Person:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return Person("staff", client, is_user=True, is_staff=True)


def _bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}
