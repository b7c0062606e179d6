"""The `rxconnect` command. It reports an error as one sentence and an exit code: 2 for settings, 1 for the rest."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rxconnect import (
    audit_command,
    builds,
    kiosk_command,
    notices_command,
    roster_command,
    search_command,
    serve,
)
from rxconnect.builds import CannotStart
from rxconnect.config import DEMO_PASSWORD, Settings, SettingsError, settings
from rxconnect.domain.accounts import ActorKind, Role
from rxconnect.domain.errors import BadCommand, RxConnectError
from rxconnect.domain.explanations import Story
from rxconnect.domain.inmates import Custody
from rxconnect.domain.readings import Choices
from rxconnect.search_command import suggesting_facilities
from rxconnect.services.files.kinds import KINDS
from rxconnect.terminal import (
    print_columns,
    print_comparison,
    print_import,
    print_ledger,
    print_rosters,
    print_story,
    progress_bar,
    roster_report,
    screen,
    sentence,
)

if TYPE_CHECKING:
    # Imported only for types, because a command without the database need not load it.
    from sqlmodel import Session

# An import creates so many objects before the garbage collector looks at them (Python: 700).
_OBJECTS = 50_000

app = typer.Typer(
    help="RxConnect: messages between people in custody and their families.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
importing = typer.Typer(help="Import facilities and rosters from files.", no_args_is_help=True)
ledger_commands = typer.Typer(help="Check the ledger of money and credits.", no_args_is_help=True)
staff_commands = typer.Typer(help="Manage the roles and sign-ins of staff.", no_args_is_help=True)
explain_commands = typer.Typer(
    help="Show the history of a wallet, a purchase or a message in plain words.", no_args_is_help=True
)
app.add_typer(importing, name="import")
app.add_typer(ledger_commands, name="ledger")
ledger_commands.add_typer(explain_commands, name="explain")
app.add_typer(staff_commands, name="staff")
app.add_typer(search_command.app, name="search")
app.add_typer(roster_command.app, name="roster")
app.add_typer(audit_command.app, name="audit")
app.add_typer(kiosk_command.app, name="kiosk")
app.add_typer(notices_command.app, name="push")
app.command()(notices_command.bounce)


def main() -> None:
    """Run the command that was typed."""
    try:
        app()
    except SettingsError as error:
        _exit_with(str(error), code=2)
    except CannotStart as error:
        _exit_with(str(error))
    except RxConnectError as error:
        _exit_with(sentence(error))


@app.command()
def run() -> None:
    """Build what is missing, prepare the database, and serve RxConnect at one port."""
    chosen = settings()
    serve.check_port(chosen)
    serve.check_data_dir(chosen)
    serve.check_redis()
    _build(chosen)
    serve.migrate()
    serve.check_connections(chosen)
    _seed_demo_or_refuse(chosen)
    _print_greeting(chosen)
    serve.serve(chosen)


@app.command()
def build() -> None:
    """Build the pages, when something they are made from has changed."""
    _build(settings())


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    serve.migrate()
    screen.print("The database is up to date.")


@app.command()
def tidy() -> None:
    """Compact the database, best at a quiet hour, for example after an import of many rosters."""
    from rxconnect import db

    serve.migrate()
    with screen.status("Tidying…"):
        db.vacuum()
    screen.print("The database is tidy.")


@app.command()
def seed() -> None:
    """Fill an empty database with the demonstration's invented people. Does nothing the second time."""
    if not settings().is_demo:
        raise CannotStart("Production takes no invented people. Set RXCONNECT_MODE=demo to see the demonstration.")
    serve.migrate()
    _seed()


