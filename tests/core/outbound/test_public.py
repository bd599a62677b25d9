import pytest

from converter.core.outbound.public import is_public


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::8"],
)
def test_a_machine_of_the_internet_is_public(address: str):
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "pictures.example", "1.1.1", "1.1.1.1/32", "2606::1%2"])
def test_what_is_no_number_of_a_machine_is_not(address: str):
    assert not is_public(address)
