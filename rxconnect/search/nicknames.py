"""Names that one person goes by: nicknames of a booked name, and spellings of one spoken name.

A modest table by hand, of names that are frequent in the United States, English and Spanish.
"""

from __future__ import annotations

_NICKNAMES = """
abraham: abe
albert: al bert
alberto: beto
alejandro: alex ale jandro
alexander: alex xander al
alfredo: fredo fred
andrew: andy drew
anthony: tony
antonio: tony toño
benjamin: ben benny benji
carlos: carlitos charlie
catherine: cathy cat kate katie
charles: charlie chuck chaz
christina: chris tina christy
christopher: chris topher kit
cristobal: cris
daniel: dan danny
david: dave davey
deborah: deb debbie
donald: don donny
dorothy: dot dottie
edward: ed eddie ted ned
eduardo: lalo eddie edu
elizabeth: liz beth betty eliza lisa
enrique: kike quique henry
ernesto: neto ernie
eugene: gene
fernando: nando fer
francis: frank frankie
francisco: paco pancho frank cisco
franklin: frank
frederick: fred freddie rick
gabriel: gabe
gerald: gerry jerry
gerardo: jerry
gilberto: beto gil
gregory: greg
guadalupe: lupe
guillermo: memo
harold: harry hal
henry: hank harry
heriberto: beto
humberto: beto
ignacio: nacho
isabel: chabela isa
jacob: jake
james: jim jimmy jamie
jeffrey: jeff
jennifer: jen jenny
jessica: jess jessie
jesus: chuy chucho
john: jack johnny
jonathan: jon john
jorge: george coque
jose: pepe chepe
joseph: joe joey
joshua: josh
juan: johnny juanito
kathleen: kathy kate
kenneth: ken kenny
lawrence: larry
leonard: leo len lenny
leonardo: leo
louis: lou louie
luis: lucho
manuel: manny manolo
margaret: maggie meg peggy marge
mario: mayito
matthew: matt
melissa: mel missy
michael: mike mikey mick
michelle: shelly
miguel: mike
nathaniel: nate nathan nat
nicholas: nick nicky
nicolas: nico nick
norberto: beto
pablo: paul
patricia: pat patty trish
patrick: pat rick
pedro: perico pete
peter: pete
rafael: rafa rafi ralph
ramon: moncho ray
randall: randy
raymond: ray
rebecca: becky becca
ricardo: rick ricky richie
richard: rick ricky rich dick
robert: rob bob bobby robbie
roberto: beto bob rob
rodolfo: rudy fito
ronald: ron ronnie
rosario: chayo
samuel: sam sammy
santiago: chago santi
sergio: checo
stephanie: steph
stephen: steve
steven: steve
susan: sue susie
terrence: terry
theodore: ted teddy theo
theresa: terry tess
thomas: tom tommy
timothy: tim timmy
victor: vic
vicente: chente
victoria: vicky tori
vincent: vince vinny
walter: walt wally
william: bill will billy willie liam
zachary: zach zack
"""

# One spoken name in spellings so far apart that `normalise.sound` cannot tell.
_SPELLINGS = """
aaron arron erin
alan allan allen
bryan brian brayan
caitlin katelyn kaitlyn
catherine katherine kathryn katharine
deshawn dashawn dshawn deshaun
eric erik erick
geoffrey jeffrey jeffery
hugo ugo
isaiah isiah izaiah
jamal jamaal
jaime hymie
jordan jordon
lawrence laurence
malik maleek malique
mateo matteo
mohammed muhammad mohamed mohammad
nicholas nicolas nickolas
philip phillip
rashad rashaad
sean shawn shaun
stephen steven stephan
stuart stewart
terrence terrance terence
thomas tomas
tyrone tyron
vicente vincente
xavier javier
zachary zachery zackary
"""


def _by_nickname() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in _NICKNAMES.strip().replace("ñ", "n").splitlines():
        formal, _, nicknames = line.partition(": ")
        for nickname in nicknames.split():
            found.setdefault(nickname, set()).add(formal)
    return found


FORMAL = _by_nickname()
SPELLINGS = [frozenset(line.split()) for line in _SPELLINGS.strip().splitlines()]


def is_nickname(nickname: str, formal: str) -> bool:
    """Whether `nickname` is short for `formal`; both are keys (`normalise.name_key`)."""
    return formal in FORMAL.get(nickname, ())


def is_other_spelling(one: str, other: str) -> bool:
    """Whether both are spellings of one spoken name."""
    return any(one in group and other in group for group in SPELLINGS)


def relatives(key: str) -> set[str]:
    """Every name in the tables that someone called `key` may be booked under, or be called."""
    formal = FORMAL.get(key, set())
    nicknames = {nickname for nickname, names in FORMAL.items() if key in names}
    return formal.union(nicknames, *(group for group in SPELLINGS if key in group))
