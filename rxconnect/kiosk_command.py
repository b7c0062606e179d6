"""The `rxconnect kiosk` commands: PINs of people in custody, and the kiosks of a facility."""

from __future__ import annotations

from typing import Annotated

import typer

from rxconnect import db, serve
from rxconnect.domain.accounts import SYSTEM
from rxconnect.domain.kiosk import NewCode
from rxconnect.search_command import suggesting_facilities
from rxconnect.services.directory import facilities
from rxconnect.services.kiosk import devices, pins, views
from rxconnect.terminal import screen

Key = Annotated[str, typer.Option(help="The key of the facility.")]
Number = Annotated[int, typer.Argument(help="The number in the list of kiosks.")]

app = typer.Typer(help="Set up kiosks, and give people in custody a PIN.", no_args_is_help=True)


@app.command()
def pin(
    number: Annotated[str, typer.Argument(help="The inmate number of a person who is held there.")], facility: Key
) -> None:
    """Give somebody a new PIN and print it once. They replace it at their next sign-in."""
    serve.migrate()
    new = db.write(pins.give_by_number, SYSTEM, _facility_id(facility), number)
    screen.print(f"{new.name}, {new.number}: PIN {new.pin}")
    screen.print("It works until they choose their own, at the first sign-in.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Where the kiosk stands, for example: Unit C, day room.")], facility: Key
) -> None:
    """Set up a kiosk and print the code that opens it, once."""
    serve.migrate()
    _print_code(db.write(devices.make, SYSTEM, _facility_id(facility), name))


@app.command(name="list")
def list_kiosks(facility: Key) -> None:
    """List a facility's kiosks, and when each was last used."""
    serve.migrate()
    found = db.read(views.devices_at, _facility_id(facility))
    if not found:
        screen.print(f"{facility} has no kiosk.")
    for one in found:
        screen.print(f"{one.id}: {one.name} ({one.state.lower()}, last used {one.last_used or 'never'})")


@app.command()
def renew(kiosk: Number, facility: Key) -> None:
    """Print a new code for a kiosk whose tablet was exchanged. The old tablet is signed out."""
    serve.migrate()
    _print_code(db.write(devices.renew, SYSTEM, _facility_id(facility), kiosk))


@app.command()
def revoke(kiosk: Number, facility: Key) -> None:
    """Take a kiosk out of use, and sign whoever uses it out."""
    serve.migrate()
    db.write(devices.revoke, SYSTEM, _facility_id(facility), kiosk)
    screen.print("The kiosk is out of use.")


def _print_code(new: NewCode) -> None:
    screen.print(f"{new.device}: code {new.code}")
    screen.print("It works once, and for seven days. Enter it on the tablet, at /kiosk.")


def _facility_id(key: str) -> int:
    with suggesting_facilities(key):
        facility_id = db.read(facilities.get_by_key, key).id
    assert facility_id is not None
    return facility_id
