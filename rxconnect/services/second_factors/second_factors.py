"""An account's second factors: what it has, and how one is removed."""

from __future__ import annotations

from sqlmodel import Session, col, delete, select

from rxconnect import routes
from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import LastSecondFactor, NotFound
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.second_factors import FactorsView, PasskeyView
from rxconnect.i18n import N_, _
from rxconnect.models import Account, CodeApp, Passkey, RecoveryCode
from rxconnect.services.accounts import sign_ins
from rxconnect.services.audit.recording import record_for_account
from rxconnect.services.notices.notices import notify
from rxconnect.services.second_factors import factor_emails, recovery_codes


def my_factors(session: Session, actor: Actor) -> FactorsView:
    """The actor's passkeys, oldest first, app and recovery codes."""
    account = session.get_one(Account, actor.account_id)
    rows = session.exec(select(Passkey).where(Passkey.account_id == actor.account_id).order_by(col(Passkey.id))).all()
    app = session.get(CodeApp, actor.account_id)
    return FactorsView(
        passkeys=[_passkey(row) for row in rows],
        app_added=dates.ago(app.created_at) if app else "",
        app_used=dates.ago(app.used_at) if app and app.used_at else "",
        codes_left=recovery_codes.left(session, actor.account_id),
        is_needed=sign_ins.needs_second_factor(account),
    )


def has_any(session: Session, account_id: int) -> bool:
    """Whether the account has a passkey or an app. Recovery codes alone do not count."""
    passkey = select(Passkey.id).where(Passkey.account_id == account_id).limit(1)
    return session.exec(passkey).first() is not None or session.get(CodeApp, account_id) is not None


def remove_passkey(session: Session, actor: Actor, passkey_id: int) -> None:
    """Remove one of the actor's passkeys. Raises `PasswordNeeded`, `NotFound` or `LastSecondFactor`."""
    actor.must_be_fresh()
    account = _locked(session, actor.account_id)
    mine = delete(Passkey).where(col(Passkey.id) == passkey_id, col(Passkey.account_id) == actor.account_id)
    if not session.exec(mine).rowcount:
        raise NotFound("passkey")
    _after_removal(session, account, N_("A passkey was removed from your RxConnect account."))


def remove_app(session: Session, actor: Actor) -> None:
    """Remove the actor's app. Raises `PasswordNeeded`, `NotFound` or `LastSecondFactor`."""
    actor.must_be_fresh()
    account = _locked(session, actor.account_id)
    if not session.exec(delete(CodeApp).where(col(CodeApp.account_id) == actor.account_id)).rowcount:
        raise NotFound("app")
    _after_removal(session, account, N_("The app for one-time codes was removed from your RxConnect account."))


def renew_codes(session: Session, actor: Actor) -> list[str]:
    """Replace the actor's recovery codes, and return the new ones, which are shown once. Raises `PasswordNeeded`."""
    actor.must_be_fresh()
    tell(
        session,
        session.get_one(Account, actor.account_id),
        N_("New recovery codes were made for your RxConnect account."),
    )
    return recovery_codes.renew(session, actor.account_id)


def reset(session: Session, account_id: int) -> None:
    """Remove every second factor and sign the account out, for operators. The next sign-in sets up a new one."""
    account = _locked(session, account_id)
    for table in (Passkey, CodeApp, RecoveryCode):
        session.exec(delete(table).where(col(table.account_id) == account_id))
    sign_ins.end_all_sign_ins(session, account_id)
    tell(
        session,
        account,
        N_("An operator of RxConnect removed the second step of your sign-in. You set up a new one next time."),
    )


def tell(session: Session, account: Account, change: str) -> None:
    """Email the account's owner how the second step was changed, and record it: `change` is a sentence to look up."""
    assert account.id is not None
    record_for_account(session, account.id, AuditKind.FACTOR_CHANGED)
    link = routes.absolute_url(routes.FORGOT_PASSWORD)
    notify(
        session,
        account,
        NoticeKind.SIGN_IN,
        lambda: factor_emails.factors_changed_email(_(change), link),
        path=routes.PROFILE,
    )


def _locked(session: Session, account_id: int) -> Account:
    """The account, locked until the transaction ends: two removals at once must not remove the last two factors."""
    return session.exec(select(Account).where(Account.id == account_id).with_for_update()).one()


def _after_removal(session: Session, account: Account, change: str) -> None:
    assert account.id is not None
    if sign_ins.needs_second_factor(account) and not has_any(session, account.id):
        raise LastSecondFactor
    tell(session, account, change)


def _passkey(row: Passkey) -> PasskeyView:
    assert row.id is not None
    return PasskeyView(row.id, _(row.name), dates.ago(row.created_at), dates.ago(row.used_at) if row.used_at else "")
