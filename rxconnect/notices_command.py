"""The commands about notices: `rxconnect bounce` takes an email that came back, `rxconnect push` keeps the key for pushes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rxconnect import db, serve
from rxconnect.builds import CannotStart
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.services.notices import bounces
from rxconnect.services.push import push_keys
from rxconnect.terminal import screen

app = typer.Typer(help="Keep the key with which notices are pushed to browsers.", no_args_is_help=True)

# Bytes. What a mail server quotes of our emails is far shorter.
_LONGEST = 1024 * 1024
# Of sysexits.h: a mail server then keeps the message, and tries again.
_TRY_AGAIN = 75


@app.command()
def keys(
    show: Annotated[
        bool, typer.Option("--show", help="Show the private key too, for RXCONNECT_PUSH_KEY on other machines.")
    ] = False,
) -> None:
    """Make the key, unless there is one, and show its public half."""
    if push_keys.make():
        screen.print("A key was made and is kept in the data directory. Restart is not needed.")
    screen.print(f"public   {push_keys.public_key()}", soft_wrap=True)
    if show:
        screen.print(f"private  {push_keys.secret()}", soft_wrap=True)


def bounce() -> None:
    """Read a bounce message from standard input, and send no more optional emails to an address that takes none."""
    raw = sys.stdin.buffer.read(_LONGEST)
    try:
        serve.migrate()
        address = db.write(bounces.take, raw)
    except (Busy, Unavailable, CannotStart):
        raise typer.Exit(_TRY_AGAIN) from None
    # A mail server sends what we print to somebody, so the address of another is not in it.
    screen.print("Recorded." if address else "Nothing of ours to record.")
