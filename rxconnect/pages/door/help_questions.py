"""The questions of the help, each a page. The figures in them come from the rules that the code follows, in `facts`.

A blank line in a text begins a new paragraph. Prices are not here: the server fills them in (`api/help_pages.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect import routes
from rxconnect.domain.accounts import PASSWORD_MIN
from rxconnect.domain.appeals import APPEAL_WITHIN
from rxconnect.domain.letter_exports import MOST_IN_PDF
from rxconnect.domain.messages import ANSWER_COST
from rxconnect.domain.money import credits
from rxconnect.domain.removals import SHOWN_FOR
from rxconnect.i18n import N_


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its answer, and links to where one can do it (label, address), which come after the answer."""

    route: str
    title: str
    text: str
    links: tuple[tuple[str, str], ...] = ()


_FACILITIES = (N_("Look up a facility"), routes.FACILITIES)
_SIGN_UP = (N_("Create an account"), routes.SIGN_UP)
_CREDITS = (N_("Your credits"), routes.CREDITS)
_INBOX = (N_("Your messages"), routes.INBOX)
_PROFILE = (N_("Your profile"), routes.ACCOUNT)

BEFORE = (
    Question(
        routes.HELP_COST,
        N_("What does it cost?"),
        N_("""
        Creating an account is free, and so is looking for a person and writing a draft. You pay with message credits, and you
        buy them for one facility, because each facility sets its own price. There are no fees on top, and credits never
        expire.

        Most letters cost {one_credit}. A long one costs more, and so may a photo. The page of your facility says how many
        characters a credit covers. Before you send, you see exactly what the letter costs.

        When you press Send, the credits are set aside. They are spent only when the letter is delivered. If it is not
        delivered, they come back to you at once.
        """),
        (_FACILITIES, _SIGN_UP),
    ),
    Question(
        routes.HELP_FIRST_LETTER,
        N_("How do I write my first letter?"),
        N_("""
        Create an account, and press Get started. You choose the facility, find the person by name or number, and buy
        credits. Then you write, read the letter once more, and press Send.

        You can stop at any step. What you typed is saved, and you go on where you left off, also on another device.
        """),
        (_SIGN_UP,),
    ),
    Question(
        routes.HELP_FIND,
        N_("How do I find a person?"),
        N_("""
        You need a name or an inmate number. You need not spell the name exactly: we also look for names that sound alike,
        nicknames, and first and last names that were swapped.

        You do not know where they are? Search everywhere instead of at one facility. We find people on the lists that
        facilities gave us. If somebody was booked today, they may not be on a list yet.
        """),
    ),
    Question(
        routes.HELP_WHO_READS,
        N_("Who reads my letters?"),
        N_("""
        Staff at the facility may read every letter, in both directions, and decide whether it is let through. Each time
        somebody opens your letter is counted, and the page of the letter shows you how often.

        A lawyer whom the facility has verified writes privileged letters, which staff cannot read here. Only two
        administrators together may open one, with a reason, and the lawyer is told then. Please do not write about a case
        in any other letter.
        """),
        ((N_("Terms and Conditions"), routes.TERMS),),
    ),
)

