"""Dumps of databases: the statements that would fill a table again."""

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.rosters.lists import read

BOTH = ["J0101 Otto O'Wren Jr 1990-02-13 B-12", "J0102 Ann Lark 1985-04-13 C-1"]
COLUMNS = "jacket_no, last_name, first_name, suffix, dob, cell"
VALUES = "('J0101','O''Wren','Otto','Jr','1990-02-13','B-12')", "('J0102','Lark','Ann',NULL,'1985-04-13','C-1')"
OF_ORACLE = VALUES[1].replace("'1985-04-13'", "to_date('13-APR-85','DD-MON-RR')")
OF_MYSQL = VALUES[0].replace("''", "\\'")
TABLE = "CREATE TABLE inmate (jacket_no varchar(9) NOT NULL, last_name text, first_name text, suffix text, dob date, cell numeric(4,2), PRIMARY KEY (jacket_no));\n"
SERVER = """USE [Jail]
GO
/****** Object:  Table [dbo].[Inmate] ******/
CREATE TABLE [dbo].[Inmate]([InmateKey] [int] IDENTITY(1,1) NOT NULL, [JacketNo] [nvarchar](10) NOT NULL)
GO
INSERT [dbo].[Staff] ([StaffKey], [LastName], [FirstName]) VALUES (1, N'Clerk', N'Mae')
GO
INSERT [dbo].[Inmate] ([InmateKey], [JacketNo], [LastName], [FirstName], [Suffix], [DOB], [Cell]) VALUES (71, N'J0101', N'O''Wren', N'Otto', N'Jr', CAST(N'1990-02-13T00:00:00.000' AS DateTime), N'B-12')
GO
INSERT [dbo].[Inmate] ([InmateKey], [JacketNo], [FirstName], [LastName], [Suffix], [DOB], [Cell]) VALUES (72, N'J0102', N'Ann', N'Lark', NULL, CAST(N'1985-04-13' AS Date), N'C-1')
GO
"""  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        SERVER,
        f"INSERT INTO inmate ({COLUMNS}) VALUES\n{VALUES[0]},\n{VALUES[1]};\n",
        f"{TABLE}INSERT INTO inmate VALUES {', '.join(VALUES)};\n",
        f"-- A dump\nBEGIN;\nInsert into JMS.INMATE ({COLUMNS.upper()}) values {VALUES[0]};\n"
        f"Insert into JMS.INMATE ({COLUMNS.upper()}) values {OF_ORACLE};\n",
        "-- MySQL dump 10.13\nINSERT INTO `inmate` (`jacket_no`,`last_name`,`first_name`,`suffix`,`dob`,`cell`) VALUES "
        f"{OF_MYSQL},{VALUES[1]};\nINSERT INTO `log` VALUES (1,'INSERT INTO x VALUES (2)');\n",
        "SET client_encoding = 'UTF8';\nCOPY public.inmate (jacket_no, last_name, first_name, suffix, dob, cell) FROM stdin;\n"
        "J0101\tO'Wren\tOtto\tJr\t1990-02-13\tB-12\nJ0102\tLark\tAnn\t\\N\t1985-04-13\tC-1\n\\.\n\nCOPY public.log (id) FROM stdin;\n1\n\\.\n",
        f"INSERT INTO charge (id, text) VALUES (1, 'THEFT; (ARSON), 2');\nINSERT INTO inmate ({COLUMNS}) VALUES {VALUES[0]} /* , */ , {VALUES[1]};\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_table_of_people_in_a_dump_is_read(tmp_path, text, encoding):
    (tmp_path / "dump.sql").write_text(text, encoding=encoding)

    found = read(tmp_path / "dump.sql")

    assert (found.lines, found.bad) == (BOTH, [])


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT INTO east ({COLUMNS}) VALUES {VALUES[0]};\nINSERT INTO west ({COLUMNS}) VALUES {VALUES[1]};\n",
        "INSERT INTO log (id, text) VALUES (1, 'started');\n",
        TABLE,
        f"INSERT INTO inmate ({COLUMNS}) SELECT * FROM other;\n",
    ],
)
def test_a_dump_without_one_table_of_people_is_refused(tmp_path, text):
    (tmp_path / "dump.sql").write_text(text)

    with pytest.raises(BadFile, match="dump of a database"):
        read(tmp_path / "dump.sql")


