from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxconnect.domain import states
from rxconnect.search.facility_index import DEPTH_MAX, Index
from rxconnect.search.facility_listings import Listing
from rxconnect.search.facility_words import spelling, split_aside, split_run_together, spoken_words

# Name, city, county, state, ZIP code. All invented, in real towns.
_KNOWN = [
    ("Cedar Ridge Correctional Center", "Walla Walla", "Walla Walla", "WA", "99362"),
    ("Cedar Ridge Work Release", "Walla Walla", "Walla Walla", "WA", "99362"),
    ("Bridger Federal Correctional Institution", "Bridger", "Carbon", "MT", "59014"),
    ("Bridger Federal Correctional Complex", "Bridger", "Carbon", "MT", "59014"),
    ("South Alder Reception Center", "Doral", "Miami-Dade", "FL", "33178"),
    ("San Tomas State Prison", "San Rafael", "Marin", "CA", "94964"),
    ("Big Birch United States Penitentiary", "Inez", "Martin", "KY", "41224"),
    ("Hoke CI", "Raeford", "Hoke", "NC", "28376"),
    ("Harbor County Jail", "Astoria", "Clatsop", "OR", "97103"),
    ("Northeast Alder Correctional Complex", "Mountain City", "Johnson", "TN", "37683"),
    ("Correctional Facility for Women", "Concord", "Merrimack", "NH", "03301"),
    ("Two Larches Correctional Institution", "Umatilla", "Umatilla", "OR", "97882"),
    ("Camp 13", "Eureka", "Humboldt", "CA", "95501"),
    ("Camp 14", "Eureka", "Humboldt", "CA", "95501"),
    ("Lake Erie Correctional Institution", "Conneaut", "Ashtabula", "OH", "44030"),
    ("McAlder Unit", "Gatesville", "Coryell", "TX", "76528"),
    ("Saint Brendan Correctional Center", "Chesapeake", "Chesapeake", "VA", "23322"),
    ("Fort Juniper Unit 2", "Fort Juniper", "Pecos", "TX", "79735"),
    ("Caledon Prison (formerly Oak Hollow Farm)", "Caledon", "Sussex", "DE", "19947"),
    ("Franklin Correctional Center", "Bunn", "Franklin", "NC", "27508"),
    ("Franklin Correctional Institution", "Carrabelle", "Franklin", "FL", "32322"),
]


def listing(number, name, city="", county="", state="", zip_code="", is_open=False):
    return Listing(number, f"f{number}", name, city, county, state, zip_code, is_open)


@pytest.fixture(scope="module")
def directory():
    return Index(listing(number, *known) for number, known in enumerate(_KNOWN))


def names(index, text, **kwargs):
    return [found.listing.name for found in index.find(text, limit=20, **kwargs)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cedar ridge cc", "Cedar Ridge Correctional Center"),
        ("cedar ridge corr ctr", "Cedar Ridge Correctional Center"),
        ("CEDARRIDGE", "Cedar Ridge Correctional Center"),
        ("cedr rigde corectional", "Cedar Ridge Correctional Center"),
        ("Bridger FCI", "Bridger Federal Correctional Institution"),
        ("FCI Bridger", "Bridger Federal Correctional Institution"),
        ("FCC Bridger", "Bridger Federal Correctional Complex"),
        ("SARC", "South Alder Reception Center"),
        ("san tomas", "San Tomas State Prison"),
        ("SanTomas", "San Tomas State Prison"),
        ("san tomás sp", "San Tomas State Prison"),
        ("USP Big Birch", "Big Birch United States Penitentiary"),
        ("big birch pen.", "Big Birch United States Penitentiary"),
        ("Hoke Correctional Institution", "Hoke CI"),
        ("HCI", "Hoke CI"),
        ("harbor co. jail", "Harbor County Jail"),
        ("jail astoria", "Harbor County Jail"),
        ("NEACX", "Northeast Alder Correctional Complex"),
        ("north east alder", "Northeast Alder Correctional Complex"),
        ("NHCFW", "Correctional Facility for Women"),
        ("womens facility concord", "Correctional Facility for Women"),
        ("2 larches", "Two Larches Correctional Institution"),
        ("TLCI", "Two Larches Correctional Institution"),
        ("camp #14", "Camp 14"),
        ("LAECI", "Lake Erie Correctional Institution"),
        ("Mc Alder", "McAlder Unit"),
        ("st brendan", "Saint Brendan Correctional Center"),
        ("Ft. Juniper II", "Fort Juniper Unit 2"),
        ("oak hollow farm", "Caledon Prison (formerly Oak Hollow Farm)"),
        ("caledon prison", "Caledon Prison (formerly Oak Hollow Farm)"),
        ("miami dade", "South Alder Reception Center"),
        ("33178", "South Alder Reception Center"),
        ("franklin florida", "Franklin Correctional Institution"),
        ("NC franklin", "Franklin Correctional Center"),
        ("clatsop county or", "Harbor County Jail"),
    ],
)
def test_a_facility_is_found_by_what_people_call_it(directory, text, name):
    assert names(directory, text)[0] == name


