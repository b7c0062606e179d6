"""Every public method of a State is an endpoint that anyone may call with anything: each of ours says who may."""

import importlib
import pkgutil
from typing import Any

from reflex_base.registry import RegistrationContext

import rxconnect.state
from rxconnect.domain.accounts import ActorKind

# Nobody signs in as the system, so no handler is for it.
GUARDS = {"public", "seat", *ActorKind} - {ActorKind.SYSTEM}

for _module in pkgutil.walk_packages(rxconnect.state.__path__, "rxconnect.state."):
    importlib.import_module(_module.name)

HANDLERS = {
    name: registered.handler.fn
    for name, registered in RegistrationContext.get().event_handlers.items()
    if registered.handler.fn.__module__.startswith("rxconnect.")
}
STATES = [
    state for state in RegistrationContext.get().base_states.values() if state.__module__.startswith("rxconnect.")
]


def test_each_handler_declares_who_may_call_it():
    assert [name for name, fn in HANDLERS.items() if getattr(fn, "__guard__", None) not in GUARDS] == []


def test_the_handlers_of_every_screen_were_looked_at():
    assert len(HANDLERS) > 20
    assert len(STATES) > 10


def test_no_handler_is_named_like_a_setter():
    # The framework's own `setvar`, which is on every State, calls whatever is named so.
    assert not [name for name in HANDLERS if name.rpartition(".")[2].startswith("set_")]


def test_no_handler_takes_text_that_was_not_parsed():
    arguments = [(name, annotation) for name, fn in HANDLERS.items() for annotation in fn.__annotations__.values()]
    assert not [name for name, annotation in arguments if annotation in (str, dict, dict[str, str], Any)]


def test_no_state_has_a_place_for_a_cards_number_or_cvv():
    names = [f"{state.__name__}.{var}" for state in STATES for var in state.get_fields()]
    names += [f"{name}({argument})" for name, fn in HANDLERS.items() for argument in fn.__annotations__]
    assert not [name for name in names if _is_of_a_card(name)]


def _is_of_a_card(name: str) -> bool:
    words = set(name.lower().replace(".", "_").replace("(", "_").strip(")").split("_"))
    return bool(words & {"cvv", "cvc", "pan"} and "token" not in words) or {"card", "number"} <= words
