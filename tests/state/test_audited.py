"""Every handler of staff leaves a row in the audit of its facility, or is in a short list that says why it need not."""

from datetime import timedelta

import pytest
from reflex_base.registry import RegistrationContext
from sqlmodel import col, select

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.audit_chain import Flaw
from rxconnect.domain.messages import Reason
from rxconnect.domain.own_texts import key_of
from rxconnect.domain.review import Queue, Shelf
from rxconnect.domain.terms import VERSION
from rxconnect.models import AuditRow, CodeApp, ContactReview, Facility, Passkey, SecondReading
from rxconnect.services.accounts import sign_ins
from rxconnect.services.audit import verification
from rxconnect.services.audit.recording import Act, record_acts
from rxconnect.services.imports import asked_imports, uploads
from rxconnect.services.lawyers import requests
from rxconnect.services.messages import messages
from rxconnect.services.paper import batches
from rxconnect.services.privilege import break_glass
from rxconnect.services.review import appeals, review
from rxconnect.services.screening import submissions
from rxconnect.state.staff.audit import AuditState
from rxconnect.state.staff.contact_reviews import ContactReviewsState
from rxconnect.state.staff.desk import DeskState
from rxconnect.state.staff.disagreements import DisagreementsState
from rxconnect.state.staff.facility_settings import FacilitySettingsState
from rxconnect.state.staff.figures import FiguresState
from rxconnect.state.staff.finance import FinanceState
from rxconnect.state.staff.kiosks import KiosksState
from rxconnect.state.staff.lawyers import LawyersState
from rxconnect.state.staff.ledger import LedgerState
from rxconnect.state.staff.print_batches import PrintState
from rxconnect.state.staff.privileged import PrivilegedState
from rxconnect.state.staff.profile import StaffProfileState
from rxconnect.state.staff.quality import QualityState
from rxconnect.state.staff.reports import ReportsState
from rxconnect.state.staff.rosters import RostersState
from rxconnect.state.staff.rules import RulesState
from rxconnect.state.staff.sealed import SealedState
from rxconnect.state.staff.second_readings import SecondReadingsState
from rxconnect.state.staff.team import TeamState
from rxconnect.state.staff.warm_ups import WarmUpState
from tests.privileged import privileged_at
from tests.state.driver import sign_in

HANDLERS = {
    (entry.states[0], name.rpartition(".")[2])
    for name, entry in RegistrationContext.get().event_handlers.items()
    if getattr(entry.handler.fn, "__guard__", "") == "staff"
}

# These show nothing that was not recorded when it was shown first, and change nothing.
OPENS_A_FORM = "it opens, closes or fills in a form on a page that is recorded"
WITHOUT_A_ROW = {
    "RostersState.refresh": "a topic calls it: it shows how far the imports are that `load` has shown",
    "DeskState.refresh": "a topic calls it: it shows what `load` and `open` have recorded, and records another letter beside",
    "DeskState.stay": "it renews the claim of the letter whose opening is recorded",
    "DeskState.show_panel": OPENS_A_FORM,
    "DeskState.choose_part": OPENS_A_FORM,
    "DeskState.choose_rest": OPENS_A_FORM,
    "DeskState.type_reason": OPENS_A_FORM,
    "ContactReviewsState.begin_block": OPENS_A_FORM,
    "FinanceState.type_credits": OPENS_A_FORM,
    "FinanceState.close_refund": OPENS_A_FORM,
    "DisagreementsState.close": OPENS_A_FORM,
    "PrintState.close_batch": OPENS_A_FORM,
    "PrintState.except_page": OPENS_A_FORM,
    "PrintState.begin_reply": OPENS_A_FORM,
    "ReportsState.refresh": "a topic calls it: it shows how far the PDFs are that `make_pdf` has recorded",
    "ReportsState.show_dates": "it leads to an address of the same page, whose `load` is recorded",
    "RulesState.open_form": OPENS_A_FORM,
    "RulesState.choose_kind": OPENS_A_FORM,
    "LawyersState.open_form": OPENS_A_FORM,
    "PrivilegedState.open_form": OPENS_A_FORM,
    "PrivilegedState.close": OPENS_A_FORM,
    "LedgerState.refresh": "a topic calls it: it shows again what `load` has recorded",
    "PrivilegedState.refresh": "a topic calls it: it shows again what `load` has recorded",
    "SealedState.close_batch": OPENS_A_FORM,
    "SealedState.except_page": OPENS_A_FORM,
    "TeamState.edit": OPENS_A_FORM,
    "SecondReadingsState.ask_reason": OPENS_A_FORM,
    "WarmUpState.go_on": "it shows the next invented letter; the beginning, each answer and the end are recorded",
    "IdleState.look": "it shows how long the own sign-in lasts",
    "IdleState.stay": "it shows how long the own sign-in lasts",
    "StaffProfileState.cancel_email_change": "it stops a change of the own address that was not carried out, which is recorded",
    "StaffProfileState.load": "it shows the own account alone",
}


