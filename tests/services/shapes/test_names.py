"""Whole names, as rosters write them."""

import pytest

from rxconnect.services.shapes.name_orders import order_of
from rxconnect.services.shapes.names import Order, in_order, part_name, split_suffix

COMMAS = Order(last_first=True)
FIRST_LAST = Order(has_commas=False)
LAST_FIRST = Order(last_first=True, has_commas=False)
GAPS = Order(last_first=True, has_commas=False, has_gaps=True)


def parts(text, order=COMMAS):
    parted = part_name(text, order)
    return " / ".join((parted.first, parted.middle, parted.last, parted.suffix))


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("WREN, OTTO H JR", "OTTO / H / WREN / Jr"),
        ("HERON, RICHARD  III", "RICHARD /  / HERON / III"),
        ("FINCH-DOVE, JOSE L", "JOSE / L / FINCH-DOVE / "),
        ("DE LA GARZA, MARIA DEL PILAR", "MARIA / DEL PILAR / DE LA GARZA / "),
        ("PAEZ ROBIN, IVAN", "IVAN /  / PAEZ ROBIN / "),
        ("WREN JR, OTTO", "OTTO /  / WREN / Jr"),
        ("WREN,OTTO", "OTTO /  / WREN / "),
        ("WREN,OTTO A.", "OTTO / A. / WREN / "),
        ("WREN , OTTO , ALAN", "OTTO / ALAN / WREN / "),
        ("WREN; OTTO A", "OTTO / A / WREN / "),
        ("WREN^OTTO^ALAN", "OTTO / ALAN / WREN / "),
        ("WREN/OTTO/A", "OTTO / A / WREN / "),
        ("WREN - OTTO", "OTTO /  / WREN / "),
        ("WREN, OTTO, JR.", "OTTO /  / WREN / Jr"),
        ("WREN, OTTO B., III", "OTTO / B. / WREN / III"),
        ("WREN, JR, OTTO A", "OTTO / A / WREN / Jr"),
        ("WREN, JR OTTO", "OTTO /  / WREN / Jr"),
        ("WREN, OTTO (JR)", "OTTO /  / WREN / Jr"),
        ("WREN III, OTTO B", "OTTO / B / WREN / III"),
        ("WREN, OTTO ESQ.", "OTTO /  / WREN / Esq"),
        ("WREN, OTTO PAUL V", "OTTO / PAUL / WREN / V"),
        ("WREN, OTTO V", "OTTO / V / WREN / "),
        ("O'HERON, SEAN PATRICK", "SEAN / PATRICK / O'HERON / "),
        ("VAN DER MEER, JAN", "JAN /  / VAN DER MEER / "),
        ("ST. LARK, PAT", "PAT /  / ST. LARK / "),
        ("WREN, MARY ANN", "MARY / ANN / WREN / "),
        ("WREN, ANN-MARIE", "ANN-MARIE /  / WREN / "),
        ("WREN, DE ANDRE LAMAR", "DE ANDRE / LAMAR / WREN / "),
        ("WREN, OTTO NMN", "OTTO /  / WREN / "),
        ("WREN, OTTO (NMN)", "OTTO /  / WREN / "),
        ("WREN, OTTO NMI JR", "OTTO /  / WREN / Jr"),
        ("WREN, OTTO NO MIDDLE NAME", "OTTO /  / WREN / "),
        ("WREN, OTTO *", "OTTO /  / WREN / "),
        ("Wren,   Otto   Allen  Jr.", "Otto / Allen / Wren / Jr"),
        ("OTTO WREN, JR", "OTTO /  / WREN / Jr"),
        ("NULL, ANN", "ANN /  / NULL / "),
        ("LEE, NA", "NA /  / LEE / "),
        ("WREN, UNKNOWN", " /  / WREN / "),
        ("SINGH, FNU", "FNU /  / SINGH / "),
        ("WREN", " /  / WREN / "),
        ("", " /  /  / "),
    ],
)
def test_a_name_with_a_comma_begins_with_the_last_name(text, parted):
    assert parts(text) == parted


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("OTTO WREN", "OTTO /  / WREN / "),
        ("OTTO A WREN", "OTTO / A / WREN / "),
        ("OTTO A. WREN JR.", "OTTO / A. / WREN / Jr"),
        ("OTTO  WREN", "OTTO /  / WREN / "),
        ("OTTO NMN WREN", "OTTO /  / WREN / "),
        ("OTTO PAUL WREN III", "OTTO / PAUL / WREN / III"),
        ("MR. OTTO WREN", "OTTO /  / WREN / "),
        ("MARIA DE LA GARZA", "MARIA /  / DE LA GARZA / "),
        ("JAN VAN DER MEER", "JAN /  / VAN DER MEER / "),
        ("ANNE MARIE ST LARK", "ANNE / MARIE / ST LARK / "),
        ("SHAUN MC HERON", "SHAUN /  / MC HERON / "),
        ("JOSE LOPEZ MARTINEZ", "JOSE /  / LOPEZ MARTINEZ / "),
        ("Juan Ortega y Gasset", "Juan /  / Ortega y Gasset / "),
        ("Otto WREN", "Otto /  / WREN / "),
        ("WREN Otto A", "Otto / A / WREN / "),
        ("DE LA GARZA Maria", "Maria /  / DE LA GARZA / "),
    ],
)
def test_a_name_without_a_comma_begins_with_the_first_name(text, parted):
    assert parts(text, FIRST_LAST) == parted