@app.command(name="create-user")
def create_user(
    email: Annotated[str, typer.Option(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="The name as others see it.")],
    role: Annotated[
        Role | None, typer.Option(help="For staff: the role. Without it, a family account is created.")
    ] = None,
    facility: Annotated[list[str], typer.Option(help="For staff: the key of their facility. Repeatable.")] = [],  # noqa: B006 - typer only reads it
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from a pipe.")] = False,
) -> None:
    """Create an account that can sign in at once. Asks for the password without showing it."""
    from rxconnect import db
    from rxconnect.services.accounts import accounts, staff

    if role and not facility:
        raise BadCommand("facility: staff work for a facility; name it with --facility KEY.")
    if facility and not role:
        raise BadCommand("role: say with --role what they are at the facility.")
    serve.migrate()
    password = sys.stdin.readline().rstrip("\n") if password_stdin else _ask_for_password()
    with db.transaction() as session:
        facility_ids = [_facility(session, key) for key in facility]
        kind = ActorKind.STAFF if role else ActorKind.FAMILY
        account_id = accounts.create_account(
            session, email=email, name=name, password=password, kind=kind, verified=True
        )
        if role:
            for facility_id in facility_ids:
                staff.assign(session, account_id, facility_id, role)
    screen.print(f"{name} can sign in as {email} ({role.label.lower() if role else 'family'}).")


Email = Annotated[str, typer.Argument(help="The address that the member of staff signs in with.")]
Key = Annotated[str, typer.Option(help="The key of the facility.")]


@staff_commands.command()
def assign(
    email: Email, facility: Key, role: Annotated[Role, typer.Option(help="The new role at the facility.")]
) -> None:
    """Give a member of staff a role at a facility. It replaces an earlier role there."""
    from rxconnect import db
    from rxconnect.services.accounts import staff

    serve.migrate()
    with db.transaction() as session:
        staff.assign(session, staff.staff_id_by_email(session, email), _facility(session, facility), role)
    screen.print(f"{email} is {role.label.lower()} at {facility}.")


@staff_commands.command()
def dismiss(email: Email, facility: Key) -> None:
    """Remove the role of a member of staff at a facility, from their next click on."""
    from rxconnect import db
    from rxconnect.services.accounts import staff

    serve.migrate()
    with db.transaction() as session:
        staff.dismiss(session, staff.staff_id_by_email(session, email), _facility(session, facility))
    screen.print(f"{email} no longer works at {facility}.")


@staff_commands.command(name="reset-second-factor")
def reset_second_factor(email: Email) -> None:
    """Remove every passkey, app and recovery code of a member of staff, and sign them out. They set up new ones."""
    from rxconnect import db
    from rxconnect.services.accounts import staff
    from rxconnect.services.second_factors import second_factors

    serve.migrate()
    with db.transaction() as session:
        second_factors.reset(session, staff.staff_id_by_email(session, email))
    screen.print(f"{email} sets up a new second step at the next sign-in, after the password.")


def _facility(session: Session, key: str) -> int:
    """The id of the facility with this key. For an unknown key, the error suggests similar keys."""
    from rxconnect.services.directory import facilities

    with suggesting_facilities(key):
        facility_id = facilities.get_by_key(session, key).id
    assert facility_id is not None
    return facility_id


DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the changes without making them.")]
Map = Annotated[
    list[str],
    typer.Option("--map", help="FIELD=COLUMN, for a column that is not found; FIELD= leaves it out. Repeatable."),
]
Ignore = Annotated[list[str], typer.Option("--ignore", help="A COLUMN to leave out. Repeatable.")]
Status = Annotated[list[str], typer.Option("--status", help="WORD=held, released or moved. Repeatable.")]
Place = Annotated[list[str], typer.Option("--place", help="NAME=KEY, for a facility's name in the file. Repeatable.")]


@importing.callback()
def _collect_garbage_seldom() -> None:
    """Collect garbage seldom: an import leaves next to none, and looking for it took a sixth of the time."""
    gc.set_threshold(_OBJECTS)


@importing.command(name="facilities")
def import_facilities(
    file: Annotated[Path, typer.Argument(help=f"A list of facilities: {KINDS}, packed or not.")],
    given: Map = [],  # noqa: B006 - typer only reads it
    dry_run: DryRun = False,
) -> None:
    """Add the facilities of a file, or bring known ones up to date."""
    from rxconnect.services.imports import imports

    serve.migrate()
    with imports.open_facilities(file, given=_parse_columns(given)) as facilities:
        print_columns(facilities.name, str(facilities.columns))
        store = imports.plan_facilities if dry_run else imports.import_facilities
        with progress_bar("Facilities") as progress:
            report = store(facilities, progress=progress)
    print_import(report, is_done=not dry_run)