class Scene:
    """A tab of staff at the facility of a family's life, and what else may be needed before a press."""

    def __init__(self, tab, who, own, reviewer):
        self.tab, self.who, self.own, self.reviewer = tab, who, own, reviewer
        self.privileged = None

    def call(self, *events):
        for event in events:
            self.tab.call(event)

    def another_letter(self):
        return db.write(submissions.send, self.own.actor, self.own.draft_id, accepted_terms=VERSION)

    def hand_over(self):
        db.write(review.approve, self.reviewer, self.own.message_id)
        db.write(batches.confirm, self.reviewer, self.own.batch_id)

    def appeal(self):
        db.write(review.reject, self.reviewer, self.own.message_id, Reason.CODED)
        db.write(appeals.appeal, self.own.actor, self.own.message_id, "It is a recipe.")

    def have_factors(self):
        with db.transaction() as session:
            for name in ("one", "two"):
                session.add(Passkey(account_id=self.who.account_id, credential_id=name, public_key=name, name=name))
            session.add(CodeApp(account_id=self.who.account_id, secret="sealed"))
            session.flush()
            found = select(Passkey.id).where(Passkey.account_id == self.who.account_id)
            return session.exec(found.order_by(col(Passkey.id))).first()


def _previous(scene):
    last = scene.another_letter()
    scene.call(DeskState.load, DeskState.open(last))
    return DeskState.previous


def _use_filter(scene):
    scene.call(DeskState.save_filter({"name": "Mine"}))
    return DeskState.use_filter(scene.tab.shown(DeskState, "saved")[0]["id"])


def _delete_filter(scene):
    scene.call(DeskState.save_filter({"name": "Mine"}))
    return DeskState.delete_filter(scene.tab.shown(DeskState, "saved")[0]["id"])


def _answer_appeal(scene):
    scene.appeal()
    scene.call(DeskState.choose(Queue.APPEALS.value, Shelf.WAITING.value), DeskState.open(scene.own.message_id))
    return DeskState.answer_appeal("upheld", {"answer": "It is a code."})


def _undo(scene):
    scene.call(DeskState.open(scene.own.message_id), DeskState.approve, DeskState.refresh)
    return DeskState.undo


def _put_back(scene):
    scene.call(DeskState.open(scene.own.message_id), DeskState.put_aside(1), DeskState.open(scene.own.message_id))
    return DeskState.put_back


def _return(scene):
    scene.call(DeskState.open(scene.own.message_id), DeskState.escalate({"note": "Please look."}))
    scene.call(DeskState.open(scene.own.message_id))
    return DeskState.return_to_reviewers({"note": "It is fine."})


def _create(scene):
    db.write(review.approve, scene.reviewer, scene.another_letter())
    return PrintState.create(scene.own.facility_id)


def _confirm(scene):
    db.write(review.approve, scene.reviewer, scene.own.message_id)
    scene.call(PrintState.open_batch(scene.own.batch_id))
    return PrintState.confirm


def _enter_reply(scene):
    scene.hand_over()
    scene.call(PrintState.begin_reply(scene.own.message_id))
    return PrintState.enter_reply({"subject": "Hello", "body": "I am well."})


def _refund(scene):
    scene.call(FinanceState.look_up_receipt({"number": scene.own.receipt_number}))
    return FinanceState.refund({"credits": "1", "reason": "It was a mistake of ours."})


def _end_sign_in(scene):
    db.write(sign_ins.create_sign_in, scene.who.account_id)
    scene.call(StaffProfileState.load)
    other = next(one for one in scene.tab.shown(StaffProfileState, "sign_ins") if not one["is_this"])
    return StaffProfileState.end_sign_in(other["id"])


