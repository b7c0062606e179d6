"""PINs and codes: which PINs are refused, and how codes are read."""

import pytest

from rxconnect.domain.kiosk import new_code, new_pin, pin_problem, plain_code
from rxconnect.domain.problems import Problem

NUMBER = "20418873"


@pytest.mark.parametrize("pin", ["2468", "739182", "90210", "13579246"])
def test_good_pins_are_taken(pin):
    assert pin_problem(pin, NUMBER) is None


@pytest.mark.parametrize("pin", ["0000", "1234", "4321", "7890", "98765", "1212", "6666666", "3939"])
def test_pins_that_people_try_first_are_refused(pin):
    assert pin_problem(pin, NUMBER).problem is Problem.PIN_IS_COMMON


@pytest.mark.parametrize("pin", ["8873", "418873", "20418873", "2041"])
def test_a_part_of_the_own_number_is_refused(pin):
    assert pin_problem(pin, NUMBER).problem is Problem.PIN_IS_THE_NUMBER


@pytest.mark.parametrize("pin", ["1", "123", "739182736", "12a4", "１２３９", " 7391", "73 91"])
def test_what_is_no_pin_is_refused(pin):
    assert pin_problem(pin, NUMBER).problem is Problem.PIN_UNREADABLE


def test_the_pins_of_staff_are_good_and_differ():
    given = {new_pin(NUMBER) for _ in range(50)}
    assert len(given) > 40
    assert all(pin_problem(pin, NUMBER) is None for pin in given)


def test_a_code_is_read_however_it_is_typed():
    code = new_code()
    assert len(plain_code(code)) == 12
    assert plain_code(f" {code.lower().replace('-', ' ')} ") == plain_code(code)
