"""What the tests of the States share: the app without its sockets, and families with something to lose."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.state.driver import Server, Tab, sign_in
from tests.state.lives import Life, live
from tests.worlds import disconnect, installed

WORDS = ("Xanthippe", "Balthazar")


@pytest.fixture
def server(database: Path) -> Iterator[Server]:
    """The app. Whatever a test does to it, no handler may end in an unexpected error, unless the test takes it out."""
    server = Server()
    yield server
    server.close()
    assert server.errors == []


@pytest.fixture
def family(server: Server, actor: Callable) -> Callable[..., Tab]:
    """`family(name=…)`: a fresh family account, signed in, in a new tab."""
    return lambda **fields: server.tab(sign_in(actor(**fields)))


@pytest.fixture(scope="session")
def lived_in(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Life]]:
    """A data directory in which two families have lived, made once, and their lives."""
    folder = tmp_path_factory.mktemp("lived-in")
    shutil.copy(migrated_file, folder)
    with installed(data_dir=folder, database_url=""):
        lives = {word: live(word) for word in WORDS}
    return folder, lives


@pytest.fixture
def life(database: Path, lived_in: tuple[Path, dict[str, Life]]) -> Callable[..., Life]:
    """`life(word)`: a family with one of everything; `word` stands in all that is its own."""
    folder, lives = lived_in
    disconnect()
    for file in folder.glob("*.db*"):
        shutil.copy(file, database)
    return lambda word=WORDS[0]: lives[word]
