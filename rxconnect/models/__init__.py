"""SQLModel tables, one file for each noun. Importing this package registers every table."""

from rxconnect.models.accounts import Account, EmailLink, SignIn, StaffPost
from rxconnect.models.auto_reloads import AutoReload
from rxconnect.models.cards import Card
from rxconnect.models.contacts import Contact
from rxconnect.models.demo import DemoNote, DemoSeat, DemoSession, DemoStep
from rxconnect.models.directory import DirectoryVersion, InmateName, NameKeyBlock, NameWord, RosterSheet
from rxconnect.models.disputes import Dispute, DisputedLot
from rxconnect.models.drafts import Draft
from rxconnect.models.emails import Email
from rxconnect.models.facilities import Facility, Location
from rxconnect.models.inmates import Inmate, InmateMove
from rxconnect.models.ledger import Journal, LedgerAccount, Posting
from rxconnect.models.messages import Item, Message, MessageEvent
from rxconnect.models.processor import Discrepancy, ProcessorEvent
from rxconnect.models.purchases import Lot, Purchase, Receipt
from rxconnect.models.refunds import Refund
from rxconnect.models.scheduler import SchedulerLease
from rxconnect.models.throttle import Attempt
from rxconnect.models.transfers import Transfer
from rxconnect.models.walkthrough import Walkthrough

__all__ = [
    "Account",
    "Attempt",
    "AutoReload",
    "Card",
    "Contact",
    "DemoNote",
    "DemoSeat",
    "DemoSession",
    "DemoStep",
    "DirectoryVersion",
    "Discrepancy",
    "Dispute",
    "DisputedLot",
    "Draft",
    "Email",
    "EmailLink",
    "Facility",
    "Inmate",
    "InmateMove",
    "InmateName",
    "Item",
    "Journal",
    "LedgerAccount",
    "Location",
    "Lot",
    "Message",
    "MessageEvent",
    "NameKeyBlock",
    "NameWord",
    "Posting",
    "ProcessorEvent",
    "Purchase",
    "Receipt",
    "Refund",
    "RosterSheet",
    "SchedulerLease",
    "SignIn",
    "StaffPost",
    "Transfer",
    "Walkthrough",
]
