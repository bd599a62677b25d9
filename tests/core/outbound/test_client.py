import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO

import pytest

from converter.core.outbound import urls
from converter.core.outbound.client import PUBLIC, Bounds, Guard, check, fetch, post
from converter.core.outbound.errors import OutboundError
from converter.core.outbound.public import is_public
from tests.support import misbehaving_server
from tests.support.misbehaving_server import (
    ADDRESS,
    HOST,
    THIS_MACHINE,
    Site,
    leads_to,
    says,
    sends,
)
from tests.support.private_addresses import BADLY_WRITTEN, CODES, NOT_PUBLIC

AMPLE = Bounds(size=1 << 20, seconds=60)
SHORT = Bounds(size=1 << 20, seconds=0.5)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def fetched(address: str, bounds: Bounds = AMPLE, guard: Guard = THIS_MACHINE) -> bytes:
    target = BytesIO()
    fetch(address, target, bounds, guard)
    return target.getvalue()


def code_of(address: str, bounds: Bounds = AMPLE, guard: Guard = THIS_MACHINE) -> str:
    with pytest.raises(OutboundError) as caught:
        fetched(address, bounds, guard)
    return caught.value.code


def test_a_picture_comes_as_it_is(site):
    site.plays["/a.png"] = [sends(b"picture" * 1000)]
    assert fetched(site.url("/a.png?b=c%20d")) == b"picture" * 1000
    [request] = site.received
    assert request.headers["Host"] == f"{HOST}:{site.port}"
    assert request.headers["Accept-Encoding"] == "identity"
    assert "Cookie" not in request.headers


@pytest.mark.parametrize("address", [*BADLY_WRITTEN, *NOT_PUBLIC])
def test_nothing_but_the_public_internet_is_asked(address: str):
    assert code_of(address, guard=PUBLIC) in CODES
    with pytest.raises(OutboundError) as caught:
        post(address, b"{}", {}, AMPLE, PUBLIC)
    assert caught.value.code in CODES


def test_the_drill_is_as_long_as_it_should_be():
    assert len({*BADLY_WRITTEN, *NOT_PUBLIC}) >= 60


def test_nor_when_a_public_server_leads_there(site):
    """Two steps away, where all that is relative is the site's own."""
    guard = Guard(
        misbehaving_server.here, misbehaving_server.may_be_reached, {site.port, *urls.PORTS}
    )
    codes = {}
    for address in [*BADLY_WRITTEN, *NOT_PUBLIC]:
        site.plays["/away"] = [leads_to(site.url("/further"))]
        site.plays["/further"] = [leads_to(address, 307)]
        codes[address] = code_of(site.url("/away"), guard=guard)
    relative = {address for address, code in codes.items() if code not in CODES}
    assert relative <= {"/etc/passwd", "http:127.0.0.1", "http:///etc/passwd", "http://"}


def test_one_private_address_among_public_ones_is_enough(site):
    guard = Guard(lambda _: ["8.8.8.8", "10.0.0.1"], is_public, None)
    assert code_of(site.url(), guard=guard) == "address_not_public"
    assert site.received == []


def test_a_name_that_changes_its_meaning_is_looked_up_once(site):
    """The second look-up would lead to a private address; there is none."""
    answers = iter([[ADDRESS], ["10.0.0.1"]])
    looked_up: list[str] = []

    def rebinding(host: str) -> list[str]:
        looked_up.append(host)
        return next(answers)

    site.plays["/"] = [sends(b"picture")]
    guard = Guard(rebinding, misbehaving_server.may_be_reached, None)
    assert fetched(site.url(), guard=guard) == b"picture"
    assert looked_up == [HOST]
    assert code_of(site.url(), guard=guard) == "address_not_public"


def test_redirects_are_followed_but_not_for_ever(site):
    site.plays |= {"/a": [leads_to("b", 301)], "/b": [leads_to(site.url("/c"), 308)]}
    site.plays |= {"/c": [sends(b"picture")], "/round": [leads_to("/round")]}
    assert fetched(site.url("/a")) == b"picture"
    assert code_of(site.url("/round")) == "too_many_redirects"
    assert site.paths().count("/round") == 6


def test_what_is_posted_follows_nothing(site):
    site.plays["/"] = [leads_to(site.url("/elsewhere"))]
    answer = post(site.url(), b'{"a": 1}', {"webhook-id": "1"}, AMPLE, THIS_MACHINE)
    assert answer.status == 302
    [request] = site.received
    assert request.body == b'{"a": 1}'
    assert request.headers["webhook-id"] == "1"