@importing.command(name="roster")
def import_roster(
    file: Annotated[Path, typer.Argument(help=f"A list of the people held there: {KINDS}, packed or not.")],
    facility: Annotated[
        str, typer.Option(help="The key or name of the facility. Without it, the file needs a column facility.")
    ] = "",
    given: Map = [],  # noqa: B006 - typer only reads it
    ignored: Ignore = [],  # noqa: B006 - typer only reads it
    statuses: Status = [],  # noqa: B006 - typer only reads it
    places: Place = [],  # noqa: B006 - typer only reads it
    forget: Annotated[
        bool, typer.Option("--forget-mapping", help="Forget what was chosen with --map and the like the last time.")
    ] = False,
    dry_run: DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="Import it even if it looks wrong.")] = False,
) -> None:
    """Bring rosters up to date. People who are missing count as released only when later lists lack them, too."""
    from rxconnect.services.imports import imports

    serve.migrate()
    choices = Choices(
        _parse_columns(given), frozenset(ignored), _parse_statuses(statuses), _parse_pairs("place", "NAME=KEY", places)
    )
    with ExitStack() as open_files:
        with suggesting_facilities(facility), progress_bar("Reading (bytes)") as progress:
            opened = imports.open_rosters(file, facility=facility, choices=choices, forget=forget, progress=progress)
            roster = open_files.enter_context(opened)
        print_columns(roster.name, str(roster.columns))
        with progress_bar("Rows") as progress:
            if dry_run:
                plan = imports.plan_rosters(roster, progress=progress)
            else:
                plan = imports.import_rosters(roster, accept_suspicious=yes, progress=progress)
    print_rosters(plan, is_done=not dry_run)


@importing.command(name="folder")
def import_folder(
    folder: Annotated[Path, typer.Argument(help="A folder into which lists of people are delivered.")],
    facility: Annotated[
        str, typer.Option(help="The key of the facility. Without it, the files need a column facility.")
    ] = "",
    given: Map = [],  # noqa: B006 - typer only reads it
) -> None:
    """Import each new file of a folder once, for cron. Files that look wrong are left alone, and the operator is told."""
    from rxconnect.services.imports import folders

    serve.migrate()
    columns, has_failed = _parse_columns(given), False
    for taken in folders.import_folder(folder, facility=facility, given=columns, render=roster_report):
        screen.print(f"{taken.name}: {taken.report}")
        has_failed = has_failed or taken.is_refused
    if has_failed:
        raise typer.Exit(1)


def _parse_columns(given: list[str]) -> dict[str, str]:
    """Parse `--map` options into a column for each field; "" leaves the field out."""
    if wrong := next((one for one in given if not one.partition("=")[0].strip() or "=" not in one), ""):
        raise BadCommand(f"map: write FIELD=COLUMN, such as last_name=SURNAME, and not {wrong}.")
    return {field.strip(): column.strip() for field, _, column in (one.partition("=") for one in given)}


def _parse_statuses(given: list[str]) -> dict[str, Custody]:
    """Parse `--status` options into the meaning of each word."""
    pairs = _parse_pairs("status", "WORD=held, WORD=released or WORD=moved", given)
    if wrong := next(
        (f"{word}={meaning}" for word, meaning in pairs.items() if meaning.casefold() not in set(Custody)), ""
    ):
        raise BadCommand(f"status: write WORD=held, WORD=released or WORD=moved, and not {wrong}.")
    return {word: Custody(meaning.casefold()) for word, meaning in pairs.items()}


def _parse_pairs(option: str, form: str, given: list[str]) -> dict[str, str]:
    # A word may contain the sign itself.
    pairs = [one.rpartition("=") for one in given]
    if wrong := next((one for one, pair in zip(given, pairs, strict=True) if not all(map(str.strip, pair))), ""):
        raise BadCommand(f"{option}: write {form}, and not {wrong}.")
    return {word.strip(): meaning.strip() for word, _, meaning in pairs}


