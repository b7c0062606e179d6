"""Twelve judges at once: until the end, nothing that is sent to one depends on what another has answered."""

from __future__ import annotations

import asyncio
import json
import re
import shutil

import pytest

from rxconnect import db, routes
from rxconnect.demo import judges, letter_files
from rxconnect.domain import refusals
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.errors import IllegalMove, NotAllowed, NotFound
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.judging import JudgeState, JudgingResultState
from rxconnect.state.demo.room import RoomState
from tests.demo.judgings import letter_file
from tests.rooms import seat_of
from tests.state.driver import Server, name_of
from tests.worlds import disconnect

JUDGES = 12
FILE = letter_files.parse(letter_files.built_in())
# What changes from run to run without a judge: sockets, times, and how many have begun and finished by now. Everybody may
# know that, and when all press at once it is chance whether the trainer, who counts from their first answer, was before.
CHANGES = re.compile(
    r'"(seconds_left_rx_state_|minutes_left|judges|finished|expires_at|joined|session_id|client_token|sid)": ("[^"]*"|\d+)'
    r'|tab\d+(-\d+)?|"number": \d+|"stream": "\w+"'
)


class Judges:
    """A room in which everybody has the letters open. The trainer drives, and judges too; the others follow."""

    def __init__(self, server: Server, trainer: str, others: list[str]):
        self.server = server
        self.trainer = server.tab(seat=trainer).open(routes.DEMO_JUDGE)
        self.others = [server.tab(seat=token).open(routes.DEMO_JUDGE) for token in others]

    @property
    def all(self):
        return [self.trainer, *self.others]

    def at_once(self, posts) -> None:
        """Send events of several tabs at the same moment, as (tab, State, handler, arguments)."""

        async def send() -> None:
            await asyncio.gather(
                *(tab.post(name_of(state, handler), payload) for tab, state, handler, payload in posts)
            )

        self.server.run(send)

    def decide(self, rule_of, *, letters: int = len(FILE.letters)) -> None:
        """Everybody decides so many letters, each press at the same moment. `rule_of(judge, place)` is 0 to approve."""
        self.at_once([(tab, JudgeState, "show_letter", {"place": 1}) for tab in self.all])
        for place in range(1, letters + 1):
            self.at_once([self._press(judge, place, rule_of(judge, place)) for judge in range(len(self.all))])

    def finish(self, tabs) -> None:
        self.at_once([(tab, JudgeState, "finish", {}) for tab in tabs])
        self.server.run(asyncio.sleep, 0.5)

    def _press(self, judge: int, place: int, rule: int):
        payload = {"place": place} | ({"rule": rule} if rule else {})
        return self.all[judge], JudgeState, "reject" if rule else "approve", payload


@pytest.fixture
def tokens(open_room) -> list[str]:
    """The tokens of the twelve in a room: the trainer's, and eleven of all kinds."""
    room = open_room()
    kinds = list(SeatKind)
    return [room.trainer, *(room.join(f"Judge {n}", kinds[n % len(kinds)]) for n in range(1, JUDGES))]


def sent_to(tab) -> str:
    """All that a tab was ever sent: its own updates, and those of the driver that it follows."""
    return tab.heard + json.dumps(tab.mirrored, ensure_ascii=False)


def kinds_of_frames(tab) -> set[str]:
    """What a tab was sent, without what changes from run to run. Two runs load a page more or less often."""
    return {CHANGES.sub("", frame) for frame in [*tab.frames, *map(json.dumps, tab.mirrored)]}


