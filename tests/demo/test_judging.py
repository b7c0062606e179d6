"""Judging letters together: who may do what until when, and a score that equals one worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.demo import endings, judge_views, judges, judging, letter_files, seats, sessions
from rxconnect.domain import clock
from rxconnect.domain.agreement import gwet_ac1
from rxconnect.domain.demo import LASTS, SUMMARY_LASTS, SeatKind
from rxconnect.domain.errors import IllegalMove, Invalid, NotAllowed, NotFound
from rxconnect.models import DemoAnswer, DemoJudge, DemoJudging
from tests.demo.judgings import answer, finish, letter_file, place_of
from tests.demo.judgings import judging as seen
from tests.demos import join, seat_of, start, view

pytestmark = pytest.mark.usefixtures("demos")

# The right answers: the first four letters break a rule.
TEN = letter_file("coded", "threat", "contact", "threat", *[""] * 6)
# What each judge decides, letter by letter: R rejects, A approves, and a point leaves it open.
TABLE = {"Ada": "RRRAAAAAAR", "Ben": "RRAAAAAARA", "Cy": "RRRRAAAAA."}
SECONDS = {"Ada": 30, "Ben": 45, "Cy": 20}


def decide_all(seat, answers: str, seconds: int = 30) -> None:
    for number, decision in enumerate(answers, start=1):
        if decision != ".":
            answer(seat, number, rule=1 if decision == "R" else 0, seconds=seconds)


@pytest.fixture
def trainer():
    """A trainer who has begun to judge ten letters."""
    seat = start()
    judges.begin(seat, TEN)
    return seat


def score(seat):
    return db.read(judging.score, seat.session_id)


def rows(model):
    with db.reading() as session:
        return session.exec(select(model)).all()


# The score.


@pytest.fixture
def judged(trainer):
    """The room of the table, after the end. The trainer does not judge."""
    people = {name: join(trainer, name) for name in TABLE}
    for name, seat in people.items():
        decide_all(seat, TABLE[name], SECONDS[name])
    for name in ("Ada", "Ben"):
        finish(people[name])
    db.write(judges.end, trainer)
    return trainer, people


def test_the_score_equals_one_that_was_worked_out_by_hand(judged):
    found = score(judged[0])
    assert (found.letters, found.judges, found.finished, found.decisions) == (10, 3, 2, 29)
    # Ada missed 4 and rejected 10, Ben missed 3 and 4 and rejected 9, Cy did all nine right: 24 of 29, which is 82.8 %.
    assert (found.misses, found.on_rejects, found.needless, found.on_approves) == (3, 12, 2, 17)
    assert found.agreement_with_key == 82
    # Ada took 300 seconds and Ben 450. Cy has not finished. The median is 375 seconds.
    assert found.median_minutes == 7
    # Of each letter, the share of pairs alike: 1, 1, 1/3, 1/3, 1, 1, 1, 1, 1/3, 0. Their mean is 0.7.
    # Approvals, as a mean of the letters' shares: (1/3 + 2/3 + 4 + 2/3 + 1/2) / 10 = 0.61667. By chance: 0.47278.
    # So AC1 is 0.22722 / 0.52722 = 0.43098. Wilson's bounds of 0.7 of ten are 0.39678 and 0.89221, which gives -0.144 and 0.795.
    agreement = found.agreement
    assert (agreement.figure, agreement.low, agreement.high) == ("0.43", "−0.14", "0.79")
    assert (agreement.starts, agreement.at, agreement.ends) == (0, 43, 79)
    assert agreement.meaning == "You often decide alike. But many letters depend on who opens them."


def test_each_letter_says_how_many_approved_and_rejected_it_and_the_most_split_come_first(judged):
    found = score(judged[0])
    assert [(one.approved, one.rejected) for one in found.lines] == [
        *((0, 3), (0, 3), (1, 2), (2, 1), (3, 0), (3, 0), (3, 0), (3, 0), (2, 1), (1, 1)),
    ]
    assert [one.number for one in found.splits] == [10, 3, 4, 9]
    assert [(one.approved_share, one.rejected_share) for one in found.splits[:2]] == [(50, 50), (33, 67)]
    third = found.lines[2]
    assert (third.is_approved, third.rule, third.explanation) == (False, "The rule contact.", "Because of 3.")


def test_of_two_judges_the_figure_is_the_one_of_the_second_readings(trainer):
    for name in ("Ada", "Ben"):
        decide_all(join(trainer, name), TABLE[name])
    db.write(judges.end, trainer)
    categories = {"A": "approve", "R": "reject"}
    pairs = [(categories[one], categories[other]) for one, other in zip(TABLE["Ada"], TABLE["Ben"], strict=True)]
    expected = gwet_ac1(pairs, ["approve", "reject"])
    agreement = score(trainer).agreement
    assert [agreement.figure, agreement.low, agreement.high] == [
        f"{int(one * 100) / 100:.2f}".replace("-", "−") for one in (expected.value, expected.low, expected.high)
    ]


def test_each_judge_sees_their_own_result_and_nobody_elses(judged):
    trainer, people = judged
    mine = db.read(judging.results, people["Ben"])
    own = mine.own
    assert (own.name, own.right, own.decided, own.misses, own.needless, own.minutes) == ("Ben", 7, 10, 2, 1, 8)
    assert [line.is_right for line in mine.answers] == [True, True, False, False, *[True] * 4, False, True]
    assert [line.rule for line in mine.answers][:3] == ["The rule coded.", "The rule coded.", ""]
    assert mine.named == ()
    nobody = db.read(judging.results, trainer)
    assert (nobody.own, {line.decision for line in nobody.answers}) == (None, {""})


def test_a_name_is_shown_as_long_as_its_judge_wants_it(judged):
    trainer, people = judged
    db.write(judges.show_name, people["Cy"], shows=True)
    assert [(one.name, one.right) for one in db.read(judging.results, trainer).named] == [("Cy", 9)]
    assert db.read(judging.results, people["Cy"]).shows_name
    db.write(judges.show_name, people["Cy"], shows=False)
    assert db.read(judging.results, people["Ada"]).named == ()
    with pytest.raises(NotFound):
        db.write(judges.show_name, trainer, shows=True)


def test_screening_is_the_worlds_own_and_holds_what_its_rules_find():
    trainer = start()
    ben = join(trainer, "Ben")
    judges.begin(trainer, "")
    file = letter_files.parse(letter_files.built_in())
    decide = [db.write(judges.decide, ben, seen(ben).status.id, place, 0, 10) for place in range(1, 21)]
    assert decide[-1].place == 0
    db.write(judges.end, trainer)
    found = score(trainer)
    held = {line.number: line.held_by for line in found.lines if line.held_by}
    assert held[1] == "Telephone numbers, Plans and days"
    assert held[8] == "The building and its staff"
    assert (found.screening_held, found.screening_missed, found.screening_needless) == (3, 5, 7)
    assert (found.to_reject, found.to_approve, found.misses) == (8, 12, 8)
    assert [letter.is_approved for letter in file.letters] == [line.is_approved for line in found.lines]


def test_one_judge_has_a_result_and_no_agreement(trainer):
    decide_all(join(trainer, "Ben"), "R" * 10)
    db.write(judges.end, trainer)
    found = score(trainer)
    assert (found.agreement.figure, found.misses, found.needless) == ("", 0, 6)
    assert "two judges" in found.agreement.meaning


def test_below_ten_letters_there_is_no_figure():
    trainer = start()
    judges.begin(trainer, letter_file("threat", "", ""))
    for name in ("Ada", "Ben"):
        decide_all(join(trainer, name), "RAA")
    db.write(judges.end, trainer)
    agreement = score(trainer).agreement
    assert (agreement.figure, agreement.meaning) == (
        "",
        "Two judges have decided 3 letters. Below 10, the figure would say more about chance.",
    )


# Until the end.


def test_before_the_end_there_is_no_score_for_anybody(trainer):
    ben = join(trainer, "Ben")
    decide_all(ben, "A" * 10)
    finish(ben)
    assert score(trainer) is None
    assert [db.read(judging.results, seat) for seat in (trainer, ben)] == [None, None]
    db.write(judges.end, trainer)
    assert score(trainer)


def test_if_nobody_decides_anything_there_is_no_score(trainer):
    db.write(judges.end, trainer)
    assert score(trainer) is None
    assert score(start(address="192.0.2.9")) is None


def test_an_answer_may_change_until_the_judge_finishes(trainer):
    ben = join(trainer, "Ben")
    answer(ben, 3, rule=2, seconds=20)
    letter = db.read(judge_views.letter_view, ben, seen(ben).status.id, place_of(ben, 3))
    assert (letter.decision, letter.rule, letter.body) == ("reject", 2, "This is the letter 3.")
    answer(ben, 3, seconds=50)
    (row,) = rows(DemoAnswer)
    assert (row.letter, row.is_approved, row.reason, row.seconds) == (3, True, "", 70)
    with pytest.raises(IllegalMove):
        finish(ben)
    decide_all(ben, "A" * 10)
    assert finish(ben).has_finished
    with pytest.raises(IllegalMove):
        answer(ben, 3, rule=1)
    with pytest.raises(IllegalMove):
        finish(ben)


def test_whoever_leaves_a_letter_open_for_an_hour_has_read_it_for_ten_minutes(trainer):
    ben = join(trainer, "Ben")
    for seconds in (-5, 3_600, 3_600):
        answer(ben, 1, seconds=seconds)
    assert [row.seconds for row in rows(DemoAnswer)] == [600]


def test_every_judge_has_an_order_of_their_own_that_stays(trainer):
    people = [join(trainer, name) for name in ("Ada", "Ben", "Cy")]
    orders = [[one.subject for one in seen(seat).places] for seat in people]
    assert len({tuple(one) for one in orders}) == 3
    assert {tuple(sorted(one)) for one in orders} == {tuple(sorted(f"Number {number}" for number in range(1, 11)))}
    assert orders == [[one.subject for one in seen(seat).places] for seat in people]


def test_it_ends_by_itself_when_everybody_in_the_room_has_finished(trainer):
    ada, ben = join(trainer, "Ada", "watch"), join(trainer, "Ben", "administrator")
    for seat in (ada, ben):
        decide_all(seat, "A" * 10)
    assert not finish(ada).status.is_over
    assert (view(trainer).judging.finished, view(trainer).judging.judges) == (1, 2)
    assert finish(ben).status.is_over
    assert score(trainer).decisions == 20


def test_a_judge_alone_does_not_end_it_and_a_trainer_who_judges_is_waited_for(trainer):
    decide_all(trainer, "A" * 10)
    assert not finish(trainer).status.is_over
    ben = join(trainer, "Ben")
    decide_all(ben, "A" * 10)
    assert (seen(ben).status.finished, seen(ben).status.judges) == (1, 2)
    assert finish(ben).status.is_over


def test_late_joiners_judge_until_the_end(trainer):
    decide_all(join(trainer, "Ada"), "A" * 10)
    late = join(trainer, "Late")
    answer(late, 1)
    db.write(judges.end, trainer)
    with pytest.raises(IllegalMove):
        answer(late, 2)
    assert score(trainer).judges == 2


def test_answers_of_whoever_leaves_count_and_those_of_a_removed_seat_do_not(trainer):
    ada, ben, cy = (join(trainer, name) for name in ("Ada", "Ben", "Cy"))
    for seat in (ada, ben, cy):
        decide_all(seat, "A" * 10)
    finish(ada)
    db.write(seats.leave, ada)
    assert (seen(cy).status.finished, seen(cy).status.judges) == (1, 3)
    db.write(seats.remove, trainer, ben.id)
    with pytest.raises((IllegalMove, NotFound)):
        db.write(judges.decide, ben, seen(cy).status.id, 1, 0, 1)
    db.write(judges.end, trainer)
    assert (score(trainer).judges, score(trainer).decisions) == (2, 20)
    db.write(seats.remove, trainer, cy.id)
    assert score(trainer).judges == 2
    assert {row.seat_id for row in rows(DemoAnswer)} == {ada.id, cy.id}


@pytest.mark.parametrize(("place", "rule"), [(0, 0), (11, 0), (1, 4), (1, -1), (2**31 - 1, 0)])
def test_no_other_letter_or_rule_can_be_named(trainer, place, rule):
    ben = join(trainer, "Ben")
    with pytest.raises(NotFound):
        db.write(judges.decide, ben, seen(ben).status.id, place, rule, 1)
    assert rows(DemoAnswer) == []


def test_a_judging_of_another_session_is_none_of_ones_business(trainer):
    other = start(address="192.0.2.77")
    ben, mallory = join(trainer, "Ben"), join(other, "Mallory", address="192.0.2.78")
    theirs = seen(ben).status.id
    for refused in (judges.decide, judges.finish):
        more = (1, 0, 1) if refused is judges.decide else ()
        with pytest.raises(IllegalMove):
            db.write(refused, mallory, theirs, *more)
    with pytest.raises(NotFound):
        db.read(judge_views.letter_view, mallory, theirs, 1)
    assert db.read(judge_views.judge_view, mallory) is None
    assert rows(DemoAnswer) == rows(DemoJudge) == []


# The trainer.


def test_only_the_trainer_begins_and_ends(trainer):
    ben = join(trainer, "Ben")
    with pytest.raises(NotAllowed):
        judges.begin(ben, "")
    with pytest.raises(NotAllowed):
        db.write(judges.end, ben)
    with pytest.raises(IllegalMove):
        judges.begin(trainer, "")
    db.write(judges.end, trainer)
    with pytest.raises(IllegalMove):
        db.write(judges.end, trainer)


def test_a_file_that_cannot_be_read_is_refused_at_its_field_with_the_line():
    seat = start()
    with pytest.raises(Invalid) as error:
        judges.begin(seat, TEN.replace("threat", "thread", 1))
    assert list(error.value.fields) == ["letters"]
    assert error.value.fields["letters"].about["line"] == 31
    assert rows(DemoJudging) == []


def test_another_judging_takes_the_place_of_the_last_and_old_pages_decide_nothing_in_it(trainer):
    ben = join(trainer, "Ben")
    decide_all(ben, "A" * 10)
    old = seen(ben).status.id
    db.write(judges.end, trainer)
    judges.begin(trainer, "\ufeff" + letter_file("threat", ""))
    assert rows(DemoAnswer) == rows(DemoJudge) == []
    with pytest.raises(IllegalMove):
        db.write(judges.decide, ben, old, 1, 0, 1)
    assert (seen(ben).status.letters, seen(ben).decided) == (2, 0)


def test_nobody_reads_the_answers_of_the_built_in_letters_while_they_are_judged():
    seat = start()
    ben = join(seat, "Ben")
    db.read(judges.require_may_see_answers, seat)
    judges.begin(seat, "")
    for one in (seat, ben):
        with pytest.raises(NotFound):
            db.read(judges.require_may_see_answers, one)
    db.write(judges.end, seat)
    db.read(judges.require_may_see_answers, seat)
    with pytest.raises(NotFound):
        db.read(judges.require_may_see_answers, ben)


def test_a_watching_seat_judges_in_a_paused_session(trainer):
    token = seats.join(view(trainer).code, "Wren", SeatKind.WATCH, address_key="192.0.2.3")
    db.write(sessions.pause, trainer)
    answer(seat_of(token), 1)
    assert len(rows(DemoAnswer)) == 1


# The end of the session.


@pytest.mark.parametrize("how", ["ended", "expired"])
def test_the_end_of_a_session_is_the_end_of_its_judging_and_its_score_stays_for_the_summary(trainer, how):
    ben = join(trainer, "Ben")
    decide_all(ben, "R" * 10)
    if how == "ended":
        db.write(sessions.end, trainer)
        found = score(trainer)
    else:
        with clock.at(clock.now() + LASTS):
            found = score(trainer)
    assert (found.judges, found.needless, found.title) == (1, 6, "A few letters")


def test_nothing_is_left_with_the_summary(trainer):
    decide_all(join(trainer, "Ben"), "A" * 10)
    db.write(sessions.end, trainer)
    with clock.at(clock.now() + SUMMARY_LASTS + timedelta(minutes=1)):
        endings.end_due()
    assert [rows(model) for model in (DemoAnswer, DemoJudge, DemoJudging)] == [[], [], []]
