"""What it costs, read before any script has loaded and before anybody has signed up."""

from rxconnect import routes
from tests.api.html import Reader


def test_the_prices_of_now_stand_on_the_page(visitor, facility):
    facility(price_cents=25)
    facility(price_cents=40)
    answer = visitor().get(routes.HELP_COST)
    assert answer.status_code == 200
    assert "from 25\u00a0¢ to 40\u00a0¢" in Reader(answer.text).texts["help-prices"]


def test_without_an_open_facility_nothing_is_said_of_prices(visitor, database):
    answer = visitor().get(routes.HELP_COST)
    assert answer.status_code == 200
    assert "help-prices" not in Reader(answer.text).texts
