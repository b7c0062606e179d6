"""The `rxconnect audit` commands: the head of each chain of staff's acts, and the proof that nothing of it was changed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from rxconnect import db, serve, world
from rxconnect.domain.audit_chain import Break, Flaw, Head, Verification, genesis
from rxconnect.domain.errors import BadCommand
from rxconnect.search_command import suggesting_facilities
from rxconnect.services.audit import practice as copying
from rxconnect.services.audit import verification
from rxconnect.services.audit.verification import ChainEnd
from rxconnect.services.directory import facilities
from rxconnect.terminal import screen

Key = Annotated[str, typer.Option(help="The key of a facility; without it, all.")]

app = typer.Typer(help="Prove what is recorded of the acts of staff.", no_args_is_help=True)

_NO_HEAD = "no head: its end is gone, or nothing was recorded; see rxconnect audit verify"

_FLAWS = {
    Flaw.CHANGED: "row {row:,} was changed.",
    Flaw.MISSING: "row {row:,} is missing.",
    Flaw.INSERTED: "row {row:,} was inserted.",
    Flaw.REORDERED: "row {row:,} does not stand where it was written.",
    Flaw.CUT_OFF: "it is cut off before row {row:,}, and had {until:,} rows.",
    Flaw.NO_END: "the record of its end is gone, which would tell whether row {row:,} was the next one or is missing.",
    Flaw.REWRITTEN: "of rows {row:,} to {until:,} at least one was rewritten, since they lead to another head.",
}


@app.command()
def head(facility: Key = "") -> None:
    """Show the head of each chain, to keep outside of the database."""
    serve.migrate()
    for end in _ends(facility):
        screen.print(f"{end.key}  {end.head if end.head.sequence else _NO_HEAD}")


@app.command()
def verify(
    facility: Key = "",
    head: Annotated[
        str, typer.Option(help="SEQUENCE:HASH, a head that was mailed or printed. Everything up to it is then proven.")
    ] = "",
) -> None:
    """Verify the chains. Fails, with the first broken row, when one is not as it was written."""
    serve.migrate()
    given = _parse_head(head) if head else None
    chains = _ends(facility, is_known=given is not None)
    if given and not facility and len(chains) > 1:
        raise BadCommand("facility: a head is of one facility; name it with --facility KEY.")
    results = [_verify(end, given) for end in chains]
    if any(result.first_broken for result in results):
        raise typer.Exit(1)


@app.command()
def practice(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    facility: Annotated[str, typer.Option(help="The key of the facility whose chain is broken.")] = "cedar-ridge",
) -> None:
    """Copy the demonstration's database with one act changed in it, to try `verify` on the copy."""
    serve.migrate()
    if not world.current().is_demo or not world.current().is_sqlite:
        raise BadCommand("Only a demonstration on SQLite is copied: a copy of real letters must not lie about.")
    if folder.exists():
        raise BadCommand(f"{folder} exists already.")
    (end,) = _ends(facility)
    if not copying.copy_with_a_forgery(folder, end.facility_id):
        raise BadCommand(f"facility: {facility} has rejected nothing yet that could be changed.")
    screen.print(f"In the copy, one rejection of {end.key} has become an approval. Find out which:")
    screen.print(
        f"  RXCONNECT_DATA_DIR={shlex.quote(str(folder))} rxconnect audit verify --facility {end.key}", soft_wrap=True
    )
    screen.print(f"The head of the chain before the change: {end.head}", soft_wrap=True)


def _verify(end: ChainEnd, given: Head | None) -> Verification:
    with db.reading() as session:
        result = verification.verify_chain(session, end.facility_id, given)
    screen.print(f"{end.key}: {_sentence(result, given)}")
    return result


def _sentence(result: Verification, given: Head | None) -> str:
    if result.first_broken:
        return f"BROKEN: {_flaw(result.first_broken)}"
    sound = f"{result.rows:,} rows, each as it was written, head {result.last}."
    if given is None:
        return f"{sound} None is anchored: only a head that was mailed or printed proves them (--head)."
    return f"{sound} Proven up to row {result.proven:,}; {result.not_yet_anchored:,} later rows are not yet anchored."


def _flaw(found: Break) -> str:
    return _FLAWS[found.flaw].format(row=found.sequence, until=found.until)


def _ends(facility: str, *, is_known: bool = False) -> list[ChainEnd]:
    """The chains to look at. Says so when there is none, unless the one of this facility `is_known` to have begun."""
    facility_id = None
    if facility:
        with suggesting_facilities(facility):
            place = db.read(facilities.get_by_key, facility)
            facility_id = place.id
    ends = db.read(verification.ends, facility_id)
    if not ends and facility_id and is_known:
        return [ChainEnd(facility_id, place.key, Head(0, genesis(facility_id)))]
    if not ends:
        raise BadCommand(
            f"facility: nothing was recorded at {facility} yet." if facility else "Nothing was recorded yet."
        )
    return ends


def _parse_head(text: str) -> Head:
    found = Head.parse(text)
    if found is None or not found.sequence:
        raise BadCommand("head: write SEQUENCE:HASH, as in the email: a number, a colon, and 64 digits and letters.")
    return found