@pytest.mark.parametrize(
    ("text", "order", "parted"),
    [
        ("WREN OTTO A", LAST_FIRST, "OTTO / A / WREN / "),
        ("WREN JR OTTO A", LAST_FIRST, "OTTO / A / WREN / Jr"),
        ("WREN OTTO A JR", LAST_FIRST, "OTTO / A / WREN / Jr"),
        ("DE LA GARZA MARIA ELENA", LAST_FIRST, "MARIA / ELENA / DE LA GARZA / "),
        ("WREN  OTTO A", GAPS, "OTTO / A / WREN / "),
        ("PAEZ ROBIN  IVAN", GAPS, "IVAN /  / PAEZ ROBIN / "),
        ("WREN JR  OTTO", GAPS, "OTTO /  / WREN / Jr"),
    ],
)
def test_a_file_may_write_the_last_name_first_without_a_comma(text, order, parted):
    assert parts(text, order) == parted


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ('WREN, OTTO "JACK" A', "JACK WREN"),
        ("WREN, OTTO (JACK)", "JACK WREN"),
        ("WREN, OTTO 'JACK'", "JACK WREN"),
        ("WREN, OTTO AKA HERON, JIM", "JIM HERON"),
        ("WREN, OTTO (AKA HERON, JIM)", "JIM HERON"),
        ("O'HERON, OTTO D'ANDRE", ""),
        ("WREN, OTTO (NMN)", ""),
    ],
)
def test_a_nickname_in_a_name_is_an_alias(text, alias):
    assert part_name(text, COMMAS).alias == alias


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["WREN, OTTO", "HERON ANN"], COMMAS),
        (["OTTO Q XU", "ANN B YI"], FIRST_LAST),
        (["XU OTTO Q", "YI ANN B"], LAST_FIRST),
        (["JOHN WREN", "MARY HERON"], FIRST_LAST),
        (["WREN JOHN", "HERON MARY"], LAST_FIRST),
        (["DE LA GARZA X", "VAN DYKE Y"], LAST_FIRST),
        (["WREN  OTTO", "PAEZ ROBIN  IVAN"], GAPS),
        (["OTTO  WREN", "ANN B HERON", "ED C XU"], FIRST_LAST),
        (["RUFUS DALE WREN", "GARRETT WAYNE HERON", "CASEY LEE XU", "IVO ST. JOHNS"], FIRST_LAST),
        (["WREN RUFUS DALE", "HERON GARRETT WAYNE", "XU CASEY LEE"], LAST_FIRST),
    ],
)
def test_a_file_shows_how_it_writes_names(names, order):
    assert order_of(names) == order


def test_the_name_of_a_column_may_say_which_name_comes_first():
    assert order_of(["AA BB"], header="Name (Last First)").last_first
    assert not order_of(["AA BB"], header="First and Last Name").last_first


def test_a_row_without_the_comma_of_its_file_is_doubtful():
    assert part_name("JOHN WREN", COMMAS).is_doubtful
    assert parts("JOHN WREN") == "JOHN /  / WREN / "
    assert parts("WREN JOHN") == "JOHN /  / WREN / "
    assert not part_name("WREN, JOHN", COMMAS).is_doubtful


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("JOHN JR", ("JOHN", "Jr")),
        ("Wren, Jr.", ("Wren", "Jr")),
        ("WREN III", ("WREN", "III")),
        ("MARY ANN", ("MARY ANN", "")),
        ("JR", ("JR", "")),
    ],
)
def test_a_suffix_is_found_inside_a_name(name, apart):
    assert split_suffix(name) == apart


def test_an_alias_is_kept_in_the_order_of_speech():
    assert in_order("WREN, JOHNNY") == "JOHNNY WREN"
    assert in_order("Johnny Wren") == "Johnny Wren"
