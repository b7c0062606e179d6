"""Clerks' different spellings of one name: capitals, particles, apostrophes, accents."""

from __future__ import annotations

import re
from random import Random

_IRISH = re.compile(
    r"O("
    r"BANION|BANNON|BOYLE|BRIEN|BRYAN|BRYANT|BYRNE|CALLAGHAN|CONNELL|CONNOR|CONNER|DANIEL|DAY|DEA|DELL|"
    r"DONNELL|DONOGHUE|DONOHUE|DOWD|DWYER|FARRELL|FLAHERTY|FLYNN|GARA|GORMAN|GRADY|HAGAN|HALLORAN|HANLON|"
    r"HARA|HARE|HEARN|KEEFE|KELLEY|KELLY|LEARY|LOUGHLIN|MALLEY|MARA|MEARA|NEAL|NEIL|NEILL|QUIN|QUINN|"
    r"REILLY|RILEY|ROURKE|SHAUGHNESSY|SHEA|SHIELDS|SULLIVAN|TOOLE"
    r")"
)
_NOT_VAN = {"VANCE", "VANG", "VANN", "VANNOY", "VANEGAS", "VANESSA", "VANTASSEL", "VANDIVER", "VANTERPOOL"}
_PARTICLES = [
    (
        re.compile("DELA(CRUZ|ROSA|TORRE|GARZA|PAZ|FUENTE|PENA|CERDA|ROCHA|VEGA|HOYA|MORA|SERNA|O|LUZ|CUEVA)"),
        "DE LA {}",
    ),
    (re.compile(r"DELOS(SANTOS|REYES|RIOS|ANGELES|SANTOS)"), "DE LOS {}"),
    (re.compile(r"DEL(RIO|VALLE|TORO|ANGEL|CAMPO|REAL|BOSQUE|CASTILLO|MONTE|PRADO|CID|PINO|ROSARIO)"), "DEL {}"),
    (re.compile(r"DE(LEON|JESUS|LUNA|ANDA|ALBA|HARO|LARA|SANTIAGO|SOUZA|SILVA|OLIVEIRA|GUZMAN)"), "DE {}"),
    (
        re.compile(r"ST(JOHN|CLAIR|PIERRE|GERMAIN|AMAND|ONGE|LOUIS|LAURENT|ROMAIN|CYR|MARTIN|GEORGE|PETER|JAMES)"),
        "ST. {}",
    ),
    (re.compile(r"VANDER(\w{4,})"), "VAN DER {}"),
    (re.compile(r"VAN([BDGHKLMNPRSVWZ]\w{3,})"), "VAN {}"),
]

_CAPITALISED = re.compile(r"(^|[\s'’.-])(\w)")

_ACCENTED_ENDING = re.compile(r"([AEIOU])([^AEIOU]+EZ)$")
_ACUTE = str.maketrans("AEIOU", "ÁÉÍÓÚ")
_TILDES = {
    "MUNOZ": "MUÑOZ", "NUNEZ": "NÚÑEZ", "PENA": "PEÑA", "CASTANEDA": "CASTAÑEDA", "IBANEZ": "IBÁÑEZ", "ACUNA": "ACUÑA",
    "MAGANA": "MAGAÑA", "ORDONEZ": "ORDÓÑEZ", "QUINONES": "QUIÑONES", "SALDANA": "SALDAÑA", "ZUNIGA": "ZÚÑIGA",
    "BRISENO": "BRISEÑO", "CARDENAS": "CÁRDENAS", "LEON": "LEÓN", "BELTRAN": "BELTRÁN", "GUZMAN": "GUZMÁN",
    "DURAN": "DURÁN", "CHAVEZ": "CHÁVEZ", "SANCHEZ": "SÁNCHEZ", "AVILA": "ÁVILA", "AVALOS": "ÁVALOS", "RIOS": "RÍOS",
    "ALVAREZ": "ÁLVAREZ", "SOLIS": "SOLÍS", "RANGEL": "RANGEL", "GALVAN": "GALVÁN", "CORDOVA": "CÓRDOVA",
    "JOSE": "JOSÉ", "JESUS": "JESÚS", "ANGEL": "ÁNGEL", "ANDRES": "ANDRÉS", "RAUL": "RAÚL", "HECTOR": "HÉCTOR",
    "RAMON": "RAMÓN", "RUBEN": "RUBÉN", "ADRIAN": "ADRIÁN", "JULIAN": "JULIÁN", "CESAR": "CÉSAR", "OSCAR": "ÓSCAR",
    "SEBASTIAN": "SEBASTIÁN", "FABIAN": "FABIÁN", "IVAN": "IVÁN", "JOAQUIN": "JOAQUÍN", "AGUSTIN": "AGUSTÍN",
    "EFRAIN": "EFRAÍN", "ELIAS": "ELÍAS", "MATIAS": "MATÍAS", "NICOLAS": "NICOLÁS", "TOMAS": "TOMÁS",
    "VICTOR": "VÍCTOR", "MARIA": "MARÍA", "SOFIA": "SOFÍA", "MONICA": "MÓNICA", "VERONICA": "VERÓNICA",
    "MARTIN": "MARTÍN", "AARON": "AARÓN", "ALVARO": "ÁLVARO", "GERMAN": "GERMÁN", "SIMON": "SIMÓN", "LUCIA": "LUCÍA",
}  # fmt: skip


def surname(rng: Random, capitals: str) -> str:
    """A surname of the census, `DELACRUZ` or `ONEILL`, in a roster's spelling: `De La Cruz`, `O'Neill`."""
    style = rng.random()
    if match := _IRISH.fullmatch(capitals):
        return title(("O'" if style < 0.6 else "O’" if style < 0.65 else "O") + match[1])
    if capitals.startswith("MC") and len(capitals) > 4:
        inner = capitals[2:].capitalize()
        return f"Mc{inner}" if style < 0.75 else f"Mc {inner}" if style < 0.8 else capitals.capitalize()
    if style < 0.6 and capitals not in _NOT_VAN:
        for pattern, form in _PARTICLES:
            if match := pattern.fullmatch(capitals):
                return title(form.format(match[1]))
    return capitals.capitalize()


def accented(capitals: str) -> str:
    """The name with its Spanish accents: `MARTINEZ` -> `MARTÍNEZ`."""
    if capitals in _TILDES:
        return _TILDES[capitals]
    if capitals.endswith("CIA") and len(capitals) > 4:
        return capitals[:-2] + "ÍA"
    return _ACCENTED_ENDING.sub(lambda match: match[1].translate(_ACUTE) + match[2], capitals)


def title(text: str) -> str:
    """`DE LA CRUZ` -> `De La Cruz`, `ST. JOHN` -> `St. John`, `O'NEILL` -> `O'Neill`."""
    return _CAPITALISED.sub(lambda match: match[1] + match[2].upper(), text.lower())