@ledger_commands.command()
def check() -> None:
    """Prove that every cent and credit adds up. Fails, with the first differences, when one does not."""
    from rxconnect import db
    from rxconnect.services.money import ledger

    serve.migrate()
    report = db.read(ledger.check_ledger)
    print_ledger(report)
    if not report.is_sound:
        raise typer.Exit(1)


@ledger_commands.command()
def compare(
    days: Annotated[int, typer.Option(min=1, max=3660, help="The number of days to compare, plus two.")] = 1,
) -> None:
    """Compare with the card processor's books. Fails while a difference is open, found now or earlier."""
    from rxconnect.services.books import comparison

    serve.migrate()
    with screen.status("Asking the card processor…"):
        report = comparison.compare_days(days)
    print_comparison(report)
    if not report.is_sound:
        raise typer.Exit(1)


@explain_commands.command(name="wallet")
def explain_wallet(
    email: Annotated[str, typer.Argument(help="The email address of its owner.")],
    facility: Annotated[str, typer.Argument(help="The key of the facility.")],
) -> None:
    """Show the history of a family's wallet at a facility, with the balance after each step."""
    from rxconnect import db
    from rxconnect.services.books import explanations
    from rxconnect.services.directory import facilities

    serve.migrate()
    with suggesting_facilities(facility):
        db.read(facilities.get_by_key, facility)
    _explain(explanations.explain_wallet, email, facility)


@explain_commands.command(name="purchase")
def explain_purchase(
    name: Annotated[str, typer.Argument(help="Its id, or the number of its receipt: RX-7K3M-92QF-TR4D.")],
) -> None:
    """Show the history of a purchase: attempts, refunds, disputes, and where its credits are now."""
    from rxconnect.services.books import explanations

    _explain(explanations.explain_purchase, name)


@explain_commands.command(name="message")
def explain_message(message_id: Annotated[int, typer.Argument(help="Its number.")]) -> None:
    """Show the history of a message: every status, and its credits, but never its text."""
    from rxconnect.services.books import explanations

    _explain(explanations.explain_message, message_id)


def _explain(service: Callable[..., Story], *about: str | int) -> None:
    """Print a story while it is read from the database. Exits with an error when it does not add up."""
    from rxconnect import db

    serve.migrate()
    with db.reading() as session:
        verdict = print_story(service(session, *about))
    if not verdict.is_sound:
        raise typer.Exit(1)


def _build(chosen: Settings) -> None:
    if builds.is_built(chosen):
        return
    screen.print("Building the pages (about half a minute the first time, a few seconds later)…")
    with screen.status("Building…"):
        builds.build(chosen)


def _seed_demo_or_refuse(chosen: Settings) -> None:
    """In demo mode, make sure that the invented people exist; in production, refuse to start if they do."""
    from rxconnect import db
    from rxconnect.services.accounts import accounts

    if chosen.is_demo:
        _seed()
    elif db.read(accounts.has_demo_accounts):
        raise CannotStart(
            "This database holds people of the demonstration, whose password everyone knows. "
            "Give production a database of its own: set RXCONNECT_DATABASE_URL or RXCONNECT_DATA_DIR."
        )


def _seed() -> None:
    from rxconnect.demo import world

    with progress_bar("Inventing people and their messages") as progress:
        world.seed(progress)


def _print_greeting(chosen: Settings) -> None:
    screen.print(f"RxConnect is at {chosen.origin} (stop it with Ctrl+C).")
    if chosen.listens_everywhere and not chosen.public_url:
        screen.print("From other machines it works once RXCONNECT_PUBLIC_URL says the address they use.")
    if chosen.is_demo:
        from rxconnect.demo import kiosks, roster, world

        screen.print(f"Sign in with the password {DEMO_PASSWORD} as")
        for email, who in world.SIGN_INS:
            screen.print(f"  {email:24}{who}")
        screen.print(f"At /kiosk: code {kiosks.CODE}, then number {roster.MARCUS.number} with PIN {kiosks.PIN}")


def _ask_for_password() -> str:
    return typer.prompt("Password", hide_input=True, confirmation_prompt=True)


def _exit_with(sentence: str, code: int = 1) -> None:
    typer.echo(sentence, err=True)
    sys.exit(code)
