"""The Terms and Conditions that a sender accepts before every SEND, in plain words.

Each message stores the `VERSION` that it was sent under. Whenever a word changes here, the version must change too:
`tests/unit/test_terms.py` compares a hash of the text.
"""

from __future__ import annotations

from rxconnect.domain.text import unwrap
from rxconnect.i18n import N_, _

VERSION = "2026-12-2"

_WRITTEN = [
    (
        N_("What this service is"),
        N_("""
        RxConnect carries written messages between you and a person in custody. You write here. Staff at the
        facility read your message. If they approve it, the person can read it on a tablet or a kiosk.

        RxConnect is not part of the jail or prison. The facility sets its own rules and decides which messages it
        lets through.
        """),
    ),
    (
        N_("Not for emergencies"),
        N_("""
        Please do not use a message for anything urgent. It may take hours or days to be read.

        If someone is in danger now, call 911. If you are worried about the health or safety of a person in custody,
        call the facility. If you or someone you love is thinking about suicide, call or text 988 at any time.
        """),
    ),
    (
        N_("Staff read every message"),
        N_("""
        Staff at the facility may read, copy and keep every message, in both directions. Only letters with a verified
        lawyer are kept from them. They may share what they keep with the police or a court when the law allows it.
        Please write only what you are willing to let them read.
        """),
    ),
    (
        N_("Messages to and from a lawyer"),
        N_("""
        Ordinary messages are not private between a lawyer and a client. Do not write about legal advice or the
        facts of a case here.

        A facility may verify a lawyer. Then the page on which the lawyer writes says that the letter is privileged,
        and staff cannot read it here. It is printed and handed over sealed. Two administrators may open a letter
        together, with a reason; the lawyer is told then. Where the page does not say so, use legal mail or a legal
        visit.
        """),
    ),
    (
        N_("What is not allowed"),
        N_("""
        Your message may not threaten or harass anyone. It may not be sexually explicit, help with a crime or an
        escape, or describe the security of the facility. It may not use codes, pass on other people's addresses or
        phone numbers, or carry a message for someone else in custody.

        Each facility may add rules of its own. You see them while you write. If a court order says that you may not
        contact someone, you may not use RxConnect to do it.
        """),
    ),
    (
        N_("What credits cost, and what happens to them"),
        N_("""
        A credit is bought for one facility, at the price shown there. That price is all you pay. There are no other
        fees.

        When you press SEND, the credits for that message are set aside. They are spent only when the message is
        delivered. If it is rejected, if you take it back in time, or if it cannot be delivered, the credits go back
        to you at once.

        You may pay for the answer too, where people read on kiosks. That credit is set aside with your message, and
        the first answer uses it. It goes back to you if no answer comes within the time that the page of your message
        names, or if your message is not delivered.

        Credits do not expire.
        """),
    ),
    (
        N_("When a message is not delivered"),
        N_("""
        If staff do not let a message through, you see which rule it was, what they noted, and when. You can write
        again in other words.

        You can take a message back until staff have decided about it.
        """),
    ),
    (
        N_("Your account"),
        N_("""
        You must be at least 18 years old. Use your own name, and tell us the truth about who you are. Keep your
        password to yourself. You are responsible for what is sent from your account.

        We may close an account that breaks these terms. Credits that you have not used are then paid back to you.
        """),
    ),
    (
        N_("Your privacy, and what is kept"),
        N_("""
        We keep your name and email address, your contacts, your messages and what happened to each one, your
        receipts, and which version of these terms you accepted and when. We never keep a card number or its CVV.
        The card processor does that for us.

        We do not sell what we know about you, and we do not show advertising. Messages are kept so that you can
        read them for years. The facility may keep copies under its own rules.
        """),
    ),
    (
        N_("Changes to these terms"),
        N_("""
        When these terms change, they get a new version, and you are asked to accept it before your next message.
        Messages you sent before stay under the terms you accepted then.
        """),
    ),
]


def sections() -> list[tuple[str, str]]:
    """Heading and text. A blank line in a text begins a new paragraph."""
    return [(_(heading), unwrap(_(text))) for heading, text in _WRITTEN]
