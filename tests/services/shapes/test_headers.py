"""The names of columns, as agencies and their systems write them."""

import pytest

from rxconnect.services.shapes.headers import leads_to, meaning_of, with_unnumbered

# From public rosters, search pages and data dictionaries of jails and departments of corrections.
NAMES = {
    "number": """
        Inmate Number|inmate_no|INMATEID|ICN #|SWIS ID|CCN|SO Number|SO_Num|Jail ID|TDCJ Number|TDCJ #|CDCR #
        CDCR No.|DIN|Prisoner Number|Jacket|Person ID|Booking Num|Booking #|BookNo|Book No.|SPN|SID|GDC ID|X-Ref
        XREF|Name ID|MNI|PFN|CII|LE number|MDOC|NYSID|OID|IDOC #|ODRC|ADC Number|ADCNUMBER|NDOC|JMS ID|PermID
        Permanent ID|DOC #|DOC|DOCNO|docno|Offender ID|OFFENDERID|ofndr_num|OffenderNumber|Register Number|Reg No
        Register #|OPUS Number|AIS #|DC Number|TOMIS ID|SCDC ID|A-Number|Alien Number|State ID|State ID Number
        Inmate Control Number|Control Number|ID|ID Number|Jacket Number|Jacket #|Subject ID|Booking ID|BookingNumber
        bookingNo|Commitment Number|Custody Number|Prison Number|Identification Number|Inmate #|Inmate#|Arrestee ID
        Resident ID|Detainee Number|AIC Number|Person Number|Global ID|Unique ID|System ID|B&C #|SBI Number|KDOC #
        PID|CIN|SONO|so_no|Number, Inmate|Inmate ID Number|Cdcno|CDCNo|Inmate_Num|PADOC|NDCS ID|Master Number
        cii_number|jailid|spnno|inmateno|Offender No|Adult in Custody Number|Record ID|Booking No|Inmate DOC Number
        DOC Number|DOC ID|X-Ref Number|XRef #|Incarcerated Individual ID|MDOC Number|Intake Number|PermNum|inmate.id
        Book #|USMS Number|Federal Register Number|Inmate Identifier|NCDPS ID|MCSO Booking #|Sheriff Booking No
        JIMS Number|BOP Register Number|TDCJ Number|HCSO SPN|OFFENDER_ID_DISPLAY|BOOKIN NUMBER|Book-In #|Book In No.
    """,
    "first_name": """
        FNAME|FirstName|first_nm|FIRST|Forename|inmate_firstname|Given Name|INMATEFIRSTNAME|Name, First|F Name|fnam
        First Nm|OFNDR_FIRST_NAME|Christian Name|firstname|F_NAME|Legal First Name|name.first|first-name
    """,
    "last_name": """
        LNAME|LastName|Surname|inmate_lastname|Family Name|INMATELASTNAME|Name, Last|L Name|lnam
        CurrCommittedLastName|Committed Last Name|lastname|Offender Last Name|Last|Legal Last Name|Sur Name|LName
    """,
    "middle_name": """
        MI|M.I.|Middle Initial|MNAME|MiddleName|Middle|inmate_middlename|mnam|Mid Name|Name, Middle|M Name|MInitial
    """,
    "suffix": """
        Suffix|Name Suffix|SFX|Suf|Generation|Generational Suffix|inmate_suffix
    """,
    "aliases": """
        AKA|Aliases|Alias Name|Nickname|Also Known As|A.K.A.|Other Names|Alias|AKAs
    """,
    "name": """
        Name|Inmate Name|Full Name|FullName|Offender Name|Name (Last, First)|Last, First|Name (Last, First Middle)
        Last Name, First Name|Inmate|Defendant Name|Committed Name|NAME_FULL|inmate_fullname|Person Name
        Inmate Full Name|LAST NAME, FIRST NAME MI|Last/First/Middle|inmateName|Name of Inmate
        Last Name First Name Middle Name|Adult in Custody
    """,
    "birth_date": """
        DOBCYMD|BIRTH_YMD|BCSO DOB|DOB|D.O.B.|Date of Birth|birth_date|inmate_dob|BirthDate|BIRTH_DT|Birthday|dateOfBirth|DOB (MM/DD/YYYY)
        Birth Dt|D.O.B|Inmate DOB|INMATEDATEOFBIRTH|birth_dtd
    """,
    "birth_year": """
        Year of Birth|YOB|BirthYear|birth_yr
    """,
    "housing": """
        Housing|Housing Unit|Pod|Cell|Unit|Block|Dorm|Housing Location|Cell Block|Bed|Unit/Cell|Housing Assignment
        Housing_Loc|Cell #|Living Unit|POD/CELL|HCELL|HBLOCK|HUNIT|HPOD|HSE LOC|MDOC Location|DOC Housing Unit
    """,
    "status": """
        Custody_Ind|Custody Flag
        Status|Inmate Status|Current Status|Booking Status|In Custody|Custody Status|CUST_STAT|Custody|In/Out
        Offender Status|Incarceration Status|In Jail|is_incarcerated|Active|Status Desc|STATUS_CD
        MDOC Status|GDC Inmate Status|TDCJ_STATUS|Custody Status Description|Jail Status|inCustody|Is In Custody
        Currently Incarcerated|Legal Status
        Detention Status|isActive|Currently In Custody|Inmate Status Code
    """,
    "release_date": """
        Release Date|ReleaseDate|Date Released|Rel Dt|RLS_DATE|Discharge Date|Discharged On|Released
        Release DateTime|Released Date|release_dt|Release Date/Time|DOR|Date of Release|Date Out|Actual Release Date
        released_at|Released On|Release Time|DISCHARGE_DT|releaseDate|Release_DateTime
    """,
    "booking_date": """
        Booking Date|Book Date|Booked|Date Booked|Booking Date/Time|booking_timestamp|Intake Date|Admission Date
        Arrest Date|Commit Date|Received Date|BOOKED_ON|bookingDate
    """,
    "release_reason": """
        Release Reason|ReleaseType|Reason for Release|DISCHARGE_REASON|Release Code|Release Disposition
    """,
    "facility": """
        Facility|Institution|Facility Name|Current Facility|facility_key|Housing Facility|Jail|Prison|Inst
        Current Institution|Facility Code
    """,
    "": """
        Race|Sex|Charge|Charge Number|Case Number|Attorney Last Name|Projected Release Date|Max Release Date
        Custody Level|Security Level|Age|Height|Bond Amount|Officer Name|Charge Status|Bond Status|Arresting Agency
        Court Date|Photo|Address|City|State|Zip|Emergency Contact Name|SSN|FBI Number|Docket Number|Warrant Number
        No.|#|No|Row|Count|Marital Status|Custody Class|Offense Date|Sentence Date|Alias DOB|Mother Maiden Name
        Religion|Scheduled Release Date|Earliest Release|Parole Eligibility Date|Time|Date|Year|Notes
        Visitor Name|Victim First Name|Judge|Status Date|Age at Booking|Bond Type|Charge Date
        Alias First Name|Booking Officer|Arrest Number Officer|Booking Agency|Case No|Cause Number|Phone Number
        BCSO Name|Agency ID|County ID|SO Officer Name|Charge ID|Account Number|Bond Number|Facility ID Date|Row Number|Charges|Mugshot|url|Weight|Agency
    """,
}