def _remove_app(scene):
    scene.have_factors()
    return StaffProfileState.remove_app


def _reinstate(scene):
    scene.call(TeamState.suspend(scene.own.member_id))
    return TeamState.reinstate(scene.own.member_id)


def _add_rule(scene):
    return RulesState.add_rule({"name": "Numbers", "words": "number"})


def _my_rule(scene):
    scene.call(_add_rule(scene))
    groups = scene.tab.shown(RulesState, "view")["groups"]
    return next(rule["id"] for group in groups for rule in group["rules"] if rule["name"] == "Numbers")


def _tried_rule(scene):
    rule_id = _my_rule(scene)
    scene.call(RulesState.try_rule(rule_id))
    return rule_id


def _switch_off(scene):
    rule_id = _tried_rule(scene)
    scene.call(RulesState.switch_on(rule_id))
    return RulesState.switch_off(rule_id)


def _see_upload(scene):
    rows = ["Number,Last Name,First Name,DOB", "A00001,Rivera,Xanthippe,", "7,Lee,Ann,1980-01-07", ""]
    kept = uploads.keep_upload(scene.who, scene.own.facility_id, "May.csv", ["\n".join(rows).encode()])
    scene.tab.go(f"{routes.ROSTERS}?facility={scene.own.facility_id}&upload={kept.id}")


def _import_file(scene):
    _see_upload(scene)
    return RostersState.import_file({"accept": "on"})


def _read_again(scene):
    _see_upload(scene)
    return RostersState.read_again({"column_last_name": "Last Name"})


def _explain_words(scene):
    _see_upload(scene)
    return RostersState.explain_words({"word_0": "held"})


def _undo_import(scene):
    scene.call(_import_file(scene))
    asked_imports.import_due()
    scene.tab.redirects = []
    scene.tab.go(f"{routes.ROSTERS}?facility={scene.own.facility_id}")
    return RostersState.undo(scene.tab.shown(RostersState, "view")["imports"][0]["id"])


def _remove_language(scene):
    scene.call(StaffProfileState.add_language({"language": "es"}))
    return StaffProfileState.remove_language("es")


def _make_pdf(scene):
    scene.call(ReportsState.load)
    return ReportsState.make_pdf


def _more_of_the_audit(scene):
    acts = [Act(scene.own.facility_id, AuditKind.QUEUE_SHOWN)] * 60
    db.write(record_acts, scene.who, acts)
    scene.call(AuditState.load)
    return AuditState.more


def _reading(event):
    def press(scene):
        scene.call(SecondReadingsState.next)
        return event

    return press


def _disagreement(event):
    """A press about a letter that was approved, and of which the second reading says the opposite."""

    def press(scene):
        with db.transaction() as session:
            row = session.get_one(SecondReading, scene.own.reading_id)
            row.outcome, row.read_by, row.read_at = "rejected", scene.reviewer.account_id, row.drawn_at
        scene.call(DisagreementsState.load)
        return event(scene)

    return press


def _warm_up(event):
    def press(scene):
        with db.transaction() as session:
            session.get_one(Facility, scene.own.facility_id).has_warm_up = True
        scene.call(WarmUpState.load, WarmUpState.begin)
        return event

    return press


def _privileged(scene):
    """The privileged letters of the scene's facility, made at the first call."""
    if scene.privileged is None:
        scene.privileged = privileged_at(scene.own.facility_id)
    return scene.privileged


def _verify(scene):
    theirs = _privileged(scene)
    given = {"name": "Ada Young", "bar_number": "1", "bar_state": "WA"}
    db.write(requests.ask, theirs.lawyer, theirs.facility_id, **given)
    return db.read(requests.mine, theirs.lawyer)[0].id


def _verify_until(scene):
    last_day = (clock.now() + timedelta(days=9)).date().isoformat()
    lawyer_id = _verify(scene)
    scene.call(LawyersState.load)
    scene.call(LawyersState.open_form(lawyer_id, False))
    return LawyersState.verify({"last_day": last_day})


def _refuse(scene):
    scene.call(LawyersState.open_form(_verify(scene), True))
    return LawyersState.refuse({"reason": "No such number"})


def _end_early(scene):
    scene.call(LawyersState.open_form(_privileged(scene).lawyer_id, True))
    return LawyersState.end_early({"reason": "It was a mistake"})


