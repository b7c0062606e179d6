"""Addresses: parts and queries filled in, and what stands in a query cannot break out of it."""

from rxconnect import routes


def test_a_part_that_varies_is_filled_in():
    assert routes.fill(routes.SEND, 7) == "/compose/7/send"
    assert routes.fill(routes.RECEIPT_PDF, "RX-1") == "/receipts/RX-1.pdf"


def test_a_query_is_escaped():
    address = routes.with_query(routes.SIGN_IN, next="/find/inmate?a=1&b=#ü", done="ended")
    assert address == "/sign-in?next=/find/inmate%3Fa%3D1%26b%3D%23%C3%BC&done=ended"


def test_a_name_that_python_keeps_for_itself_is_written_with_an_underscore():
    assert routes.with_query(routes.PROFILE, for_="credits") == "/profile?for=credits"


def test_starlette_gets_a_route_in_its_own_spelling():
    assert routes.starlette_pattern(routes.KEEP_DRAFT) == "/drafts/{draft_id}/keep"