LETTERS = (
    Question(
        routes.HELP_TIME,
        N_("How long does a letter take?"),
        N_("""
        Staff read every letter first, so it takes hours or days. The page of each facility says how long it usually took
        there lately, measured from real letters. You see the same while you write.

        The page of a letter shows every step with its time: sent, in review, approved, delivered. We write you an email when
        something needs your attention, and you choose which emails you want.
        """),
        (_FACILITIES,),
    ),
    Question(
        routes.HELP_NOT_DELIVERED,
        N_("My letter was not delivered. What can I do?"),
        N_("""
        Open the letter. It says which rule staff applied, what they noted, and when. Its credits are back with you already.

        You can press “Edit and send again”. If you think that the decision was wrong, you can appeal once within {appeal_days}
        days. Somebody who did not make the decision then reads the letter again. If they let it through, it costs you
        nothing.
        """),
        (_INBOX,),
    ),
    Question(
        routes.HELP_TAKE_BACK,
        N_("Can I take a letter back?"),
        N_("""
        Yes, until staff have decided about it. Open the letter and press Withdraw. Its credits come back at once. If that was
        a mistake, press Undo. It stays for {undo_seconds} seconds, and for up to a minute while you are on it.
        """),
        (_INBOX,),
    ),
    Question(
        routes.HELP_ANSWERS,
        N_("How does an answer reach me?"),
        N_("""
        An answer comes into your inbox here, and we write you an email that says so. The email has no word of the letter.

        Where people read on kiosks, you may pay for the answer when you send your letter: it costs {answer_cost}. That credit
        comes back to you if no answer comes in time. Where letters are on paper, staff enter the answer, and it costs you
        nothing.
        """),
        (_INBOX,),
    ),
    Question(
        routes.HELP_KEEP,
        N_("How do I print or keep my letters?"),
        N_("""
        Open a letter or a conversation. Below it are buttons to print it and to save it as a PDF, without any menus. A PDF of
        a conversation has the newest {most_in_pdf} letters.

        The archive of a conversation has all letters and photos, and a list that programs can read. It is yours, and you can
        take it at any time, also when a contact was removed.
        """),
        (_INBOX,),
    ),
)

PEOPLE = (
    Question(
        routes.HELP_MOVED,
        N_("My person was moved, released, or is not on the list. What happens?"),
        N_("""
        Your letters stay here, whatever happens.

        Moved: you can write to the new facility if it takes letters through RxConnect. The value of your credits follows by
        itself, unless you also write to somebody else at the old one. A letter that was not delivered yet follows too, or
        its credits come back. That depends on the rule of the facility.

        Released: what you paid for unused credits goes back to your card by itself, unless you also write to somebody else
        there.

        Not on the list: that alone means little, because lists have gaps. You can still write. Only when somebody is missing
        from several lists for some days do they count as released.
        """),
        ((N_("Your contacts"), routes.CONTACTS),),
    ),
    Question(
        routes.HELP_REFUND,
        N_("Can I get my money back?"),
        N_("""
        Yes. Open Credits and press Refund beside the facility. Unused credits go back to the card that paid for them, at the
        price that you paid. You need not give a reason.

        Credits of a letter that waits are set aside. If it is not delivered, or if you take it back, they come back to you,
        and then you can have them refunded, too.
        """),
        (_CREDITS,),
    ),
)

ACCOUNT = (
    Question(
        routes.HELP_ACCOUNT,
        N_("How do I change my email address or password?"),
        N_("""
        Both are in your profile. A new email address needs your password, and both addresses must confirm it by a link. Until
        then you sign in as before.

        A new password has at least {password_min} characters. When you save it, every other device is signed out. Forgotten
        it? Ask for a link on the page to sign in.
        """),
        (_PROFILE, (N_("Forgotten password"), routes.FORGOT_PASSWORD)),
    ),
    Question(
        routes.HELP_PHONE,
        N_("Can I put RxConnect on my phone?"),
        N_("""
        Yes, and there is nothing to download from a store.

        On an iPhone or iPad, open RxConnect in Safari, tap the Share button, and choose “Add to Home Screen”.

        On an Android phone, open the menu of your browser and choose “Install app” or “Add to Home screen”.

        RxConnect then opens from its own picture, without the bars of the browser.
        """),
    ),
    Question(
        routes.HELP_CLOSE,
        N_("How do I close my account?"),
        N_("""
        Open your profile and choose Close account. What you paid for unused credits goes back to your cards, and your stored
        cards are removed. Your letters and receipts stay, for the day when you want them.
        """),
        (_PROFILE,),
    ),
)

GROUPS = (
    (N_("Before you begin"), BEFORE),
    (N_("Letters and answers"), LETTERS),
    (N_("People and money"), PEOPLE),
    (N_("Your account"), ACCOUNT),
)
QUESTIONS = tuple(question for _heading, questions in GROUPS for question in questions)


def facts() -> dict[str, object]:
    """The figures that the answers name."""
    return {
        "one_credit": credits(1),
        "answer_cost": credits(ANSWER_COST),
        "appeal_days": APPEAL_WITHIN.days,
        "undo_seconds": int(SHOWN_FOR.total_seconds()),
        "password_min": PASSWORD_MIN,
        "most_in_pdf": MOST_IN_PDF,
    }