def _ask_to_open(scene):
    scene.call(PrivilegedState.open_form(_privileged(scene).letters[0]))
    return PrivilegedState.ask({"reason": "A judge has ordered it."})


def _read_opened(scene):
    scene.call(_ask_to_open(scene))
    request = scene.tab.shown(PrivilegedState, "view")["requests"][0]["id"]
    db.write(break_glass.agree, _privileged(scene).administrator, request)
    return PrivilegedState.read(request)


def _confirm_sealed(scene):
    scene.call(SealedState.open_batch(_privileged(scene).batches[0]))
    return SealedState.confirm


def _after_opening(event):
    def press(scene):
        scene.call(DeskState.open(scene.own.message_id))
        return event

    return press


def _contact(scene):
    return scene.own.account_id, scene.own.inmate_id, scene.own.facility_id


def _accept(scene):
    scene.call(_block(scene))
    return ContactReviewsState.accept(*_contact(scene))


def _block(scene):
    with db.transaction() as session:
        account_id, inmate_id, facility_id = _contact(scene)
        session.merge(
            ContactReview(account_id=account_id, inmate_id=inmate_id, facility_id=facility_id, state="waiting")
        )
    scene.call(ContactReviewsState.load)
    scene.call(ContactReviewsState.begin_block(scene.tab.shown(ContactReviewsState, "waiting")[0]["key"]))
    return ContactReviewsState.block({"reason": "They asked for it."})


# What is done before a handler is called, and the call.


def _translate(scene):
    with db.transaction() as session:
        session.get_one(Facility, scene.own.facility_id).rules = ["No codes."]
    scene.tab.call(FacilitySettingsState.load)
    form = {"text_language": "es", key_of("es", "No codes."): "Sin claves."}
    return FacilitySettingsState.save_translations(form)


