import pytest

from converter.core.outbound import urls
from converter.core.outbound.errors import OutboundError
from tests.support.private_addresses import BADLY_WRITTEN


@pytest.mark.parametrize(
    "address",
    [
        "http://pictures.example/a.png",
        "https://pictures.example:8443/a%20b.png?size=1&x=y#there",
        "HTTPS://Pictures.Example./a",
        "https://a_b.pictures.example/ä.png",
        "http://8.8.8.8/",
        "http://[2606:4700::1111]/",
        "http://1.example/",
    ],
)
def test_a_plain_address_will_do(address: str):
    assert urls.parse(address).host


def test_a_name_in_any_script_is_looked_up_in_ascii():
    assert urls.host_of(urls.parse("http://münchen.example/")) == "xn--mnchen-3ya.example"


@pytest.mark.parametrize("address", BADLY_WRITTEN)
def test_an_odd_address_is_refused_before_anything_is_looked_up(address: str):
    with pytest.raises(OutboundError) as caught:
        urls.parse(address)
    assert caught.value.code in {"bad_address", "port_refused"}
    assert caught.value.permanent


def test_an_address_has_an_end():
    with pytest.raises(OutboundError, match="too long"):
        urls.parse("http://pictures.example/" + "a" * 2000)
