"""How far first and second readings agree: in all, by reviewer, by rule and by language."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.pieces import card, card_head, empty_state, skeleton
from rxconnect.components.places import place_links
from rxconnect.components.sentences import plural, spliced
from rxconnect.domain.quality import DAYS
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.pages.staff.quality_links import quality_links
from rxconnect.state.staff.quality import QualityState

_VIEW = QualityState.view


def quality() -> rx.Component:
    """The figures of one facility."""
    return staff_frame(
        _("Quality"),
        quality_links(routes.QUALITY),
        rx.cond(_VIEW, place_links(_VIEW.facilities, routes.QUALITY)),
        problem_of(QualityState),
        rx.cond(
            QualityState.ready,
            rx.cond(_VIEW, _figures(), rx.cond(QualityState.is_refused, _refused())),
            skeleton("block", "tall"),
        ),
        section="quality",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for the mail room and those who check it"),
        _("Administrators and auditors see how far reviewers agree. Reviewers see their own letters alone."),
    )


def _figures() -> rx.Component:
    return rx.el.div(
        _in_all(),
        rx.cond(
            _VIEW.is_own,
            rx.fragment(),
            _table(_("By reviewer"), _("Who decided first"), _VIEW.by_reviewer, has_misses=True),
        ),
        _table(_("By rule"), _("What was found in the letter"), _VIEW.by_rule),
        _table(_("By language"), _("Language of the letter"), _VIEW.by_language),
        class_name="stack",
    )


def _in_all() -> rx.Component:
    total = _VIEW.total
    return card(
        card_head(
            rx.cond(
                _VIEW.is_own,
                _("Your letters of the last {days} days").format(days=DAYS),
                _("The last {days} days").format(days=DAYS),
            )
        ),
        rx.el.dl(
            rx.cond(
                _VIEW.is_own,
                rx.fragment(),
                rx.fragment(
                    _tile(_("Decided"), _VIEW.decided),
                    _tile(_("Drawn"), _VIEW.drawn),
                    _tile(_("Read again"), _VIEW.read),
                    _tile(_("Not read yet"), _VIEW.waiting),
                ),
            ),
            _tile(_("Decided alike"), rx.cond(total.alike != "", total.alike, "–")),
            _tile(_("Beyond chance"), rx.cond(total.beyond_chance != "", total.beyond_chance, "–")),
            _tile(_("Misses"), total.misses),
            rx.cond(_VIEW.is_own, rx.fragment(), _tile(_("Disagreements to judge"), _VIEW.open)),
            class_name="tiles",
        ),
        rx.el.div(
            rx.cond(total.too_few != "", rx.el.p(total.too_few, class_name="small strong"), _meaning()),
            rx.el.p(
                *spliced(
                    _(
                        "Chance draws {share} percent of the decided letters, and {foreign} percent or more in other languages."
                    ),
                    share=_VIEW.share,
                    foreign=_VIEW.foreign_share,
                ),
                " ",
                _("A miss is a reading that an administrator found wrong."),
                class_name="small muted",
            ),
            class_name="card-body stack-sm",
        ),
    )


def _meaning() -> rx.Component:
    """What the figure says, in words."""
    return rx.fragment(
        rx.el.p(
            *spliced(
                _("Beyond chance, the two readings agree {figure}: 1 is always, and 0 is no better than guessing."),
                figure=rx.el.strong(_VIEW.total.beyond_chance, class_name="num"),
            ),
            " ",
            *spliced(
                _("With so many letters, the true figure lies within {bounds}, 19 times of 20."),
                bounds=rx.el.span(_VIEW.total.bounds, class_name="num"),
            ),
            class_name="small",
        ),
        rx.el.p(
            _("Most letters pass, so two people who guessed would often decide alike. That share is taken out."),
            class_name="small muted",
        ),
    )


def _tile(name: str, value) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="tile")


def _table(title: str, group: str, lines, *, has_misses: bool = False) -> rx.Component:
    def line(one) -> rx.Component:
        return rx.el.tr(
            rx.el.th(one.label, scope="row"),
            rx.el.td(rx.cond(one.alike != "", one.alike, "–"), class_name="num"),
            rx.el.td(
                rx.cond(
                    one.too_few != "",
                    rx.el.span(one.too_few, class_name="muted"),
                    rx.fragment(
                        rx.el.strong(one.beyond_chance), " ", rx.el.span("(", one.bounds, ")", class_name="muted")
                    ),
                )
            ),
            rx.el.td(plural("{count} miss", "{count} misses", one.misses), class_name="num") if has_misses else None,
        )

    heads = (group, _("Decided alike"), _("Beyond chance, and its bounds"), *((_("Misses"),) if has_misses else ()))
    return card(
        card_head(title),
        rx.cond(
            lines,
            rx.el.div(
                rx.el.table(
                    rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
                    rx.el.tbody(rx.foreach(lines, line)),
                    class_name="table quality-table",
                ),
                class_name="table-scroll card-body",
                tab_index=0,
                role="region",
                aria_label=title,
            ),
            empty_state("chart", _("No second readings yet"), _("They appear here as drawn letters are read again.")),
        ),
    )