PLAIN = (
    "INSERT INTO inmate (inmate_id, jacket_no, lname, fname, dob) VALUES (71,'J0101','Wren','Otto','1990-02-13'),"
    "(72,'J0102','Lark','Ann','1985-04-13');\n"
)


@pytest.mark.parametrize(
    "stays",
    [
        "INSERT INTO booking (booking_id, inmate_id, book_dt, release_dt) VALUES (901,71,'2026-01-02','2026-01-05'),(902,72,'2026-02-02',NULL);\n",
        "COPY public.booking (booking_no, inmate_id, booking_date) FROM stdin;\n901\t72\t2026-01-02\n\\.\n",
        "INSERT INTO custody (id, offender_id, status) VALUES (5,71,'RELEASED'),(6,72,'IN');\n",
    ],
)
def test_a_dump_that_says_in_another_table_who_is_in_custody_is_refused(tmp_path, stays):
    for text in (PLAIN + stays, stays + PLAIN):
        (tmp_path / "dump.sql").write_text(text)

        with pytest.raises(
            BadFile, match=r"“inmate” lists people and “(booking|custody)” says who of them is in custody"
        ):
            read(tmp_path / "dump.sql")


@pytest.mark.parametrize(
    "other",
    [
        "INSERT INTO charge (charge_id, inmate_id, statute) VALUES (1,71,'13A-8-3'),(2,72,'13A-8-4');\n",
        "INSERT INTO visit (visit_id, visitor, status) VALUES (1,'Lark','DONE');\n",
        "CREATE TABLE booking (booking_id int, inmate_id int, release_dt date);\n",
    ],
)
def test_a_table_that_says_nothing_of_custody_does_not_matter(tmp_path, other):
    (tmp_path / "dump.sql").write_text(PLAIN + other)

    assert [*read(tmp_path / "dump.sql").names.values()] == ["Otto Wren", "Ann Lark"]


def test_another_table_does_not_matter_if_the_people_have_a_status(tmp_path):
    people = "INSERT INTO inmate (jacket_no, lname, fname, release_date) VALUES ('J0101','Wren','Otto',NULL);\n"
    (tmp_path / "dump.sql").write_text(
        f"{people}INSERT INTO booking (jacket_no, release_date) VALUES ('J0101','2026-01-05');\n"
    )

    assert read(tmp_path / "dump.sql").names == {"J0101": "Otto Wren"}


def test_the_key_of_a_database_is_no_number_of_a_person(write):
    rows = ["InmateKey,BookingNumber,LastName,FirstName", "7001,26-0101,WREN,OTTO", "7002,26-0102,LARK,ANN"]

    assert read(write(*rows)).names == {"26-0101": "Otto Wren", "26-0102": "Ann Lark"}


def test_a_list_about_statements_is_no_dump(write):
    found = read(write("Inmate ID,Name,Notes", '0041,"WREN, OTTO","insert into folder"', '0042,"LARK, ANN",'))

    assert found.names == {"0041": "Otto Wren", "0042": "Ann Lark"}


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT INTO inmate ({COLUMNS}) VALUES {VALUES[0]}, {VALUES[1][:20]}",
        f"INSERT INTO inmate ({COLUMNS}) VALUES {VALUES[0]}, {VALUES[1][:-1]}",
        f"INSERT INTO inmate ({COLUMNS}) VALUES {VALUES[0]},\n",
        f"COPY inmate ({COLUMNS}) FROM stdin;\nJ0101\tO'Wren\tOtto\tJr\t1990-02-13\tB-12\nJ0102\tLa",
    ],
)
def test_a_dump_that_is_cut_off_is_refused_since_the_rest_would_count_as_missing(tmp_path, text):
    (tmp_path / "dump.sql").write_text(text)
    with pytest.raises(BadFile, match="cut off"):
        read(tmp_path / "dump.sql")
