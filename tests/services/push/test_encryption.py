"""Encryption of pushes: the example of RFC 8291, and what other implementations read and verify."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPusher

from rxconnect.services.push import encryption
from rxconnect.services.push.encryption import authorization, encrypt, is_point, public_bytes, to_bytes, to_text
from tests.push_receiver import Browser

# RFC 8291, appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
AS_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
UA_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
ENCRYPTED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95"
    "bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard_comes_out_to_the_byte():
    key = ec.derive_private_key(int.from_bytes(to_bytes(AS_PRIVATE), "big"), ec.SECP256R1())
    made = encrypt(PLAIN, to_bytes(UA_PUBLIC), to_bytes(AUTH), key=key, salt=to_bytes(SALT), padded_to=0)
    assert to_text(made) == ENCRYPTED


def test_another_implementation_reads_it_and_its_length_says_nothing():
    browser = Browser("https://localhost/1")
    point, auth = to_bytes(browser.keys["p256dh"]), browser.auth
    short, long = (
        encrypt(json.dumps({"body": text}).encode(), point, auth) for text in ("x", "Marcus wrote to you" * 9)
    )
    assert (browser.read(short), browser.read(long)) == ({"body": "x"}, {"body": "Marcus wrote to you" * 9})
    assert len(short) == len(long) < 4096
    assert encrypt(b"x", point, auth) != encrypt(b"x", point, auth)


def test_pywebpush_and_we_write_what_the_same_browser_reads():
    browser = Browser("https://localhost/1")
    theirs = WebPusher({"endpoint": browser.endpoint, "keys": browser.keys}).encode(b'{"body": "x"}', "aes128gcm")[
        "body"
    ]
    ours = encrypt(b'{"body": "x"}', to_bytes(browser.keys["p256dh"]), browser.auth)
    assert browser.read(theirs) == browser.read(ours)


def test_another_implementation_verifies_our_signature():
    key = ec.generate_private_key(ec.SECP256R1())
    header = authorization(key, {"aud": "https://push.example", "exp": 4_000_000_000, "sub": "mailto:a@example.org"})
    assert Vapid02.verify(auth=header)
    assert header.endswith(f"k={to_text(public_bytes(key))}")
    other = authorization(ec.generate_private_key(ec.SECP256R1()), {"aud": "https://push.example"})
    mixed = header.partition(",k=")[0] + ",k=" + other.partition(",k=")[2]
    assert not Vapid02.verify(auth=mixed)


@pytest.mark.parametrize("raw", [b"", b"\x04" * 65, b"\x04" + b"\0" * 64, b"\x02" + b"\x01" * 32, b"x" * 1000])
def test_what_is_no_point_of_the_curve_is_refused(raw):
    assert not is_point(raw)
    assert encryption.PADDED_TO < 3993