PRESSES = {
    "ContactReviewsState.load": lambda scene: ContactReviewsState.load,
    "ContactReviewsState.accept": _accept,
    "ContactReviewsState.block": _block,
    "DeskState.load": lambda scene: DeskState.load,
    "DeskState.more": lambda scene: DeskState.more,
    "DeskState.choose": lambda scene: DeskState.choose(Queue.APPEALS.value, Shelf.WAITING.value),
    "DeskState.filter": lambda scene: DeskState.filter({"language": "es"}),
    "DeskState.save_filter": lambda scene: DeskState.save_filter({"name": "Mine"}),
    "DeskState.use_filter": _use_filter,
    "DeskState.delete_filter": _delete_filter,
    "DeskState.open": lambda scene: DeskState.open(scene.own.message_id),
    "DeskState.next": lambda scene: DeskState.next,
    "DeskState.previous": _previous,
    "DeskState.close": _after_opening(DeskState.close),
    "DeskState.approve": _after_opening(DeskState.approve),
    "DeskState.reject": _after_opening(DeskState.reject({"reason": Reason.CODED.label})),
    "DeskState.reject_for": _after_opening(DeskState.reject_for(1)),
    "DeskState.answer_appeal": _answer_appeal,
    "DeskState.undo": _undo,
    "DeskState.put_aside": _after_opening(DeskState.put_aside(1)),
    "DeskState.escalate": _after_opening(DeskState.escalate({"note": "Please look."})),
    "DeskState.put_back": _put_back,
    "DeskState.return_to_reviewers": _return,
    "DeskState.block_pair": _after_opening(DeskState.block_pair({"reason": "They asked for it."})),
    "DeskState.add_note": _after_opening(DeskState.add_note({"note": "Seen before."})),
    "FiguresState.load": lambda scene: FiguresState.load,
    "LedgerState.load": lambda scene: LedgerState.load,
    "FinanceState.load": lambda scene: FinanceState.load,
    "FinanceState.look_up_receipt": lambda scene: FinanceState.look_up_receipt({"number": scene.own.receipt_number}),
    "FinanceState.refund": _refund,
    "PrintState.load": lambda scene: PrintState.load,
    "PrintState.create": _create,
    "PrintState.open_batch": lambda scene: PrintState.open_batch(scene.own.batch_id),
    "PrintState.confirm": _confirm,
    "PrintState.enter_reply": _enter_reply,
    "StaffProfileState.end_sign_in": _end_sign_in,
    "StaffProfileState.remove_passkey": lambda scene: StaffProfileState.remove_passkey(scene.have_factors()),
    "StaffProfileState.remove_app": _remove_app,
    "StaffProfileState.add_language": lambda scene: StaffProfileState.add_language({"language": "es"}),
    "StaffProfileState.remove_language": _remove_language,
    "RulesState.load": lambda scene: RulesState.load,
    "RulesState.add_rule": _add_rule,
    "RulesState.try_rule": lambda scene: RulesState.try_rule(_my_rule(scene)),
    "RulesState.switch_on": lambda scene: RulesState.switch_on(_tried_rule(scene)),
    "RulesState.switch_off": _switch_off,
    "RulesState.change_settings": lambda scene: RulesState.change_settings({"ceiling": "20"}),
    "FacilitySettingsState.load": lambda scene: FacilitySettingsState.load,
    "FacilitySettingsState.save": lambda scene: FacilitySettingsState.save({"promised_hours": "24"}),
    "FacilitySettingsState.save_reasons": lambda scene: FacilitySettingsState.save_reasons({"rule_1": "No numbers."}),
    "FacilitySettingsState.save_translations": _translate,
    "KiosksState.load": lambda scene: KiosksState.load,
    "KiosksState.add": lambda scene: KiosksState.add({"name": "Day room"}),
    "KiosksState.renew": lambda scene: KiosksState.renew(scene.own.device_id),
    "KiosksState.revoke": lambda scene: KiosksState.revoke(scene.own.device_id),
    "KiosksState.find_person": lambda scene: KiosksState.find_person({"number": "A00001"}),
    "KiosksState.give_pin": lambda scene: KiosksState.give_pin(scene.own.inmate_id),
    "KiosksState.unlock": lambda scene: KiosksState.unlock(scene.own.inmate_id),
    "LawyersState.load": lambda scene: LawyersState.load,
    "LawyersState.verify": _verify_until,
    "LawyersState.refuse": _refuse,
    "LawyersState.end_early": _end_early,
    "PrivilegedState.load": lambda scene: PrivilegedState.load,
    "PrivilegedState.ask": _ask_to_open,
    "PrivilegedState.agree": lambda scene: PrivilegedState.agree(_privileged(scene).request_id),
    "PrivilegedState.decline": lambda scene: PrivilegedState.decline(_privileged(scene).request_id),
    "PrivilegedState.read": _read_opened,
    "SealedState.create": lambda scene: SealedState.create(_privileged(scene).facility_id),
    "SealedState.open_batch": lambda scene: SealedState.open_batch(_privileged(scene).batches[0]),
    "SealedState.confirm": _confirm_sealed,
    "RostersState.load": lambda scene: RostersState.load,
    "RostersState.import_file": _import_file,
    "RostersState.read_again": _read_again,
    "RostersState.explain_words": _explain_words,
    "RostersState.undo": _undo_import,
    "RostersState.split": lambda scene: RostersState.split(scene.own.merge_id),
    "TeamState.load": lambda scene: TeamState.load,
    "TeamState.invite": lambda scene: TeamState.invite(
        {"email": "new@example.org", "name": "Ada Young", "role": "reviewer"}
    ),
    "TeamState.withdraw": lambda scene: TeamState.withdraw(scene.own.invitation_id),
    "TeamState.change_role": lambda scene: TeamState.change_role(scene.own.member_id, "auditor"),
    "TeamState.suspend": lambda scene: TeamState.suspend(scene.own.member_id),
    "TeamState.reinstate": _reinstate,
    "TeamState.remove": lambda scene: TeamState.remove(scene.own.member_id),
    "QualityState.load": lambda scene: QualityState.load,
    "SecondReadingsState.load": lambda scene: SecondReadingsState.load,
    "SecondReadingsState.next": lambda scene: SecondReadingsState.next,
    "SecondReadingsState.approve": _reading(SecondReadingsState.approve),
    "SecondReadingsState.reject": _reading(SecondReadingsState.reject({"reason": "2"})),
    "SecondReadingsState.leave": _reading(SecondReadingsState.leave),
    "DisagreementsState.load": lambda scene: DisagreementsState.load,
    "DisagreementsState.open": _disagreement(lambda scene: DisagreementsState.open(scene.own.reading_id)),
    "DisagreementsState.judge": _disagreement(lambda scene: DisagreementsState.judge(scene.own.reading_id, "first")),
    "WarmUpState.load": _warm_up(WarmUpState.load),
    "WarmUpState.begin": _warm_up(WarmUpState.begin),
    "WarmUpState.approve": _warm_up(WarmUpState.approve),
    "WarmUpState.reject": _warm_up(WarmUpState.reject),
    "WarmUpState.skip": _warm_up(WarmUpState.skip),
    "ReportsState.load": lambda scene: ReportsState.load,
    "ReportsState.make_pdf": _make_pdf,
    "AuditState.load": lambda scene: AuditState.load,
    "AuditState.find": lambda scene: AuditState.find({"kind": AuditKind.DECIDED.value}),
    "AuditState.more": _more_of_the_audit,
}
PAGES = {
    "ContactReviewsState": routes.STAFF_CONTACTS,
    "DeskState": routes.STAFF,
    "FiguresState": routes.FIGURES,
    "LawyersState": routes.LAWYERS,
    "PrivilegedState": routes.PRIVILEGED,
    "SealedState": routes.PRIVILEGED,
    "FinanceState": routes.FINANCE,
    "LedgerState": routes.LEDGER,
    "PrintState": routes.PRINT,
    "StaffProfileState": routes.STAFF_PROFILE,
    "TeamState": routes.TEAM,
    "KiosksState": routes.STAFF_KIOSKS,
    "RulesState": routes.RULES,
    "RostersState": routes.ROSTERS,
    "FacilitySettingsState": routes.FACILITY_SETTINGS,
    "QualityState": routes.QUALITY,
    "SecondReadingsState": routes.SECOND_READINGS,
    "DisagreementsState": routes.DISAGREEMENTS,
    "WarmUpState": routes.WARM_UP,
    "AuditState": routes.AUDIT,
    "ReportsState": routes.REPORTS,
}


