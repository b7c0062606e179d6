"""Nicknames of a booked name, and spellings of one spoken name.

English nicknames come from the `nicknames` package. Spanish ones (hipocorísticos), which it lacks, are listed below,
with a few modern English ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from nicknames import NickNamer
from rapidfuzz.distance import OSA

from rxconnect.search.normalise import words_less_a_letter

_LEAST_FOR_A_SLIP = 3
# An error in the package's table: two rows joined into one name.
_BROKEN = "billiewilhelm"

_NICKNAMES = """
adalberto: beto adal
adolfo: fito fofo dolfo
adrian: adri
agustin: tino agus cucho
alberto: beto tito berto al albert
alejandra: ale alex jandra sandra
alejandro: ale alex jandro jano sandro
aleksandr: sasha sanya
alexander: xander alex zander lex sasha
alexandra: alex sandra sasha lexi
alexis: alex lex
alfonso: poncho fonso alfo
alfredo: fredo fred fello feyo freddy alfred
alicia: licha
alonso: loncho poncho
alvaro: varo
ana: anita anny
anastasio: tacho
andrea: andi andy drea
andres: andy andi andrew
angel: angelito gelo lito
antonia: tona toni toñita
antonio: tony toño tonio toni antuan anthony
apolonio: polo
armando: mando nando mandy
arnulfo: fito nulfo
arturo: turo art tury
aurelio: yeyo lelo
baltazar: balta balto
barbara: barb
bartolome: bartolo bart
beatriz: bea betty beti ticha
benito: beno nito benny
benjamin: ben benji mincho benj
bernardo: nardo berna bernie
camilo: milo
carlos: carlitos charlie calo charly litos carlo charles
carmelo: melo
carmen: carmelita menchu mela
cassandra: cass cassie
catherine: cat kate katie
celestino: tino
cesar: cesarin checha
charles: chaz chuck chas chip
christian: chris cris
christopher: topher chris
cipriano: cipri
claudia: clau
clayton: clay
clinton: clint
concepcion: concha conchita concho chona
consuelo: chelo chelito
cristian: cris chris
cristina: cris tina
cristobal: cris tobal toba
cruz: crucito
cynthia: cyndi cindy
daniel: dani danny dan nelo
dante: dan
david: davi dave
deandre: dre andre
deanna: dee
delfino: fino
demetrius: meech demetri
deshawn: shawn
diego: dieguito
dolores: lola loli
domingo: mingo
dominic: dom
dominique: dom nique
dwayne: wayne
edgar: gary ed
edgardo: gardo edgar
edmundo: mundo
eduardo: lalo eddie edu ed edy guayo edward
edward: edw
efrain: efra
eleazar: chayo
elena: lena nena
elias: eli
emilio: milo emi millo
emmanuel: manny manu man
enrique: kike quique henry rique kiko rick
enriqueta: queta
ernesto: neto ernie nesto tito ernest
esmeralda: esme
esteban: estebitan steve teban steven stephen
eugenia: maru
eugenio: geno gene queno
evaristo: varo
ezequiel: cheque zeke
fabian: fabi
faustino: tino
federico: fede fico lico fred freddie
feliciano: chano
felipe: pipe lipe feli phil
felix: feli
fermin: min
fernando: nando fer ferny ferdie
fidel: fide
florencio: lencho
francisca: paca pancha panchita paquita
francisco: paco pancho frank cisco kiko quico chico currito frankie fran panchito francis
gabriel: gabe gabi gabo
gabriela: gabi gaby
george: geo
gerardo: jerry gera lalo gerry
german: mancho
gilberto: beto gil berto gilbert
giovanni: gio vanni
gonzalo: gonza chalo
graciela: chela
gregorio: goyo greg
guadalupe: lupe lupita pita
guillermo: memo guille billy willy memito william
gustavo: gus tavo
hector: tito
heriberto: beto heri
hermenegildo: gildo mere
hernan: nan
hilario: lalo layo
hipolito: polo
horacio: lacho
hortensia: tencha
hugo: huguito
humberto: beto berto
ignacia: nacha
ignacio: nacho nachito
irene: nena
isabel: chabela isa chavela belita izzy
isaias: chay
isidro: chilo sidro
ismael: isma mayel
israel: isra
ivan: ivancito
jacobo: cobo
jaime: jimmy jaimito
james: jas jay
jason: jay
javier: javi harvey
jerome: romey jerry
jeronimo: jero chomo
jesus: chuy chucho chuyito chus jesse suso chito
joaquin: quino juaco quin joaco
jonathan: jon john jonny
jorge: george coque jorgito koki
jose: pepe chepe joe josito pepito cheo che joselito joseph
josefina: pepa fina chepina josie
joseluis: pepelucho
josemaria: chema
juan: johnny juanito juancho john juanillo
juana: juanita
juventino: tino
katherine: kitty
kathleen: kate katie kathy kat
kenneth: ken kenny
laura: lau laurita
lazaro: lazo
leobardo: leo bardo
leonardo: leo nardo leon
leonel: leo nel
leopoldo: polo leo poldo
leticia: leti lety ticia
lorenzo: lencho enzo larry loren lawrence
lourdes: lulu
lucas: luke
luis: lucho luisito louie güicho wicho lou
luisa: lucha
luz: lucha
manuel: manny manolo manolito lolo meme manu
marcela: chela
marcelino: chelino marce lino
marcelo: chelo celo
marco: marcos
marcos: marc mark
margarita: mago rita margo mague
maria: mari maru mariquita chata maritza maruca
mario: mayito
marjorie: marge
marquis: quis marq
martin: tin marty
martina: tina
mateo: teo
matias: mati
mauricio: mau moris
maximiliano: max maxi
melchor: melcho
mercedes: meche merche
miguel: mike migue miguelito miki
miguelangel: miguel
moises: moy moi
natividad: nati
nicolas: nico nick colas
norberto: beto norbe
octavio: tavo tavio
omar: omi
oscar: oskitar cacho
osvaldo: valdo oso
pablo: paul pablito
patricia: pati paty tricia
patricio: pato pat
patrick: rick
paulino: lino
pedro: perico pete perucho pedrito peter
pilar: pili
primitivo: tivo
rafael: rafa rafi ralph fallo rafita fael
ramiro: ramy miro
ramon: moncho ray mon monche ramoncito monchi raymond
ramona: mona moncha
raul: rulo rauli ruly
raymundo: mundo ray
refugio: cuco cuca
rene: nene
reynaldo: rey naldo
ricardo: rick ricky richie cardo rico richard richi
rigoberto: rigo beto
robert: robbie rob bert robt
roberto: beto bob rob bobby robert berto robertito tito rober
rodolfo: rudy fito rodo rolfo
rodrigo: rodri rigo digo
rogelio: roger roy rogue
rolando: rolo lando roly
roman: romy
romulo: romo
rosa: rosita rosi rosie
rosalind: roz
rosario: chayo charo chary
ruben: benny rube
rufino: rufo fino
salvador: chava sal salva chavita chavo
samuel: sam sammy samy
sandra: sandy
santiago: chago santi tiago jimmy james
santos: santo
saul: saulito
sebastian: sebas bas chano seb bastian
sergio: checo serge yeyo
severiano: seve
silvestre: chivo veto
silvia: chiva
socorro: coco coyo
soledad: chole sole
stanley: stan
suzanne: suzy susie sue
teodoro: teo doro ted
teresa: tere techa teresita
terrence: terry
theodore: ted teddy theo
thomas: thos
timoteo: timo teo
tomas: tom tommy tomasito
trinidad: trini
tyrell: ty rell
tyrone: ty trey
ulises: uli
valentin: vale tin
valeria: vale
veronica: vero
vicente: chente vince vin vicho
victor: vic vico
victoria: vicky tori vico toya
virgilio: gilo
vladimir: vlad
wilfredo: willy fredo wil
william: liam will wm
yolanda: yoli yola
zacarias: zac
"""

# Spellings of one spoken name that are too different for `normalise.sound_of`.
_SPELLINGS = """
aaron arron erin aron
adrian adrien hadrian
alan allan allen alen
andre ondre
anthony antony antoni
antoine antwan antwon antuan antwone antjuan
bryan brian brayan bryon brien
caleb kaleb
caitlin katelyn kaitlyn kaitlin
carl karl
catherine katherine kathryn katharine cathryn
christian cristian kristian
christopher kristopher cristofer christofer kristofer
craig kraig creg
curtis kurtis
darrell darryl daryl darrel derrell
darren darin daron derron
derek derrick derick derrik deric
deshawn dashawn dshawn deshaun desean
devin devon deven devan
dominic dominick domenic dominique
dwayne duane dwain dewayne
edgar edger
eric erik erick aric
esteban estevan
ezekiel ezequiel
gary garry
geoffrey jeffrey jeffery jeffry geoff
giovanni jovanni geovanny giovani jovani yovani
gerald jerald jerold
hector ector
hugo ugo
ian iain ean
isaac isaak issac izaac
isaiah isiah izaiah isaias
israel isreal
jamal jamaal jamahl jamel
jaime hymie
jared jarred jarrod jerrod jered
javier xavier havier
jermaine germaine jermain
jerome gerome
jesse jessie jessy
jesus hesus
joaquin wakin joachin
joel joell
jonathan johnathan jonathon johnathon
jon john
jordan jordon
jose hose josey
josue joshue
juan wan
kaleb caleb
keith keath
kelvin calvin
kenneth keneth
kevin kevyn keven
khalil kalil kahlil
lamar lemar lamarr
lawrence laurence lorenz
leroy leeroy
lewis louis luis
luke luc
malcolm malcom
malik maleek malique
marc mark
marcus markus marques
mario marrio
marquis marquise markeis marques
mateo matteo
matthew mathew
maurice morris mauricio
micah mica
michael micheal mikal mikel miguel
mitchell mitchel
mohammed muhammad mohamed mohammad mohamad muhammed
nathan nathen
nathaniel nathanial nathanael
neil neal niel
nicholas nicolas nickolas
nikolai nicolai
omar umar
philip phillip felipe
quentin quinton quintin
raphael rafael
rashad rashaad
raheem rahim
ricky rickey
rodney rodny
russell russel
sean shawn shaun shon
sergio serjio
sergei serge
seth ceth
shane shayne
stephen steven stephan stefan
stuart stewart
terrence terrance terence torrence
terrell terrel tyrell
theodore teodoro
thomas tomas
timothy timothee
tony toni
tracy tracey
travis travus
trevor trever
tyrone tyron
tyrese tyreese
vicente vincente
vincent vinsent
wayne wane
wesley westley
xavier javier
yusef yusuf yousef youssef joseph
zachary zachery zackary zakary
"""


class Relative(NamedTuple):
    """A name that a person may be booked under, and its relation to the typed one."""

    name: str
    why: str
    slips: int


def _tables() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The formal names of every nickname, and the nicknames of every formal name."""
    formal, nicknames = defaultdict(set), defaultdict(set)
    own = (line.partition(": ") for line in _NICKNAMES.strip().translate(_PLAIN).splitlines())
    pairs = [(name, nickname) for name, _, listed in own for nickname in listed.split()]
    pairs += [(name, nickname) for name, listed in NickNamer().nickname_lookup.items() for nickname in listed]
    for name, nickname in pairs:
        if nickname not in (name, _BROKEN) and name.isalpha() and nickname.isalpha():
            formal[nickname].add(name)
            nicknames[name].add(nickname)
    return dict(formal), dict(nicknames)