def test_nothing_that_a_judge_is_sent_before_the_end_depends_on_the_answers_of_others(database, tokens, tmp_path):
    """The same evening twice. One judge decides alike, and all others decide the very opposite."""
    judges.begin(seat_of(tokens[0]), "")
    before, observed = tmp_path / "before", 5
    disconnect()
    before.mkdir()
    for file in database.glob("rxconnect.db*"):
        shutil.copy(file, before)
    heard = []
    for others in ((lambda judge, place: 0), (lambda judge, place: 1 + (judge + place) % len(FILE.rules))):
        disconnect()
        for file in before.glob("rxconnect.db*"):
            shutil.copy(file, database)
        server = Server()
        room = Judges(server, tokens[0], tokens[1:])
        mine = room.all[observed]
        room.decide(lambda judge, place, o=others: place % 3 if judge == observed else o(judge, place))
        # The driver goes on to the product in the tab in which they have judged, which everybody follows.
        room.trainer.go(routes.DASHBOARD)
        room.finish([tab for tab in room.all if tab is not room.others[-1]])
        assert not mine.shown(JudgeState, "view")["status"]["is_over"]
        assert mine.shown(JudgingResultState, "score") is None
        heard.append(kinds_of_frames(mine))
        server.close()
        assert server.errors == []
    assert heard[0] ^ heard[1] == set()
    assert len(heard[0]) > len(FILE.letters)


def test_no_answer_of_a_letter_and_nothing_of_screening_is_sent_to_anybody_before_the_end(server, tokens):
    room = Judges(server, tokens[0], tokens[1:])
    room.trainer.open(routes.DEMO_ROOM).call(HostState.begin_judging({"letters": ""}))
    room.trainer.open(routes.DEMO_JUDGE)
    room.decide(lambda judge, place: 0, letters=5)
    for tab in room.all:
        tab.call(JudgingResultState.reload).call(JudgingResultState.show_room).call(JudgeState.reload)
    room.trainer.open(routes.DEMO_ROOM).open(routes.DEMO_JUDGE)
    secrets = [*(letter.explanation for letter in FILE.letters), "Plans and days", "held_by", "misses", "is_right"]
    for tab in room.all:
        assert [secret for secret in secrets if secret in sent_to(tab)] == []
        assert '"reject"' not in sent_to(tab)
    room.trainer.call(HostState.end_judging)
    server.run(asyncio.sleep, 0.5)
    for tab in room.all:
        assert [letter.explanation for letter in FILE.letters if letter.explanation not in sent_to(tab)] == []


def test_after_the_end_the_room_sees_sums_and_only_the_names_of_those_who_want_it(server, tokens):
    judges.begin(seat_of(tokens[0]), letter_file("coded", "", "threat"))
    room = Judges(server, tokens[0], tokens[1:])
    room.decide(lambda judge, place: int(judge % 2 and place == 1), letters=3)
    room.finish(room.all)
    for tab in room.all:
        assert tab.shown(JudgeState, "stage") == "over"
        assert tab.shown(JudgingResultState, "score")["judges"] == JUDGES
        assert tab.shown(JudgingResultState, "is_own") is (tab is not room.trainer)
        assert tab.shown(JudgingResultState, "named") == []
        # A State that is not ready is shown as it was before (`components/steady.js`).
        assert tab.shown(JudgingResultState, "ready")
    third, fifth = room.all[3], room.all[5]
    third.call(JudgingResultState.show_name)
    server.run(asyncio.sleep, 0.5)
    assert [one["name"] for one in fifth.shown(JudgingResultState, "named")] == ["Judge 3"]
    third.call(JudgingResultState.hide_name)
    server.run(asyncio.sleep, 0.5)
    assert fifth.shown(JudgingResultState, "named") == []
    # Of each letter, a tab has this judge's own decision, and of everybody else the counts alone.
    for line in fifth.shown(JudgingResultState, "answers"):
        assert set(line) == {"letter", "decision", "rule", "is_right"}
        assert line["letter"]["approved"] + line["letter"]["rejected"] == JUDGES