def test_a_state_narrows_to_the_facilities_in_it(directory):
    assert names(directory, "franklin", state="FL") == ["Franklin Correctional Institution"]
    assert names(directory, "franklin", state="WY") == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("washington dc", "Central Jail"),
        ("Washington, D.C.", "Central Jail"),
        ("washington district of columbia", "Central Jail"),
        ("delta co", "Gunnison River Prison"),
        ("delta county", "Delta County Jail"),
        ("york ne", "Prairie Jail"),
        ("york nebraska", "Prairie Jail"),
        ("washington detention center", "Washington Detention Center"),
    ],
)
def test_a_city_with_its_state_comes_before_a_name_that_it_abbreviates(text, first):
    index = Index(
        [
            listing(1, "Washington Detention Center", "Hagerstown", state="MD", is_open=True),
            listing(2, "Central Jail", "Washington", state="DC"),
            listing(3, "Delta County Jail", "Escanaba", state="MI", is_open=True),
            listing(4, "Gunnison River Prison", "Delta", state="CO"),
            listing(5, "York North East Unit", "York", state="PA", is_open=True),
            listing(6, "Prairie Jail", "York", state="NE"),
            listing(7, "A Jail Without an Address", state="CO"),
        ]
    )

    assert names(index, text)[0] == first
    assert names(index, "delta co") == ["Gunnison River Prison", "Delta County Jail"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("marlo", "Cedar Prison"),
        ("marlo oh", "Cedar Prison"),
        ("marlo prison", "Cedar Prison"),
        ("halden ne", "Dogwood Jail"),
        ("halden nebraska", "Dogwood Jail"),
        ("halden in", "Elm Jail"),
        ("marlow", "Marlow Prison"),
        ("saint anne", "Saint Anne Jail"),
    ],
)
def test_who_has_the_words_as_typed_comes_before_names_that_look_like_them(text, name):
    # In a small directory every word is so common that nothing else is taken for it.
    others = [listing(number, f"Unit {number}") for number in range(100, 300)]
    index = Index(
        [
            listing(1, "Marlow Prison", "Erie", state="OH", is_open=True),
            listing(2, "Cedar Prison", "Marlo", state="OH"),
            listing(3, "Halden Jail", "Halden", state="NM", is_open=True),
            listing(4, "Dogwood Jail", "Halden", state="NE"),
            listing(5, "Birch Jail", "Saint Anne", state="NM"),
            listing(6, "Saint Anne Jail", "Taos", state="NM"),
            listing(7, "Elm Jail", "Halden", state="IN"),
            *others,
        ]
    )

    assert names(index, text)[0] == name