def names():
    return {f"{state.__name__}.{handler}" for state, handler in HANDLERS}


def rows_of(facility_id):
    with db.reading() as session:
        return session.exec(
            select(AuditRow).where(AuditRow.facility_id == facility_id).order_by(col(AuditRow.sequence))
        ).all()


@pytest.fixture
def scene(server, life, actor):
    """`scene(role, address)`: a member of staff in that role, who is on that page."""

    def begin(role, address):
        own = life()
        who, reviewer = (actor(role=one, facility_id=own.facility_id) for one in (role, Role.REVIEWER))
        return Scene(server.tab(sign_in(who)).open(address), who, own, reviewer)

    return begin


def test_every_handler_of_staff_leaves_a_row_or_is_listed_with_its_reason():
    assert names() == set(PRESSES) | set(WITHOUT_A_ROW)
    assert not set(PRESSES) & set(WITHOUT_A_ROW)


@pytest.mark.parametrize("name", sorted(PRESSES))
def test_a_press_leaves_a_row_of_the_person_in_their_role(scene, name):
    made = scene(Role.ADMINISTRATOR, PAGES[name.partition(".")[0]])
    event = PRESSES[name](made)
    before = len(rows_of(made.own.facility_id))
    made.tab.call(event)
    new = rows_of(made.own.facility_id)[before:]
    assert new, name
    assert {(row.account_id, row.role) for row in new} == {(made.who.account_id, "administrator")}
    with db.reading() as session:
        assert verification.verify_chain(session, made.own.facility_id).first_broken is None


@pytest.mark.parametrize("name", sorted(one for one in PRESSES if one.startswith(("DeskState", "PrintState"))))
def test_a_reviewers_press_leaves_a_row_or_is_refused(scene, name):
    made = scene(Role.REVIEWER, PAGES[name.partition(".")[0]])
    event = PRESSES[name](made)
    before = len(rows_of(made.own.facility_id))
    made.tab.call(event)
    new = rows_of(made.own.facility_id)[before:]
    state = DeskState if name.startswith("DeskState") else PrintState
    assert made.tab.said(state) or {(row.account_id, row.role) for row in new} == {(made.who.account_id, "reviewer")}


