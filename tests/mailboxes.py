"""A real mail server in the test's process, and what it received."""

from __future__ import annotations

import email
import socket
from email import policy

import pytest
from aiosmtpd.controller import Controller


class Mailbox:
    """What a mail server received; it refuses while `answer` is not 250, and recipients whom `refuses` names."""

    def __init__(self, **refuses):
        self.received, self.answer, self.refuses = [], "250 OK", refuses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if said := self.refuses.get(address.partition("@")[0]):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answer.startswith("250"):
            self.received.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return self.answer


@pytest.fixture
def serve(database, setting):
    """`serve(mailbox)` starts a mail server and points the settings at it."""
    servers = []

    def start(mailbox, *, user="", **options):
        server = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
        server.start()
        servers.append(server)
        setting(smtp_url=f"smtp://{user}127.0.0.1:{server.port}")
        return server

    yield start
    for server in servers:
        server.stop(no_assert=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def text_of(message):
    """The plain text of an email."""
    return message.get_body(("plain",)).get_content()


def html_of(message):
    """The HTML of an email."""
    return message.get_body(("html",)).get_content()