CASES = [
    (name.strip(), field)
    for field, names in NAMES.items()
    for line in names.strip().splitlines()
    for name in line.split("|")
]


@pytest.mark.parametrize(("name", "field"), CASES)
def test_a_columns_name_says_its_field(name, field):
    meaning = meaning_of(name)
    assert (meaning.field if meaning else "") == field


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("DOB (Age)", "birth_date"),
        ("Birth Date (mm/dd/yyyy)", "birth_date"),
        ("DOB8", "birth_date"),
        ("Name (Last, First Middle)", "name"),
        ("Number (Phone)", None),
    ],
)
def test_a_columns_name_may_say_how_its_cells_are_written(name, field):
    meaning = meaning_of(name)
    assert (meaning and meaning.field) == field


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Inmate Number", "SPN"),
        ("TDCJ Number", "SID Number"),
        ("SPN", "Booking Number"),
        ("Booking Number", "ID"),
        ("Housing Unit", "Cell"),
        ("Pod", "Cell"),
        ("Cell", "Bed"),
        ("Status", "In Custody"),
        ("Release Date", "Released"),
    ],
)
def test_of_two_columns_for_one_field_the_likelier_is_read(better, worse):
    assert meaning_of(better).rank < meaning_of(worse).rank


def test_a_columns_name_hints_at_who_has_left():
    hints = [
        "Release Reason",
        "Discharge Type",
        "Booking Status",
        "Date Left",
        "Is Active",
        "In_Custody",
        "Disposition",
    ]
    others = [
        "Projected Release Date",
        "Custody Level",
        "Bond Status",
        "Charge Status",
        "Max Release",
        "Race",
        "Next Court Date",
    ]
    assert [name for name in hints + others if leads_to(name)] == hints


