"""Network addresses as tries are counted by them: one household is one, however its address is written."""

import pytest

from rxconnect.domain.addresses import caller_address


def seen(peer, forwarded="", *, has_proxy=False):
    return caller_address(peer, forwarded, has_proxy=has_proxy)


@pytest.mark.parametrize(
    "spelling",
    [
        "203.0.113.9",
        "::ffff:203.0.113.9",
        "::FFFF:CB00:7109",
        "0:0:0:0:0:ffff:cb00:7109",
        "64:ff9b::203.0.113.9",
        "64:ff9b::cb00:7109",
        "2002:cb00:7109::1",
        "2002:cb00:7109:ffff::",
        "2001:0:4136:e378:8000:63bf:34ff:8ef6",
    ],
)
def test_an_ipv4_address_is_one_however_it_is_written(spelling):
    assert seen(spelling) == "203.0.113.9"


def test_two_ipv4_addresses_stay_two_however_they_are_written():
    assert seen("::ffff:203.0.113.9") != seen("::ffff:203.0.113.10")


def test_of_ipv6_the_first_64_bits_count():
    assert seen("2001:db8:1:2:3:4:5:6") == seen("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert seen("2001:db8:1:3::9") != seen("2001:db8:1:2::9")


def test_our_proxy_is_believed_however_its_address_is_written_and_nobody_else_is():
    assert seen("::ffff:10.0.0.1", "203.0.113.9", has_proxy=True) == "203.0.113.9"
    assert seen("::ffff:10.0.0.1", "::ffff:203.0.113.9", has_proxy=True) == "203.0.113.9"
    assert seen("::ffff:8.8.8.8", "203.0.113.9", has_proxy=True) == "8.8.8.8"
    assert seen("10.0.0.1", "203.0.113.9") == "10.0.0.1"


@pytest.mark.parametrize("address", ["", "nonsense", "1.2.3", "é", "::ffff:1.2.3.4%eth0"])
def test_what_is_no_address_is_taken_as_it_is(address):
    assert seen(address) in (address, "1.2.3.4")
