"""A demo session in use, over real sockets: one person drives, the others follow, and nothing may be lost or crossed."""

from __future__ import annotations

import asyncio
import time
from random import Random

import httpx
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.demo import seats, sessions
from rxconnect.domain.demo import SeatKind
from rxconnect.i18n import ENGLISH
from rxconnect.models import Draft, Walkthrough
from rxconnect.state.demo.room import RoomState
from rxconnect.state.family.contacts import ContactsState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.purchases import AmountState
from tests.bench.tabs import leads_to, shows
from tests.demos import acting, write_draft
from tests.soak.participants import PATIENCE, Counts, Participant

_STATES = {routes.BUY_CREDITS: AmountState, routes.FIND_INMATE: FindInmateState, routes.CONTACTS: ContactsState}


class Session:
    """One demo session. Its driver changes; everybody else follows."""

    def __init__(self, url: str, number: int, counts: Counts):
        self._url, self._counts = url, counts
        self.mark = f"Quartz{_letters(number, 2)}"
        token, view = sessions.start(
            "blank", name="Aisha", address_key=f"soak {number}", language=ENGLISH, allows_guests=True
        )
        self._code = view.code
        self.trainer = self.driver = Participant(url, token, self.mark, counts)
        self.people = [self.driver]
        with acting(self.trainer.seat) as rosa:
            self._draft_id = write_draft(rosa)
        self._saved, self._searched, self._version, self._number = "", "", 1, 0

    async def begin(self) -> None:
        """The driver opens the product."""
        await self.driver.come(routes.BUY_CREDITS)
        everywhere = routes.with_query(routes.FIND_INMATE, everywhere="yes")
        await self.driver.tab.visit(everywhere, leads_to(routes.FIND_INMATE))
        await self._visit(routes.BUY_CREDITS)

    async def fill(self, people: int) -> None:
        """The others join and follow."""
        for number in range(2, people + 1):
            token = seats.join(self._code, f"Person {number}", SeatKind.FAMILY, address_key=self.mark)
            self.people.append(Participant(self._url, token, self.mark, self._counts))
            await self.people[-1].come(routes.BUY_CREDITS)
            await self.people[-1].follow()

    async def act(self, until: float, random: Random, client: httpx.AsyncClient) -> None:
        """Until then, do something every second or so: first everything once, then at random."""
        acts = [self._press, self._type, self._search, self._write, self._hand_over, self._look_around, self._come_back]
        due = random.sample(acts, len(acts))
        while time.monotonic() < until:
            await asyncio.sleep(random.uniform(0.5, 1.5))
            (act,) = [due.pop()] if due else random.choices(acts, (8, 8, 4, 4, 1, 1, 1))
            await act(random, client)
            self._counts.acts += 1

    async def end(self) -> None:
        """Everybody closes their tab, and the trainer ends the session."""
        for person in self.people:
            await person.go()
        db.write(sessions.end, self.trainer.seat)

    def lost(self) -> list[str]:
        """What was done and is not in the session's database."""
        with acting(self.trainer.seat) as rosa, db.reading() as session:
            body = session.get_one(Draft, self._draft_id).body
            found = select(Walkthrough.last_name).where(Walkthrough.account_id == rosa.account_id)
            name = session.exec(found).one()
        kept = ((self._saved, body, "letter"), (self._searched, name, "search"))
        return [f"{self.mark} lost its last {what}" for done, found, what in kept if done and done != found]

    def _word(self) -> str:
        self._number += 1
        return f"{self.mark}{_letters(self._number, 4)}"

    async def _press(self, *_: object) -> None:
        word = self._word()
        await self._visit(routes.BUY_CREDITS)
        done = shows(AmountState, "credits", word)
        await self._all_hear(word, self.driver.tab.call(AmountState.type_credits, done, credits=word))

    async def _type(self, *_: object) -> None:
        word = self._word()
        await self._all_hear(word, self.driver.tab.say("typed", {"credits": word}))

    async def _search(self, *_: object) -> None:
        self._searched = word = self._word()
        await self._visit(routes.FIND_INMATE)
        done = shows(FindInmateState, "last_name", word)
        await self._all_hear(word, self.driver.tab.call(FindInmateState.type_last_name, done, text=word))

    async def _write(self, _random: Random, client: httpx.AsyncClient) -> None:
        """Save a letter, over HTTP. Its text reaches the followers as a typed field."""
        self._saved = word = self._word()
        change = {"tab": "ab", "number": self._number, "base": self._version}
        letter = change | {"contact": None, "subject": "Sunday", "body": word}
        address, cookie = routes.fill(routes.KEEP_DRAFT, self._draft_id), {"Cookie": self.driver.cookie}
        told = await client.post(address, json=letter, headers=cookie)
        if told.status_code == 200:
            self._version = told.json()["version"]
        else:
            self._counts.wrong.append(f"a letter of {self.mark} was answered with {told.status_code}")
        await self._all_hear(word, self.driver.tab.say("typed", {"body": word}))

    async def _hand_over(self, random: Random, _client: object) -> None:
        before, after = self.driver, random.choice([one for one in self.people if one is not self.driver])
        shown = asyncio.gather(after.expect(drives=True), before.expect(drives=False))
        began = time.perf_counter()
        await before.tab.post(RoomState.hand_over_wheel, seat_id=after.seat.id)
        await asyncio.wait_for(shown, PATIENCE)
        self._counts.hand_overs.append((time.perf_counter() - began) * 1000)
        self.driver = after
        await after.tab.load(before.tab.path, shows(_STATES[before.tab.path], "ready"))
        await before.follow()

    async def _look_around(self, random: Random, _client: object) -> None:
        tab = (person := self._follower(random)).tab
        await tab.post(RoomState.stop_following)
        await tab.load(tab.path, shows(RoomState, "ready"))
        await tab.visit(routes.CONTACTS, shows(ContactsState, "ready"))
        follows = person.expect(follows=True)
        await tab.post(RoomState.follow_driver)
        await asyncio.wait_for(follows, PATIENCE)
        await person.follow()

    async def _come_back(self, random: Random, _client: object) -> None:
        await (person := self._follower(random)).go()
        await person.come(routes.BUY_CREDITS)
        await person.follow()

    def _follower(self, random: Random) -> Participant:
        return random.choice([one for one in self.people if one is not self.driver])

    async def _visit(self, path: str) -> None:
        if self.driver.tab.path != path:
            await self.driver.tab.visit(path, shows(_STATES[path], "ready"))

    async def _all_hear(self, word: str, act) -> None:
        heard = [one.reached(word) for one in self.people if one is not self.driver]
        await asyncio.gather(*heard, act)


def _letters(number: int, width: int) -> str:
    """A number in letters, so that a name field takes it."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in reversed(range(width)))
