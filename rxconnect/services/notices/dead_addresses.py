"""Dead addresses: those that emails come back from. Optional notices to them stop until somebody reads there again.

What must be sent, and the links of accounts, are still tried: each once, and again only after a temporary failure. So somebody
whose mailbox works again can ask for a link, and opening it takes the address off this list.
"""

from __future__ import annotations

import re

from sqlmodel import Session

from rxconnect import db
from rxconnect.models import DeadAddress

# RFC 3463. Not in here, since the address may be right: a full mailbox (5.2.2), a message that is too long (5.3.4), and
# everything about us, such as a block of our server (5.7).
_SAYS_DEAD = re.compile(r"5\.(1\.(0|1|2|3|6|10)|2\.1|4\.4)")
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# Replies to RCPT TO without an enhanced code, of RFC 5321: no such mailbox, not here, not a name of a mailbox.
_CODES = (550, 551, 553)
# Many servers also say 550 without an enhanced code when they refuse us, and not the address.
_ABOUT_US = re.compile(r"block|spam|junk|\brbl|blacklist|reputation|policy|denied|banned", re.IGNORECASE)


def is_dead(session: Session, email: str) -> bool:
    """Whether emails to the address come back."""
    return session.get(DeadAddress, email) is not None


def record(session: Session, email: str, reason: str) -> None:
    """Record that an email came back from the address, with the other server's words."""
    db.add_once(session, DeadAddress(email=email, reason=reason[:300]))


def revive(session: Session, email: str) -> None:
    """Send to the address again, since somebody has opened a link that was sent there."""
    if found := session.get(DeadAddress, email):
        session.delete(found)


def status_says_dead(status: str) -> bool:
    """Whether an enhanced status code, such as `5.1.1`, says that the address takes no emails for good."""
    return _SAYS_DEAD.fullmatch(status) is not None


def reply_says_dead(code: int, text: str) -> bool:
    """Whether a server's reply to a recipient says that the address takes no emails for good."""
    found = _ENHANCED.search(text)
    return status_says_dead(found[0]) if found else code in _CODES and not _ABOUT_US.search(text)
