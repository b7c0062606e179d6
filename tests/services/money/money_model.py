"""A pure model of the money: what every wallet and every cent must be, told in plain dictionaries and whole numbers.

It shares no code with the services. `money_machine` does the same things to both, and compares them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Wallet = tuple[int, int]
LEASE, AT_THE_BANK, PATIENCE = timedelta(seconds=60), timedelta(minutes=15), timedelta(hours=1)


@dataclass(eq=False)
class Bought:
    """A purchase. `at_processor` is open, asks, paid or refused; `charged` is what the processor really took, in cents."""

    id: str
    wallet: Wallet
    credits: int
    cents: int
    until: datetime
    status: str = "charging"
    at_processor: str = "open"
    charged: int = 0
    can_refund: bool = True

    @property
    def is_under_way(self) -> bool:
        return self.status in ("charging", "requires_action")


@dataclass(eq=False)
class Piece:
    """Credits of one purchase in one wallet, and the cents they came with."""

    wallet: Wallet
    bought: Bought
    credits: int
    cents: int


@dataclass(eq=False)
class Return:
    """A refund. `piece` is None for what was charged wrongly. `is_told`: we know that the processor has taken it.

    `is_departure`: nobody asked for it, somebody left.
    """

    owner: int
    bought: Bought
    piece: Piece | None
    credits: int
    cents: int
    until: datetime | None = None
    status: str = "pending"
    is_there: bool = False
    is_told: bool = False
    is_news: bool = False
    is_departure: bool = False


@dataclass(eq=False)
class Letter:
    """A message, by its id. `cost` includes the `answer`, which is 1 if it is paid for; `answer_waits` once it is delivered."""

    id: int
    wallet: Wallet
    person: int
    cost: int
    answer: int = 0
    status: str = "in review"
    answer_waits: bool = False

    @property
    def is_pending(self) -> bool:
        return self.status in ("in review", "approved")


@dataclass(eq=False)
class Contested:
    """A dispute: how it stands at the bank, and how we have it."""

    id: str
    bought: Bought
    cents: int
    state: str = "open"
    ours: str = ""
    parts: list[tuple[Piece, int, int]] = field(default_factory=list)


@dataclass(eq=False)
class Person:
    """Somebody in custody, and every facility that they left."""

    id: int
    place: int
    is_held: bool = True
    left: set[int] = field(default_factory=set)


class Model:
    """Balances by account, and why they are what they are."""

    def __init__(self, prices: dict[int, int], people: list[Person], families: list[int]) -> None:
        self.prices, self.people, self.families = prices, people, families
        # The order of the first credits of each: departures look at wallets in this order.
        self.wallet: dict[Wallet, int] = {}
        self.hold: Counter[Wallet] = Counter()
        self.frozen: Counter[Wallet] = Counter()
        self.earned: Counter[int] = Counter()
        self.refunding: Counter[int] = Counter()
        self.takings: Counter[int] = Counter()
        self.processor = 0
        self.bought: list[Bought] = []
        self.pieces: list[Piece] = []
        self.returns: list[Return] = []
        self.letters: list[Letter] = []
        self.contested: list[Contested] = []

    def balances(self) -> dict[tuple[str, int, int], int]:
        """Every balance that is not nothing, by kind, owner and facility."""
        found: dict[tuple[str, int, int], int] = {("processor", 0, 0): -self.processor}
        for kind, kept in (("wallet", self.wallet), ("hold", self.hold), ("frozen", self.frozen)):
            found |= {(kind, *wallet): amount for wallet, amount in kept.items()}
        found |= {("earned", 0, place): amount for place, amount in self.earned.items()}
        found |= {("takings", 0, place): amount for place, amount in self.takings.items()}
        found |= {("refunding", owner, 0): amount for owner, amount in self.refunding.items()}
        return {account: amount for account, amount in found.items() if amount}

    def refunded(self, bought: Bought) -> int:
        """The cents of a purchase that went back or are on their way."""
        return sum(one.cents for one in self.returns if one.bought is bought and one.piece and one.status != "failed")

    def unused(self, wallet: Wallet, credits: int | None = None) -> Iterator[tuple[Piece, int, int]]:
        """The newest pieces that make up so many of a wallet's credits, all of them unless told, each with its cents."""
        left = self.wallet.get(wallet, 0) if credits is None else credits
        for piece in reversed(self.pieces):
            if piece.wallet == wallet and piece.credits and piece.cents and left > 0:
                some = min(left, piece.credits)
                left -= some
                if cents := piece.cents * some // piece.credits:
                    yield piece, some, cents

    def refundable(self, wallet: Wallet) -> int:
        """How many of a wallet's credits are worth money."""
        return sum(credits for _, credits, _ in self.unused(wallet))

    # Buying.

    def settle(self, bought: Bought) -> None:
        """We learn what became of a payment."""
        if bought.at_processor == "paid" and bought.charged == bought.cents:
            bought.status = "paid"
            self.processor += bought.cents
            self.takings[bought.wallet[1]] += bought.cents
            self._give(bought.wallet, bought.credits)
            self.pieces.append(Piece(bought.wallet, bought, bought.credits, bought.cents))
            return
        bought.status = "failed"
        if bought.at_processor == "paid":
            self.processor += bought.charged
            self.refunding[bought.wallet[0]] += bought.charged
            self.returns.append(Return(bought.wallet[0], bought, None, 0, bought.charged))

    def reconcile(self, now: datetime) -> None:
        """Whoever had their time has had it."""
        for bought in self.bought:
            if bought.is_under_way and bought.until <= now:
                if bought.at_processor in ("open", "asks"):
                    bought.at_processor = "refused"
                self.settle(bought)

    # Letters.

    def send(self, letter: Letter) -> None:
        self.wallet[letter.wallet] -= letter.cost
        self.hold[letter.wallet] += letter.cost
        self.letters.append(letter)

    def end(self, letter: Letter, status: str) -> None:
        """A letter reaches a status; its credits return, or are earned."""
        letter.status = status
        if letter.is_pending:
            return
        if status == "delivered":
            self.hold[letter.wallet] -= letter.cost - letter.answer
            self.earned[letter.wallet[1]] += letter.cost - letter.answer
            letter.answer_waits = bool(letter.answer)
        else:
            self.hold[letter.wallet] -= letter.cost
            self._give(letter.wallet, letter.cost)

    def payable(self, owner: int, person: int) -> list[Letter]:
        """The letters of a conversation whose answers are paid for and have not come, the oldest first."""
        return [one for one in self.letters if one.answer_waits and (one.wallet[0], one.person) == (owner, person)]

    def answer(self, owner: int, person: int) -> None:
        """An answer is delivered: it uses the oldest credit, and the newest letter that arrived is answered."""
        paid = self.payable(owner, person)[0]
        paid.answer_waits = False
        self.hold[paid.wallet] -= paid.answer
        self.earned[paid.wallet[1]] += paid.answer
        arrived = [one for one in self.letters if (one.wallet[0], one.person) == (owner, person)]
        newest = [one for one in arrived if one.status in ("delivered", "replied")][-1]
        newest.status = "replied"

    def give_up_answers(self, *, is_time_over: bool) -> int:
        """Credits for answers come back, since their time is over or the person has left. Returns how many."""
        gone = {person.id: person for person in self.people}
        over = [
            one
            for one in self.letters
            if one.answer_waits
            and (is_time_over or not gone[one.person].is_held or gone[one.person].place != one.wallet[1])
        ]
        for letter in over:
            letter.answer_waits = False
            self.hold[letter.wallet] -= letter.answer
            self._give(letter.wallet, letter.answer)
        return len(over)

    # Refunds.

    def set_aside(self, parts: list[tuple[Piece, int, int]], *, is_departure: bool = False) -> list[Return]:
        """Parts of pieces are on their way back to a card."""
        asked = []
        for piece, credits, cents in parts:
            self._take(piece, credits, cents)
            self.wallet[piece.wallet] -= credits
            self.refunding[piece.wallet[0]] += cents
            asked.append(Return(piece.wallet[0], piece.bought, piece, credits, cents, is_departure=is_departure))
        self.returns += asked
        return asked

    def tell(self, one: Return, now: datetime, fault: str = "") -> None:
        """The processor is asked to pay, or how far it is."""
        one.until = now + LEASE
        if fault == "before":
            return
        if not one.is_there:
            one.is_there = one.is_news = True
        elif one.is_told:
            self._fail(one)
            return
        if fault == "after":
            return
        one.is_told = True
        if one.bought.can_refund:
            one.status = "paid"
            self.refunding[one.owner] -= one.cents
            self.processor -= one.cents
        else:
            one.until = now + PATIENCE

    def carry_out(self, now: datetime) -> None:
        """Every refund that nobody is busy with."""
        for one in self.returns:
            if one.status == "pending" and (one.until is None or one.until <= now):
                self.tell(one, now)

    def hear_of_refunds(self) -> None:
        """The processor's news of refunds: those it could not pay have failed."""
        for one in self.returns:
            if one.is_news and one.is_told and one.status == "pending":
                self._fail(one)
            one.is_news = False

    def _fail(self, one: Return) -> None:
        one.status = "failed"
        if one.piece:
            self.refunding[one.owner] -= one.cents
            self._take(one.piece, -one.credits, -one.cents)
            self._give(one.piece.wallet, one.credits)
            self._take_what_came_back(one.bought)

    # Departures.

    def follow_up(self) -> None:
        """What it means that somebody left."""
        for letter in self.letters:
            person = next(person for person in self.people if person.id == letter.person)
            if letter.is_pending and (not person.is_held or person.place != letter.wallet[1]):
                self.end(letter, "undeliverable")
        for wallet in [wallet for wallet in self.wallet if self.wallet[wallet] and self._is_left(wallet[1])]:
            self._see_to(wallet)

    def _is_left(self, place: int) -> bool:
        return any(
            (person.place == place and not person.is_held) or (place in person.left and person.place != place)
            for person in self.people
        )

    def _see_to(self, wallet: Wallet) -> None:
        place = wallet[1]
        there = [person for person in self.people if person.place == place or place in person.left]
        held = [person for person in there if person.is_held]
        if any(person.place == place for person in held):
            return
        if held:
            # Everyone's contacts came to be in the order of the people.
            self._transfer(wallet, (wallet[0], held[-1].place))
        else:
            # A card that took nothing back when somebody left is not asked again and again.
            failed = [one.piece for one in self.returns if one.is_departure and one.status == "failed"]
            self.set_aside([part for part in self.unused(wallet) if part[0] not in failed], is_departure=True)

    def _transfer(self, wallet: Wallet, to: Wallet) -> None:
        price = self.prices[to[1]]
        for piece, credits, cents in reversed(list(self.unused(wallet))):
            self._take(piece, credits, cents)
            self.wallet[wallet] -= credits
            new = (cents + price - 1) // price
            self._give(to, new)
            self.takings[to[1]] += cents
            self.pieces.append(Piece(to, piece.bought, new, cents))

    # Disputes.

    def hear_of(self, dispute: Contested) -> None:
        """We learn how a dispute stands."""
        if not dispute.ours:
            dispute.ours, dispute.bought.status = "open", "disputed"
            self._freeze(dispute)
        if dispute.ours == "open" and dispute.state != "open":
            dispute.ours = dispute.state
            (self._return if dispute.state == "won" else self._lose)(dispute)

    def _freeze(self, dispute: Contested) -> None:
        """As much of what the bank took as is still ours; of a dispute that is lost, the credits are gone at once."""
        unused = {
            piece: credits
            for place in self.prices
            for piece, credits, _ in self.unused((dispute.bought.wallet[0], place))
        }
        left = dispute.cents - sum(cents for _, _, cents in dispute.parts)
        for piece in reversed([piece for piece in self.pieces if piece.bought is dispute.bought and piece.cents]):
            cents = min(left, piece.cents)
            left -= cents
            if not cents:
                break
            credits = min(unused.get(piece, 0), cents * piece.credits // piece.cents)
            dispute.parts.append((piece, credits, cents))
            self._take(piece, credits, cents)
            self.wallet[piece.wallet] -= credits
            self.frozen[piece.wallet] += credits if dispute.ours == "open" else 0
            self.processor -= cents

    def _take_what_came_back(self, bought: Bought) -> None:
        """Banks that took more of a purchase than was ours have what is ours again."""
        of_banks = [one for one in self.contested if one.bought is bought and one.ours in ("open", "lost")]
        for dispute in sorted(of_banks, key=lambda one: one.id):
            self._freeze(dispute)

    def _return(self, dispute: Contested) -> None:
        others = [one for one in self.contested if one.bought is dispute.bought and one.ours in ("open", "lost")]
        dispute.bought.status = "disputed" if others else "paid"
        for piece, credits, cents in dispute.parts:
            self._take(piece, -credits, -cents)
            self.frozen[piece.wallet] -= credits
            self._give(piece.wallet, credits)
            self.processor += cents
        self._take_what_came_back(dispute.bought)

    def _lose(self, dispute: Contested) -> None:
        for piece, credits, _ in dispute.parts:
            self.frozen[piece.wallet] -= credits

    def _give(self, wallet: Wallet, credits: int) -> None:
        self.wallet[wallet] = self.wallet.get(wallet, 0) + credits

    def _take(self, piece: Piece, credits: int, cents: int) -> None:
        """Credits and their cents leave a piece, and the facility's takings with them; negative ones come back."""
        piece.credits -= credits
        piece.cents -= cents
        self.takings[piece.wallet[1]] -= cents