@pytest.mark.parametrize("address", [routes.FINANCE, routes.AUDIT, routes.REPORTS])
def test_what_an_auditor_sees_is_recorded_too(scene, address):
    made = scene(Role.AUDITOR, address)
    assert (rows_of(made.own.facility_id)[-1].account_id, rows_of(made.own.facility_id)[-1].role) == (
        made.who.account_id,
        "auditor",
    )


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.TRAINER])
def test_others_learn_for_whom_the_audit_is_and_see_nothing_of_it(scene, role):
    made = scene(role, routes.AUDIT)
    before = len(rows_of(made.own.facility_id))
    made.tab.call(AuditState.load)
    made.tab.call(AuditState.find({"kind": ""}))
    assert (made.tab.shown(AuditState, "view"), made.tab.shown(AuditState, "is_refused")) == (None, True)
    assert len(rows_of(made.own.facility_id)) == before


def test_no_row_holds_a_word_of_a_letter_or_a_name(scene):
    for role, name in [
        (Role.ADMINISTRATOR, name) for name in ("DeskState.reject", "PrintState.open_batch", "TeamState.invite")
    ]:
        made = scene(role, PAGES[name.partition(".")[0]])
        made.tab.call(PRESSES[name](made))
        told = " ".join(f"{row.subject} {row.details}" for row in rows_of(made.own.facility_id))
        assert "Xanthippe" not in told
        assert "example.org" not in told


def test_a_printed_batch_is_an_export_and_a_view_of_each_letter(scene):
    made = scene(Role.REVIEWER, routes.PRINT)
    before = len(rows_of(made.own.facility_id))
    db.write(batches.for_print, made.who, made.own.batch_id)
    exported, printed = rows_of(made.own.facility_id)[before:]
    assert (exported.kind, exported.subject) == ("batch exported", f"batch {made.own.batch_id}")
    assert (printed.kind, printed.message_id) == ("letter printed", made.own.message_id)


def test_the_family_reads_how_often_its_letter_was_seen(scene):
    made = scene(Role.ADMINISTRATOR, routes.STAFF)
    seen = lambda: db.read(messages.get, made.own.actor, made.own.message_id).times_seen  # noqa: E731
    assert seen() == 0
    made.call(DeskState.open(made.own.message_id), DeskState.close, DeskState.open(made.own.message_id))
    assert seen() == 2
    views = [row for row in rows_of(made.own.facility_id) if row.message_id == made.own.message_id]
    assert [row.kind for row in views] == ["letter opened", "letter closed", "letter opened"]


def test_a_page_of_the_audit_shows_who_did_what_and_its_search_finds_it(scene):
    made = scene(Role.ADMINISTRATOR, routes.STAFF)
    made.call(DeskState.open(made.own.message_id), DeskState.approve)
    tab = made.tab.go(routes.AUDIT)
    lines = tab.shown(AuditState, "view")["lines"]
    assert lines[0]["number"] > lines[-1]["number"]
    tab.call(AuditState.find({"kind": "decided", "letter": str(made.own.message_id)}))
    (line,) = tab.shown(AuditState, "view")["lines"]
    assert (line["person"], line["what"], line["letter"]) == (
        made.who.name,
        "Decided a letter",
        str(made.own.message_id),
    )
    assert "approved" in line["details"]
    tab.call(AuditState.find({"person": str(made.reviewer.account_id)}))
    assert tab.shown(AuditState, "view")["lines"] == []


def test_a_number_that_is_none_is_refused_beside_its_field(scene):
    made = scene(Role.AUDITOR, routes.AUDIT)
    made.tab.call(AuditState.find({"letter": "the last one"}))
    assert "number of a letter" in made.tab.shown(AuditState, "problems")["letter"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_edge_of_the_calendar_limits_nothing(scene, day):
    made = scene(Role.AUDITOR, routes.AUDIT)
    made.tab.call(AuditState.find({"day": day}))
    assert made.tab.shown(AuditState, "view")["lines"]
    assert made.tab.shown(AuditState, "export") == f"{routes.AUDIT_CSV}?facility={made.own.facility_id}"


def test_a_row_that_is_changed_in_the_database_is_found(scene):
    made = scene(Role.ADMINISTRATOR, routes.STAFF)
    made.call(DeskState.open(made.own.message_id), DeskState.approve)
    row = next(row for row in rows_of(made.own.facility_id) if row.kind == "decided")
    with db.transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql("DROP TRIGGER audit_row_no_update")
        connection.exec_driver_sql("UPDATE audit_row SET account_id = 1 WHERE kind = 'decided'")
    with db.reading() as session:
        found = verification.verify_chain(session, made.own.facility_id).first_broken
    assert (found.sequence, found.flaw) == (row.sequence, Flaw.CHANGED)