@pytest.mark.parametrize(
    "own",
    [
        "SO Number",
        "SO #",
        "SPN",
        "SID",
        "Jacket",
        "Name ID",
        "Name Number",
        "Person ID",
        "Inmate No",
        "Offender #",
        "PIN",
    ],
)
@pytest.mark.parametrize("booking", ["Booking Number", "Booking #", "BookNo", "Intake ID", "Arrest No"])
def test_a_persons_own_number_is_likelier_than_a_bookings(own, booking):
    assert meaning_of(own).rank < meaning_of(booking).rank


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("finalReleaseDateTime", "release_date"),
        ("FinalDischargeDate", "release_date"),
        ("originalBookDateTime", "booking_date"),
        ("ORIG_ADMIT_DT", "booking_date"),
        ("Original Release Date", ""),
        ("originalCharge", ""),
    ],
)
def test_final_and_original_are_read_by_the_meaning_of_the_other_words(name, field):
    meaning = meaning_of(name)
    assert (meaning.field if meaning else "") == field


def test_the_first_booking_is_less_likely_than_the_last():
    assert meaning_of("Date Received (Current)").rank < meaning_of("Date Received (Original)").rank


def test_words_between_do_not_hide_who_has_left():
    assert leads_to("INMATE ADMIN STATUS CODE")
    assert leads_to("ADMINISTRATIVE_STATUS")
    assert not leads_to("Min Release Date")


@pytest.mark.parametrize("name", ["projRelDate", "PROJ_REL_DT", "Proj. Release", "Tent Rel Date", "TENT_RELEASE_DT"])
def test_a_planned_release_does_not_say_who_has_left_also_when_it_is_shortened(name):
    assert meaning_of(name) is None
    assert not leads_to(name)


def test_a_number_behind_a_name_is_passed_over_unless_it_tells_two_columns_apart():
    header = ["SONumber1", "InmateName2", "DOB1", "Status1", "Status2", "Name", "Name2", "Unit 3", "Charge1", "ID1"]
    fields = [found.field if (found := with_unnumbered(header)(name)) else "" for name in header]

    assert fields == ["number", "name", "birth_date", "", "", "name", "", "", "", ""]


def test_a_name_without_a_number_is_likelier_than_the_same_with_one():
    meaning = with_unnumbered(["BookingDate", "AdmitDate2"])

    assert meaning("BookingDate").rank < meaning("AdmitDate2").rank


def test_a_name_that_is_longer_than_any_column_s_means_nothing():
    assert meaning_of("inmatenumber") is not None
    assert meaning_of("inmate" * 100_000 + "number") is None