def test_no_score_is_higher_than_that_of_a_facility_before_it(directory):
    for text in ("franklin", "astoria", "walla walla", "fl", "camp"):
        scores = [found.score for found in directory.find(text, limit=DEPTH_MAX)]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "text", ["OR", "or", "Or.", "Oregon", "oregon ", "CO", "Colorado", "DC", "District of Columbia", "IN"]
)
def test_a_states_code_or_name_alone_lists_that_state_with_open_ones_first(text):
    code = states.code_of(text.strip(" ."))
    others = [listing(number, f"Oregon County Jail, Indiana {number}", is_open=True) for number in range(100, 300)]
    mine = [listing(number, f"Cedar Camp {number}", "Erie", state=code, is_open=number > 45) for number in range(50)]
    found = Index([*others, *mine]).find(text, limit=DEPTH_MAX)

    assert [one.listing.state for one in found[:50]] == [code] * 50
    assert [one.listing.is_open for one in found[:50]] == [True] * 4 + [False] * 46


def test_facilities_called_like_a_state_come_after_those_in_it_and_exactly_of_its_name_before_them():
    index = Index(
        [
            listing(1, "Ohio", state="TX"),
            listing(2, "Ohio County Jail", state="KY"),
            listing(3, "Cedar Prison", state="OH"),
            listing(4, "Prison of Ohio", state="OH"),
        ]
    )

    assert names(index, "Ohio") == ["Ohio", "Prison of Ohio", "Cedar Prison", "Ohio County Jail"]
    assert names(index, "Ohio", state="KY") == ["Ohio County Jail"]
    assert names(index, "Ohio", state="OH") == ["Prison of Ohio", "Cedar Prison"]


def test_open_facilities_are_among_the_first_of_many_that_fit_equally():
    index = Index(listing(number, f"Lake Jail {number}", is_open=number == 250) for number in range(300))

    assert index.find("lake jail", limit=5)[0].listing.is_open


def test_half_a_word_is_enough_while_someone_types(directory):
    for length in range(2, len("larches")):
        assert "Two Larches Correctional Institution" in names(directory, "two larches"[: 4 + length])


def test_exactly_the_name_has_the_score_one_and_nothing_else_does(directory):
    (first, *others) = directory.find("Cedar Ridge Corr. Center", limit=20)

    assert first.score == 1
    assert all(found.score < 1 for found in others)


@pytest.mark.parametrize("text", ["", "   ", "🙂", "\x00", "qqqqzzzz", "of the", "' OR 1=1 --qqqq", "4711", "a" * 120])
def test_what_fits_nothing_finds_nothing(directory, text):
    assert names(directory, text) == []


def test_nothing_is_found_where_there_is_nothing():
    assert names(Index([]), "cedar ridge") == []


def test_a_name_without_a_letter_disturbs_nothing():
    assert names(Index([listing(1, "🙂"), listing(2, "Lake Jail")]), "lake") == ["Lake Jail"]


def test_an_open_facility_comes_before_an_equal_one_that_is_not():
    index = Index([listing(1, "Lake Jail", state="OH"), listing(2, "Lake Jail", state="MI", is_open=True)])

    assert [found.listing.id for found in index.find("lake jail", limit=5)] == [2, 1]


def test_an_open_facility_does_not_come_before_the_one_that_was_named():
    index = Index([listing(1, "Lake Jail"), listing(2, "Lake Jail Annex", is_open=True)])

    assert names(index, "lake jail") == ["Lake Jail", "Lake Jail Annex"]


def test_no_search_goes_deeper_than_200():
    index = Index(listing(number, f"Lake Jail {number}") for number in range(300))

    assert len(index.find("lake jail", limit=1_000)) == DEPTH_MAX


def test_many_threads_get_the_answers_that_one_gets(directory):
    texts = [f"{name.split()[0]} {city}" for name, city, *_ in _KNOWN] * 5
    alone = [names(directory, text) for text in texts]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: names(directory, text), texts)) == alone