def test_a_second_press_of_the_same_button_decides_no_other_letter(server, open_room):
    room = open_room()
    judges.begin(seat_of(room.trainer), "")
    ben = server.tab(seat=room.join()).open(routes.DEMO_JUDGE).call(JudgeState.show_letter(1))
    for _press in range(3):
        ben.call(JudgeState.approve(1))
    assert ben.shown(JudgeState, "view")["decided"] == 1
    assert ben.shown(JudgeState, "letter")["place"] == 2
    ben.open(routes.DEMO_JUDGE)
    assert (ben.shown(JudgeState, "stage"), ben.shown(JudgeState, "letter")["place"]) == ("letter", 2)
    ben.call(JudgeState.show_letter(1)).call(JudgeState.reject(1, 3))
    assert ben.shown(JudgeState, "view")["places"][0]["rule"] == FILE.rules[2].text
    assert ben.shown(JudgeState, "view")["decided"] == 1


def test_a_letter_stays_while_others_finish_and_goes_when_the_trainer_ends(server, open_room):
    room = open_room()
    judges.begin(seat_of(room.trainer), "")
    ben = server.tab(seat=room.join("Ben")).open(routes.DEMO_JUDGE).call(JudgeState.show_letter(4))
    ben.call(JudgeState.begin_reject)
    room.join("Cora")
    server.run(asyncio.sleep, 0.3)
    assert ben.shown(JudgeState, "view")["status"]["judges"] == 2
    assert (ben.shown(JudgeState, "letter")["place"], ben.shown(JudgeState, "is_rejecting")) == (4, True)
    db.write(judges.end, seat_of(room.trainer))
    server.run(asyncio.sleep, 0.3)
    assert (ben.shown(JudgeState, "stage"), ben.shown(JudgeState, "letter")) == ("over", None)
    assert ben.call(JudgeState.approve(4)).said(JudgeState) == ""
    assert ben.call(JudgeState.finish).said(JudgeState) == refusals.sentence(IllegalMove("over", "decided"))


def test_forged_places_rules_and_seats_decide_nothing(server, open_room):
    room, other = open_room(), open_room(starter="another room")
    judges.begin(seat_of(room.trainer), "")
    mallory = server.tab(seat=other.join("Mallory")).open(routes.DEMO_JUDGE)
    ben = server.tab(seat=room.join("Ben")).open(routes.DEMO_JUDGE).call(JudgeState.show_letter(1))
    for place, rule in ((21, 1), (2**31 - 1, 1), (1, 8), (1, 2**31 - 1)):
        ben.call(JudgeState.reject(place, rule))
    assert ben.said(JudgeState) == refusals.sentence(NotFound("rule"))
    ben.call(JudgeState.show_letter(21))
    assert ben.said(JudgeState) == refusals.sentence(NotFound("letter"))
    ben.send(name_of(JudgeState, "approve"), {"place": 1, "seat_id": seat_of(room.trainer).id})
    assert ben.said(JudgeState) == refusals.not_understood()
    for event in (JudgeState.show_letter(1), JudgeState.approve(1), JudgeState.reject(1, 1), JudgeState.finish):
        mallory.call(event)
    assert (mallory.shown(JudgeState, "stage"), mallory.shown(JudgeState, "letter")) == ("none", None)
    mallory.call(HostState.end_judging)
    assert mallory.said(HostState) == refusals.sentence(NotAllowed())
    assert ben.call(JudgeState.reload).shown(JudgeState, "view")["decided"] == 0
    assert server.tab(seat=room.trainer).open(routes.DEMO_ROOM).shown(RoomState, "view")["judging"]["finished"] == 0


def test_a_trainer_reads_in_which_line_their_own_letters_are_wrong(server, open_room):
    room = open_room()
    trainer = server.tab(seat=room.trainer).open(routes.DEMO_ROOM)
    text = letter_files.built_in().replace('answer = "reject"', 'answer = "rejekt"', 1)
    trainer.call(HostState.begin_judging({"letters": text}))
    line = text.splitlines().index('answer = "rejekt"') + 1
    assert trainer.shown(HostState, "problems")["letters"].startswith(f"Line {line}: ")
    assert trainer.focused[-1] == "letters"
    assert trainer.shown(RoomState, "view")["judging"] is None
    trainer.call(HostState.begin_judging({"letters": ""}))
    server.run(asyncio.sleep, 0.3)
    assert trainer.shown(RoomState, "view")["judging"]["title"] == "Twenty letters"
