"""Whatever is done to a chain before its last head, `verify` names the first broken row."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

import pytest

from rxconnect.domain import audit_chain
from rxconnect.domain.audit_chain import (
    Break,
    ChainRow,
    Flaw,
    Head,
    canonical_details,
    genesis,
    row_hash,
    verify,
)

PLACE = 7
BEGAN = datetime(2026, 3, 4, 12, tzinfo=UTC)


def chained(rows, *, after=None, sequence=0):
    """The rows computed as one chain, from their place on."""
    last = after or genesis(PLACE)
    for row in rows:
        sequence += 1
        placed = row._replace(sequence=sequence, previous=last)
        last = row_hash(PLACE, placed)
        yield placed._replace(hash=last)


def chain(length, seed=0):
    random = Random(seed)
    kinds = ["letter opened", "decided", "signed in", "searched"]
    return list(
        chained(
            ChainRow(
                sequence=0,
                at=BEGAN + timedelta(seconds=number, microseconds=random.randrange(10**6)),
                account_id=random.choice([None, 3, 5]),
                role="reviewer",
                kind=random.choice(kinds),
                message_id=random.choice([None, random.randrange(1000)]),
                subject=random.choice(["", "batch 3"]),
                details=canonical_details(random.choice([{}, {"outcome": "approved"}])),
                previous="",
                hash="",
            )
            for number in range(length)
        )
    )


def renumbered(rows):
    return [row._replace(sequence=number) for number, row in enumerate(rows, 1)]


def another(row):
    return row._replace(account_id=99, kind="decided", details='{"outcome":"rejected"}')


def head_of(rows):
    return Head(len(rows), rows[-1].hash)


def changed(rows, place, random):
    """A field of one row is changed, and nothing else."""
    field, value = random.choice(
        [
            ("at", rows[place].at + timedelta(microseconds=1)),
            ("account_id", 4),
            ("role", "auditor"),
            ("kind", "signed out"),
            ("message_id", 5000),
            ("subject", "batch 4"),
            ("details", '{"outcome":"upheld"}'),
            ("hash", "0" * 64),
        ]
    )
    return [*rows[:place], rows[place]._replace(**{field: value}), *rows[place + 1 :]], Break(place + 1, Flaw.CHANGED)


def changed_with_its_hash(rows, place, random):
    """One row is changed, and its own hash computed anew."""
    row = another(rows[place])
    forged = row._replace(hash=row_hash(PLACE, row))
    return [*rows[:place], forged, *rows[place + 1 :]], Break(place + 1, Flaw.CHANGED)


def deleted(rows, place, random):
    return [*rows[:place], *rows[place + 1 :]], Break(place + 1, Flaw.MISSING)


def deleted_and_renumbered(rows, place, random):
    return renumbered([*rows[:place], *rows[place + 1 :]]), Break(place + 1, Flaw.MISSING)


def many_deleted(rows, place, random):
    return [*rows[:place], *rows[place + 5 :]], Break(place + 1, Flaw.MISSING)


def inserted(rows, place, random):
    """A row is squeezed in with a right hash, and the rest is renumbered."""
    (forged,) = chained([another(rows[place])], after=rows[place - 1].hash if place else None, sequence=place)
    return renumbered([*rows[:place], forged, *rows[place:]]), Break(place + 1, Flaw.INSERTED)


def inserted_carelessly(rows, place, random):
    forged = another(rows[place])._replace(hash="1" * 64)
    return renumbered([*rows[:place], forged, *rows[place:]]), Break(place + 1, Flaw.INSERTED)


def reordered(rows, place, random):
    """Two rows change places, with all that is theirs."""
    other = random.choice([place + 1, random.randrange(place + 1, len(rows) - 1)])
    mixed = list(rows)
    mixed[place], mixed[other] = mixed[other], mixed[place]
    return renumbered(mixed), Break(place + 1, Flaw.REORDERED)


def cut_off(rows, place, random):
    return rows[:place], Break(place + 1, Flaw.CUT_OFF, until=len(rows))


def cut_off_and_appended(rows, place, random):
    """The end is replaced by as many other rows and some more, in a chain that is sound in itself."""
    end = chained(
        [another(row) for row in rows[place:] * 2], after=rows[place - 1].hash if place else None, sequence=place
    )
    return [*rows[:place], *end], Break(1, Flaw.REWRITTEN, until=len(rows))


def restored_from_an_older_backup(rows, place, random):
    """The chain of a backup, in which fewer acts followed than were there before."""
    end = list(
        chained([another(row) for row in rows[place:]], after=rows[place - 1].hash if place else None, sequence=place)
    )
    return [*rows[:place], *end[:-1]], Break(len(rows), Flaw.CUT_OFF, until=len(rows))


ATTACKS = [
    changed,
    changed_with_its_hash,
    deleted,
    deleted_and_renumbered,
    many_deleted,
    inserted,
    inserted_carelessly,
    reordered,
    cut_off,
    cut_off_and_appended,
    restored_from_an_older_backup,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_before_the_last_head_is_named_with_its_place(attack):
    rows, random = chain(200), Random(attack.__name__)
    head = head_of(rows)
    for place in [0, 1, *(random.randrange(len(rows) - 6) for _ in range(40))]:
        broken, expected = attack(rows, place, random)
        found = verify(PLACE, broken, head=head)
        assert found.first_broken == expected, (attack.__name__, place)
        assert found.proven == 0


def test_heads_that_were_kept_narrow_down_where_a_chain_was_rewritten():
    rows, random = chain(100), Random(1)
    kept = [Head(20, rows[19].hash), Head(60, rows[59].hash), Head(90, rows[89].hash)]
    for place in range(100):
        broken, _ = cut_off_and_appended(rows, place, random)
        bounds = [(21, 60), (61, 90), (91, 100)] if place >= 20 else [(1, 20)]
        first, until = next(pair for pair in bounds if place < pair[1])
        assert verify(PLACE, broken, head=head_of(rows), kept=kept).first_broken == Break(first, Flaw.REWRITTEN, until)


def test_a_forged_head_of_a_huge_chain_does_not_keep_the_broken_row_from_being_named(monkeypatch):
    monkeypatch.setattr(audit_chain, "_FARTHEST", 100)
    broken, expected = changed(chain(50), 20, Random(1))
    assert verify(PLACE, broken, kept=[Head(10**15, "0" * 64)]).first_broken == expected


def test_a_sound_chain_is_proven_up_to_its_head_and_the_rest_is_not_anchored_yet():
    rows = chain(50)
    found = verify(PLACE, rows, head=Head(30, rows[29].hash))
    assert (found.rows, found.proven, found.not_yet_anchored, found.first_broken) == (50, 30, 20, None)
    assert found.last == head_of(rows)


def test_without_a_head_nothing_is_proven():
    found = verify(PLACE, chain(5))
    assert (found.first_broken, found.proven, found.not_yet_anchored) == (None, 0, 5)


def test_a_rewritten_end_after_the_head_is_not_noticed_and_is_not_called_proven():
    rows = chain(50)
    broken, _ = cut_off_and_appended(rows, 40, Random(1))
    found = verify(PLACE, broken, head=Head(30, rows[29].hash))
    assert (found.first_broken, found.proven) == (None, 30)


def test_a_chain_does_not_pass_as_another_facilitys():
    assert verify(PLACE + 1, chain(5)).first_broken == Break(1, Flaw.CHANGED)


def test_an_empty_chain_is_sound_until_a_head_says_that_it_was_not_empty():
    assert verify(PLACE, []).first_broken is None
    assert verify(PLACE, [], head=Head(3, "a" * 64)).first_broken == Break(1, Flaw.CUT_OFF, until=3)


def test_the_encoding_is_the_documented_one():
    row = ChainRow(1, BEGAN, None, "reviewer", "decided", 17, "Zoë", '{"a":1}', genesis(7), "")
    first = sha256(b"17:rxconnect-audit-11:7").hexdigest()
    assert genesis(7) == first
    encoded = (
        "17:rxconnect-audit-1"
        "1:7"
        "1:1"
        "32:2026-03-04T12:00:00.000000+00:00"
        "0:"
        "8:reviewer"
        "7:decided"
        "2:17"
        "4:Zoë"
        '7:{"a":1}'
        f"64:{first}"
    )
    assert row_hash(7, row) == sha256(encoded.encode()).hexdigest()


def test_details_have_one_spelling():
    assert (
        canonical_details({"b": "é", "a": [1, 2]})
        == canonical_details({"a": [1, 2], "b": "é"})
        == '{"a":[1,2],"b":"\\u00e9"}'
    )


@pytest.mark.parametrize("text", ["", "7", "7:", ":" + "a" * 64, "7:" + "a" * 63, "-7:" + "a" * 64, "x:" + "a" * 64])
def test_what_is_no_head_is_not_read_as_one(text):
    assert Head.parse(text) is None


def test_a_head_is_read_as_it_was_printed_also_with_line_breaks():
    head = Head(1234, "ab" * 32)
    assert Head.parse(str(head)) == head
    assert Head.parse(f" {str(head)[:40]}\n{str(head)[40:].upper()} ") == head
