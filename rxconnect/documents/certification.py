"""The last pages of a report: what the head of the audit chain proves, and a certification to sign (FRE 902(14))."""

from __future__ import annotations

from rxconnect.documents.paper import Html, facts_table, tag
from rxconnect.domain.report_views import ReportView
from rxconnect.domain.reports import AskedReport
from rxconnect.i18n import _, number_text


def head_section(asked: AskedReport, report: ReportView) -> list[Html]:
    """The head of the chain at the report's moment, what it proves, and how to verify it."""
    return [
        tag("h2", _("The audit chain of {facility}").format(facility=report.facility), class_="new-sheet"),
        facts_table(
            (_("Acts of staff recorded until this report"), number_text(asked.head.sequence)),
            (_("Moment of this report"), report.as_of),
        ),
        tag(
            "p",
            _("Head of the chain: its number of acts, a colon, and the SHA-256 hash of the last one"),
            class_="lead",
        ),
        tag("p", str(asked.head), class_="head"),
        tag("p", _what_it_proves(), class_="note"),
        tag("p", _what_it_does_not_prove(), class_="note"),
        tag("p", _("To verify, an operator of the server runs this command:"), class_="note"),
        tag("p", verify_command(asked), class_="head"),
        tag(
            "p",
            _(
                "It recomputes every hash. It says that everything up to this head is proven, or names the first row that was "
                "changed, removed, inserted or moved. Acts after this report are counted as not yet anchored."
            ),
            class_="note",
        ),
    ]


def verify_command(asked: AskedReport) -> str:
    """The command that verifies the chain up to a report's head."""
    return f"rxconnect audit verify --facility {asked.key} --head {asked.head}"


def certification(asked: AskedReport, report: ReportView) -> list[Html]:
    """A certification for a qualified person, with blanks."""
    statements = [
        _(
            "I am familiar with how RxConnect records the acts of staff at {facility}, and am qualified to make this "
            "certification by my training and experience."
        ).format(facility=report.facility),
        _("RxConnect made this report, “{title}”, on {at}, from the records of its database.").format(
            title=report.heading, at=report.as_of
        ),
        _(
            "RxConnect records each act of staff as it happens, as a row of a chain. The SHA-256 hash of each row covers the "
            "row and the hash of the row before it."
        ),
        _("When this report was made, the chain had {count} rows, and its head was:").format(
            count=number_text(asked.head.sequence)
        ),
        _("I verified the chain with the command on the page before this one, on the day and with the result below:"),
    ]
    numbered = [tag("li", statement) for statement in statements]
    numbered[3] = tag("li", statements[3], tag("p", str(asked.head), class_="head"))
    numbered[4] = tag("li", statements[4], _blanks(_("Day of verification"), _("Result that the command gave")))
    return [
        tag("h2", _("Certification of a qualified person"), class_="new-sheet"),
        tag(
            "p",
            _(
                "For use under Rule 902(14) of the Federal Rules of Evidence, or a state’s rule like it. To be completed by hand."
            ),
            class_="muted lead",
        ),
        tag("p", _("I certify under penalty of perjury that the following is true and correct:"), class_="note"),
        tag("ol", *numbered, class_="statements"),
        _blanks(_("Name"), _("Title and employer"), _("Signature"), _("Date and place")),
        tag(
            "p",
            _(
                "This page is a form. RxConnect has certified nothing, and this is no legal advice: counsel decides whether it "
                "fits, and gives the notice that the rule demands."
            ),
            class_="note",
        ),
    ]


def _blanks(*labels: str) -> Html:
    """Labels, each with a line to write on."""
    rows = (tag("tr", tag("th", label, scope="row"), tag("td", "\u00a0")) for label in labels)
    return tag("table", tag("tbody", *rows), class_="blanks")


def _what_it_proves() -> str:
    return _(
        "Each hash covers its row and the hash before it. So whoever has this head can prove that none of the acts up to it "
        "was changed, removed, inserted or moved since: each decision with its outcome, its reason and its time, each view "
        "of a letter, each export, and each change of a rule."
    )


def _what_it_does_not_prove() -> str:
    return _(
        "The head does not prove that an act was right, or that nothing was done outside of RxConnect. The figures of this "
        "report are counted from the database, and not from the chain: the export of the audit holds the acts themselves, to "
        "compare them."
    )