@pytest.mark.parametrize(
    ("letters", "name", "words"),
    [
        ("sarc", "south alder reception center", ("south", "alder", "reception", "center")),
        ("arc", "south alder reception center", ("alder", "reception", "center")),
        ("soarc", "south alder reception center", ("south", "alder", "reception", "center")),
        ("src", "south alder reception center", ("south", "reception", "center")),
        ("crs", "south alder reception center", ()),
        ("ohsarc", "south alder reception center", ("ohio", "south", "alder", "reception", "center")),
    ],
)
def test_letters_abbreviate_words_in_their_order(letters, name, words):
    assert spelling(letters, ("ohio",), tuple(name.split())).words == words


def test_initials_are_worth_more_than_letters_from_inside_words():
    name = ("lake", "erie", "prison")
    worths = [spelling(letters, (), name).worth for letters in ("lep", "laep", "lp", "lkep")]

    assert worths[0] == 1
    assert worths == sorted(worths, reverse=True)


@pytest.mark.parametrize(
    ("name", "main", "aside"),
    [
        ("Lake Jail (Annex)", "Lake Jail", "Annex"),
        ("Lake Jail fka Erie Farm", "Lake Jail", "Erie Farm"),
        ("Lake Jail, formerly Erie Farm", "Lake Jail,", "Erie Farm"),
        ("(Lake Jail)", "(Lake Jail)", ""),
        ("Lake Jail (", "Lake Jail (", ""),
    ],
)
def test_what_a_name_says_aside_is_not_needed_to_say_it(name, main, aside):
    assert [part.strip() for part in split_aside(name)] == [main, aside]


@pytest.mark.parametrize(
    ("text", "parts"),
    [("santomas", ("san", "tomas")), ("santomasx", ()), ("sanmateo", ("sanma", "teo")), ("san", ())],
)
def test_words_run_together_are_parted_into_the_fewest_known_ones(text, parts):
    known = {"san", "tomas", "sanma", "teo", "ma"}

    assert split_run_together(text, known.__contains__) == parts


_WORDS = st.sampled_from(
    [word for name, *_ in _KNOWN for word in name.split()]
    + ["Northeast", "Women's", "of", "the", "II", "FCI", "CC", "St.", "(Annex)", "O'Hara", "Núñez", "🙂"]
)
_NAMES = st.one_of(st.lists(_WORDS, min_size=1, max_size=6).map(" ".join), st.text(max_size=30))
_STATES = st.sampled_from(["WA", "OH", "NH", ""])
_FACILITIES = st.lists(st.tuples(_NAMES, _STATES, st.booleans()), min_size=1, max_size=20)


def _index(facilities):
    rows = enumerate(facilities)
    return Index(listing(number, name, state=state, is_open=is_open) for number, (name, state, is_open) in rows)


@settings(deadline=None)
@given(_FACILITIES)
def test_an_exact_name_in_its_state_comes_first_or_ties_with_its_namesakes(facilities):
    index = _index(facilities)
    for name, state, _ in facilities:
        main, _aside = split_aside(name)
        if spoken_words(main):
            first = index.find(name, state=state, limit=1)[0]
            assert first.score == 1
            assert spoken_words(split_aside(first.listing.name)[0]) == spoken_words(main)


@settings(deadline=None)
@given(_FACILITIES, st.tuples(_NAMES, _STATES, st.booleans()))
def test_adding_a_facility_never_hides_anothers_exact_match(facilities, added):
    before, after = _index(facilities), _index([*facilities, added])
    for name, state, _ in facilities:
        exact = {found.listing for found in before.find(name, state=state, limit=DEPTH_MAX) if found.score == 1}
        still = {found.listing for found in after.find(name, state=state, limit=DEPTH_MAX) if found.score == 1}
        assert exact <= still


@settings(deadline=None)
@given(_FACILITIES, _NAMES, _STATES)
def test_any_text_finds_each_facility_once_in_its_state_with_a_sensible_score(facilities, text, state):
    found = _index(facilities).find(text, state=state, limit=DEPTH_MAX)

    assert len({match.listing.id for match in found}) == len(found)
    assert all(0 < match.score <= 1 and match.listing.state in (state, state or match.listing.state) for match in found)
