"""The help: a page for each question, with every figure from the code."""

import re

import pytest

from rxconnect import routes
from rxconnect.domain.text import unwrap
from rxconnect.pages.door.help import help_index, help_question
from rxconnect.pages.door.help_questions import QUESTIONS, facts

ADDRESSES = {value for name, value in vars(routes).items() if name.isupper()}


def test_every_address_of_the_help_is_a_question_with_a_page():
    of_help = {address for address in ADDRESSES if address.startswith(f"{routes.HELP}/")}
    assert {question.route for question in QUESTIONS} == of_help
    assert len(QUESTIONS) == len(of_help)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.route)
def test_a_question_is_answered_with_figures_that_are_not_typed_here(question):
    assert not re.search(r"\d|[$¢%]", question.text), "take the figure from the code"
    assert "{" not in unwrap(question.text).format(**facts())
    assert {address for _label, address in question.links} <= ADDRESSES
    rendered = str(help_question(question).render())
    assert question.title in rendered
    assert ("help-prices" in rendered) == (question.route == routes.HELP_COST)


def test_the_index_leads_to_every_question():
    rendered = str(help_index().render())
    assert all(question.route in rendered for question in QUESTIONS)