_PLAIN = str.maketrans("ñü", "nu")
_FORMAL, _NICKNAMES_OF = _tables()
_SPOKEN: dict[str, set[str]] = defaultdict(set)
for _line in _SPELLINGS.strip().splitlines():
    for _name in _line.split():
        _SPOKEN[_name] |= set(_line.split()) - {_name}
_KNOWN: dict[str, list[str]] = defaultdict(list)  # names by what remains of them after one error
for _name in sorted(_FORMAL.keys() | _NICKNAMES_OF.keys()):
    for _left in words_less_a_letter(_name):
        _KNOWN[_left].append(_name)


@lru_cache(maxsize=256)
def relatives(typed: str) -> dict[str, Relative]:
    """The names that a person called `typed` may be booked under or go by. `typed` may have one error."""
    meant = [(typed, 0)]
    if len(typed) >= _LEAST_FOR_A_SLIP:
        near = {name for left in words_less_a_letter(typed) for name in _KNOWN.get(left, ())}
        meant += [(name, 1) for name in sorted(near) if OSA.distance(typed, name) == 1]
    # Some rosters have only the initial of a first name.
    found = {typed[0]: Relative(typed[0], "initial", 0)} if len(typed) > 1 else {}
    for name, slips in meant:
        for relative in _relatives(name, slips):
            found.setdefault(relative.name, relative)
    found.pop(typed, None)
    return found


def _relatives(name: str, slips: int) -> Iterator[Relative]:
    """Nearest first: another spelling, the formal name, a nickname, another nickname of the same formal name."""
    formal, nicknames = _FORMAL.get(name, set()), _NICKNAMES_OF.get(name, set())
    yield from (Relative(other, "sounds like", slips) for other in sorted(_SPOKEN.get(name, ())))
    for other in sorted(formal | nicknames):
        # Where the tables have both directions, the shorter name is the nickname.
        is_formal = other in formal and (other not in nicknames or len(other) > len(name))
        yield Relative(other, "nickname for" if is_formal else "nickname of", slips)
    for other in sorted(formal):
        yield from (Relative(sibling, "nickname", slips) for sibling in sorted(_NICKNAMES_OF[other] - {name}))
