"""The Terms and Conditions that a sender accepts before every SEND, in plain words.

Each message stores the `VERSION` that it was sent under. Whenever a word changes here, the version must change too:
`tests/unit/test_terms.py` compares a hash of the text.
"""

from __future__ import annotations

from rxconnect.domain.text import unwrap

VERSION = "2026-11"

_WRITTEN = [
    (
        "What this service is",
        """
        RxConnect carries written messages between you and a person in custody. You write here. Staff at the
        facility read your message. If they approve it, the person can read it on a tablet or a kiosk.

        RxConnect is not part of the jail or prison. The facility sets its own rules and decides which messages it
        lets through.
        """,
    ),
    (
        "Not for emergencies",
        """
        Please do not use a message for anything urgent. It may take hours or days to be read.

        If someone is in danger now, call 911. If you are worried about the health or safety of a person in custody,
        call the facility. If you or someone you love is thinking about suicide, call or text 988 at any time.
        """,
    ),
    (
        "Staff read every message",
        """
        Staff at the facility may read, copy and keep every message, in both directions. They may share it with the
        police or a court when the law allows it. Please write only what you are willing to let them read.
        """,
    ),
    (
        "Messages to and from a lawyer",
        """
        Ordinary messages are not private between a lawyer and a client. Do not write about legal advice or the
        facts of a case here.

        If a facility offers a private lane for lawyers, the compose page says so, and you must choose it. If it
        does not, use legal mail or a legal visit.
        """,
    ),
    (
        "What is not allowed",
        """
        Your message may not threaten or harass anyone. It may not be sexually explicit, help with a crime or an
        escape, or describe the security of the facility. It may not use codes, pass on other people's addresses or
        phone numbers, or carry a message for someone else in custody.

        Each facility may add rules of its own. You see them while you write. If a court order says that you may not
        contact someone, you may not use RxConnect to do it.
        """,
    ),
    (
        "What credits cost, and what happens to them",
        """
        A credit is bought for one facility, at the price shown there. That price is all you pay. There are no other
        fees.

        When you press SEND, the credits for that message are set aside. They are spent only when the message is
        delivered. If it is rejected, if you take it back in time, or if it cannot be delivered, the credits go back
        to you at once.

        Credits do not expire.
        """,
    ),
    (
        "When a message is not delivered",
        """
        If staff do not let a message through, you see which rule it was, what they noted, and when. You can write
        again in other words.

        You can take a message back until staff have decided about it.
        """,
    ),
    (
        "Your account",
        """
        You must be at least 18 years old. Use your own name, and tell us the truth about who you are. Keep your
        password to yourself. You are responsible for what is sent from your account.

        We may close an account that breaks these terms. Credits that you have not used are then paid back to you.
        """,
    ),
    (
        "Your privacy, and what is kept",
        """
        We keep your name and email address, your contacts, your messages and what happened to each one, your
        receipts, and which version of these terms you accepted and when. We never keep a card number or its CVV.
        The card processor does that for us.

        We do not sell what we know about you, and we do not show advertising. Messages are kept so that you can
        read them for years. The facility may keep copies under its own rules.
        """,
    ),
    (
        "Changes to these terms",
        """
        When these terms change, they get a new version, and you are asked to accept it before your next message.
        Messages you sent before stay under the terms you accepted then.
        """,
    ),
]

# Heading and text. A blank line in a text begins a new paragraph.
SECTIONS: list[tuple[str, str]] = [(heading, unwrap(text)) for heading, text in _WRITTEN]
