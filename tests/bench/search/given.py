"""First names outside the census: nicknames and invented names. They are the benchmark's own, because the engine must
not be measured with its own tables.
"""

from __future__ import annotations

from random import Random

_NICKNAMES = """
abraham: abe, bram|albert: al, bert|alexander: alex, xander, sasha|alfred: al, fred, alfie|andrew: andy, drew
anthony: tony, ant|arthur: art, artie|benjamin: ben, benny, benji|bernard: bernie|bradley: brad|calvin: cal
cameron: cam|charles: charlie, chuck, chaz|christopher: chris, kit, topher|clarence: clare|clifford: cliff
clinton: clint|curtis: curt|cornelius: neil, corny|daniel: dan, danny|darnell: nell|david: dave, davey
demetrius: meechie, dee|dennis: denny|dominic: dom, nick|donald: don, donnie|douglas: doug|edward: ed, eddie, ted, ned
edwin: ed, eddie|eugene: gene|ernest: ernie|francis: frank|franklin: frank|frederick: fred, freddy, rick
gabriel: gabe|gerald: gerry, jerry|gilbert: gil, bert|gregory: greg|harold: hal, harry|henry: hank, harry|herbert: herb
isaac: ike, zac|jacob: jake|james: jim, jimmy, jamie|jeffrey: jeff|jeremiah: jerry, jem|jerome: jerry|jesse: jess
john: johnny, jack|johnathan: john, jon|jonathan: jon, johnny|joseph: joe, joey|joshua: josh|kenneth: ken, kenny
lawrence: larry, lonnie|leonard: len, lenny|leroy: lee, roy|louis: lou, louie|malcolm: mal|marvin: marv
matthew: matt|maurice: moe, reese|maxwell: max|melvin: mel|michael: mike, mikey, mick|mitchell: mitch|nathan: nate
nathaniel: nate, nat|nicholas: nick, nicky|patrick: pat, paddy|percival: percy|peter: pete|philip: phil|phillip: phil
randall: randy|raymond: ray|reginald: reggie, reg|richard: rick, dick, rich, ricky|robert: bob, bobby, rob, bert
roderick: rod, ricky|rodney: rod|roland: rollie|ronald: ron, ronnie|rudolph: rudy|russell: russ, rusty
salvatore: sal|samuel: sam, sammy|solomon: sol|stanley: stan|stephen: steve, stevie|steven: steve, stevie
terrance: terry|terrence: terry|theodore: ted, teddy, theo|thomas: tom, tommy|timothy: tim, timmy|tyrone: ty
vernon: vern|victor: vic|vincent: vince, vinny|walter: walt, wally|wesley: wes|william: bill, billy, will, liam
zachary: zach, zack|zachariah: zach
alejandro: alex, ale, jandro|alfonso: poncho, fonzo|alfredo: fredo, freddy|alberto: beto, al|antonio: tony, tono, toñito
arturo: turo, art|carlos: carlitos, charlie|cesar: checha|cristobal: cris|daniela: dani|eduardo: lalo, eddie
emiliano: emi|enrique: kike, quique, rick|ernesto: neto|esteban: teban|felipe: pipe|fernando: nando, fer|francisco: pancho, paco, cisco, frank
gerardo: gera, jerry|gilberto: beto, gil|gregorio: goyo, greg|guadalupe: lupe|guillermo: memo, willy|gustavo: gus, tavo|heriberto: beto, eddie
humberto: beto|ignacio: nacho|isidro: chilo|ismael: mayel|jaime: jimmy|javier: javi|jesus: chuy, chucho|joaquin: quino|jorge: george, coque
jose: pepe, chepe, joe|juan: juanito, john|leonardo: leo|luis: lucho, louie|manuel: manny, manolo, meño|marcos: mark
mario: mayito|mauricio: mau|miguel: mike, mikey|nicolas: nico|octavio: tavo|pablo: pablito|pedro: perico, pete|rafael: rafa, rafi
ramon: moncho|raul: rulo|ricardo: ricky, cardo, rick|roberto: beto, robert, bobby|rodolfo: rudy, fito|rodrigo: rigo, roro|salvador: chava, sal
santiago: santi, chago|sergio: checo|vicente: chente, vince|victoria: vicky
alexandra: alex, lexi, sandra|amanda: mandy|angela: angie|barbara: barb|catherine: cathy, kate, cat|christina: chris, tina
christine: chris, chrissy|cynthia: cindy|deborah: deb, debbie|dorothy: dot, dottie|elizabeth: liz, beth, betty, lisa
jacqueline: jackie|jennifer: jen, jenny|jessica: jess, jessie|katherine: kathy, kate, katie|kimberly: kim
margaret: peggy, maggie, meg|maria: mari, mary|michelle: shelly|nicole: nikki|pamela: pam|patricia: pat, patty, trish
rebecca: becky|samantha: sam|sandra: sandy|stephanie: steph|susan: sue, suzie|tiffany: tiff|veronica: ronnie, vero
victoria: vicky, tori|virginia: ginny
"""

_BEGINNINGS, _MIDDLES, _ENDINGS, _STEMS = (
    line.split()
    for line in (
        "De Da La Ja Ke Ty Tre Qua Mar Sha Ra Jer Kei An Dar Tra Don Lam Mal Mon Ny Za Ka Jah Kha Dy",
        "vion tavi quan shaun mari quavi del rel von tez ron kei var dari mond",
        "us te ious on ell ez ion ay quan shawn tay vious re is en o ta",
        "Shawn Quan Von Andre Marcus Vonte Marion Juan Wan Angelo Lonte Rell Quez Carlos Anthony Sean Ron Cedric",
    )
)


def _table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in filter(None, _NICKNAMES.replace("\n", "|").split("|")):
        name, _, nicknames = entry.partition(": ")
        found.setdefault(name, []).extend(nicknames.split(", "))
    return found


NICKNAMES = _table()


def nickname(rng: Random, first: str) -> str:
    """A nickname for a first name, or ""."""
    options = NICKNAMES.get(first.lower())
    return rng.choice(options).capitalize() if options else ""


def invented(rng: Random) -> str:
    """A first name invented by parents: `DeShawn`, `Tyquan`, `Jamarion`."""
    beginning = rng.choice(_BEGINNINGS)
    if rng.random() < 0.5:
        stem = rng.choice(_STEMS)
        return beginning + (stem if rng.random() < 0.5 else stem.lower())
    return beginning + rng.choice(_MIDDLES) + rng.choice(_ENDINGS)
