"""SQLModel tables, one file for each noun. Importing this package registers every table."""

from rxconnect.models.accounts import Account, EmailLink, Invitation, PendingSignIn, SignIn, StaffPost
from rxconnect.models.audit import AuditChain, AuditHead, AuditRow
from rxconnect.models.auto_reloads import AutoReload
from rxconnect.models.cards import Card
from rxconnect.models.contacts import Contact
from rxconnect.models.demo import (
    DemoAnswer,
    DemoBreak,
    DemoJudge,
    DemoJudging,
    DemoKey,
    DemoNote,
    DemoRequirement,
    DemoReturn,
    DemoSeat,
    DemoSession,
    DemoStep,
)
from rxconnect.models.directory import DirectoryVersion, InmateName, NameKeyBlock, NameWord, RosterSheet
from rxconnect.models.disputes import Dispute, DisputedLot
from rxconnect.models.drafts import Draft
from rxconnect.models.email_changes import EmailChange
from rxconnect.models.emails import Email
from rxconnect.models.facilities import Facility, FacilityChange, Location
from rxconnect.models.imports import TakenFile, TakenRoster
from rxconnect.models.inmates import Inmate, InmateAbsence, InmateMerge, InmateMove
from rxconnect.models.kiosk import KioskDevice, KioskPerson
from rxconnect.models.lawyers import BreakGlass, Lawyer
from rxconnect.models.ledger import Journal, LedgerAccount, Posting
from rxconnect.models.messages import Item, Message, MessageEvent, Withdrawal
from rxconnect.models.notices import DeadAddress, DigestLine, LowCreditsLevel, NoticeChoice
from rxconnect.models.photos import Photo
from rxconnect.models.print_batches import PrintBatch, PrintPage
from rxconnect.models.processor import Discrepancy, ProcessorEvent
from rxconnect.models.purchases import Lot, Purchase, Receipt
from rxconnect.models.pushes import Push, PushSubscription
from rxconnect.models.quality import ReadingDebt, SecondReading, WarmUp
from rxconnect.models.refunds import Refund
from rxconnect.models.removals import Removal
from rxconnect.models.reports import ReportPrint
from rxconnect.models.review import (
    Appeal,
    ContactReview,
    Decision,
    DecisionItem,
    DeskNote,
    Notice,
    QueueEntry,
    SavedDeskFilter,
    StaffView,
)
from rxconnect.models.roster_mappings import RosterMapping
from rxconnect.models.rosters import RosterImport, RosterUpload
from rxconnect.models.scheduler import SchedulerLease
from rxconnect.models.screening import ScreeningEvent, ScreeningHit, ScreeningRule, ScreeningSetting, StaffLanguage
from rxconnect.models.second_factors import CodeApp, Passkey, RecoveryCode
from rxconnect.models.throttle import Attempt
from rxconnect.models.transfers import Transfer
from rxconnect.models.walkthrough import Walkthrough

__all__ = [
    "Account",
    "Appeal",
    "Attempt",
    "AuditChain",
    "AuditHead",
    "AuditRow",
    "AutoReload",
    "BreakGlass",
    "Card",
    "CodeApp",
    "Contact",
    "ContactReview",
    "DeadAddress",
    "Decision",
    "DecisionItem",
    "DemoAnswer",
    "DemoBreak",
    "DemoJudge",
    "DemoJudging",
    "DemoKey",
    "DemoNote",
    "DemoRequirement",
    "DemoReturn",
    "DemoSeat",
    "DemoSession",
    "DemoStep",
    "DeskNote",
    "DigestLine",
    "DirectoryVersion",
    "Discrepancy",
    "Dispute",
    "DisputedLot",
    "Draft",
    "Email",
    "EmailChange",
    "EmailLink",
    "Facility",
    "FacilityChange",
    "Inmate",
    "InmateAbsence",
    "InmateMerge",
    "InmateMove",
    "InmateName",
    "Invitation",
    "Item",
    "Journal",
    "KioskDevice",
    "KioskPerson",
    "Lawyer",
    "LedgerAccount",
    "Location",
    "Lot",
    "LowCreditsLevel",
    "Message",
    "MessageEvent",
    "NameKeyBlock",
    "NameWord",
    "Notice",
    "NoticeChoice",
    "Passkey",
    "PendingSignIn",
    "Photo",
    "Posting",
    "PrintBatch",
    "PrintPage",
    "ProcessorEvent",
    "Purchase",
    "Push",
    "PushSubscription",
    "QueueEntry",
    "ReadingDebt",
    "Receipt",
    "RecoveryCode",
    "Refund",
    "Removal",
    "ReportPrint",
    "RosterImport",
    "RosterMapping",
    "RosterSheet",
    "RosterUpload",
    "SavedDeskFilter",
    "SchedulerLease",
    "ScreeningEvent",
    "ScreeningHit",
    "ScreeningRule",
    "ScreeningSetting",
    "SecondReading",
    "SignIn",
    "StaffLanguage",
    "StaffPost",
    "StaffView",
    "TakenFile",
    "TakenRoster",
    "Transfer",
    "Walkthrough",
    "WarmUp",
    "Withdrawal",
]