def test_of_an_answer_to_what_is_posted_the_beginning_is_kept(site):
    site.plays["/"] = [misbehaving_server.flood]
    answer = post(site.url(), b"", {}, Bounds(size=100, seconds=60), THIS_MACHINE)
    assert answer.body == b"x" * 100


@pytest.mark.parametrize(
    ("play", "code"),
    [
        (says(404), "http_status"),
        (says(500), "http_status"),
        (says(206, b"part", Content_Type="image/png"), "http_status"),
        (says(302), "http_status"),
        (leads_to("http://[/"), "bad_address"),
        (sends(b"<p>Sign in</p>", "text/html; charset=utf-8"), "answer_not_picture"),
        (misbehaving_server.hang_up, "host_unreachable"),
        (misbehaving_server.cut_off, "host_unreachable"),
        (misbehaving_server.flood, "answer_too_large"),
        (sends(b"x" * (2 << 20)), "answer_too_large"),
    ],
)
def test_an_answer_that_will_not_do(site, play, code: str):
    site.plays["/"] = [play]
    assert code_of(site.url()) == code


@pytest.mark.parametrize(
    "play",
    [misbehaving_server.drip_head, misbehaving_server.drip_body, misbehaving_server.say_nothing],
)
def test_a_slow_answer_has_its_end(site, play):
    site.plays["/"] = [play]
    assert code_of(site.url(), SHORT) == "answer_too_slow"


def test_a_look_up_has_its_end_too(site):
    guard = Guard(lambda _: [str(site.over.wait())], is_public, None)
    assert code_of(site.url(), SHORT, guard) == "answer_too_slow"


def test_what_is_packed_is_never_unpacked(site):
    bomb = gzip.compress(b"\0" * (50 << 20))
    site.plays["/"] = [says(200, bomb, Content_Type="image/png", Content_Encoding="gzip")]
    assert code_of(site.url()) == "answer_not_picture"


def test_busy_and_faulty_servers_may_be_asked_again_others_not(site):
    for status, permanent in {429: False, 503: False, 403: True, 410: True}.items():
        site.plays["/"] = [says(status)]
        with pytest.raises(OutboundError) as caught:
            fetched(site.url())
        assert caught.value.permanent is permanent


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("Fri, 99 Dec", None),
    ],
)
def test_a_busy_server_says_when_to_come_again(site, said: str, seconds: float | None):
    site.plays["/"] = [says(503, Retry_After=said)]
    with pytest.raises(OutboundError) as caught:
        fetched(site.url())
    assert caught.value.retry_after == seconds


def test_a_moment_to_come_again_is_as_good_as_seconds(site):
    moment = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    site.plays["/"] = [says(429, Retry_After=moment)]
    with pytest.raises(OutboundError) as caught:
        fetched(site.url())
    assert 3000 < (caught.value.retry_after or 0) <= 3600


def test_a_host_that_nobody_has():
    guard = Guard(lambda _: [], is_public, None)
    assert code_of("http://nobody.example/", guard=guard) == "host_unknown"


def test_a_port_where_nobody_listens(site):
    other = Site()
    with other:
        address = other.url()
    assert code_of(address) == "host_unreachable"


def test_the_environment_knows_no_way_around(site, monkeypatch):
    """A proxy would look names up for itself."""
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    site.plays["/"] = [sends(b"picture")]
    assert fetched(site.url()) == b"picture"


@pytest.mark.parametrize("address", [*BADLY_WRITTEN, *NOT_PUBLIC, "http://nas.local/"])
def test_an_address_that_will_never_be_asked_is_known_before_it_is(address: str):
    with pytest.raises(OutboundError) as caught:
        check(address)
    assert caught.value.code in CODES


@pytest.mark.parametrize("address", ["https://hooks.example/a?b=c", "http://8.8.8.8:8080/"])
def test_any_other_address_is_looked_at_when_it_is_asked(address: str):
    check(address)


@pytest.mark.parametrize("play", [misbehaving_server.cut_off, misbehaving_server.drip_body])
def test_a_status_that_was_said_counts_whatever_becomes_of_the_rest(site, play):
    site.plays["/"] = [play]
    assert post(site.url(), b"", {}, SHORT, THIS_MACHINE).status == 200
