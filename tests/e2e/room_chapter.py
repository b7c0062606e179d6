"""The guide's chapter about demo sessions. Its table of scenarios is made from their files."""

from __future__ import annotations

from rxconnect.demo import scenarios
from rxconnect.i18n import N_, _

PICTURE = "pictures/a-room-of-three.png"
NEXT_STEP = "pictures/the-next-step.png"
FOUR_SCREENS = "pictures/a-letter-on-four-screens.png"
PICTURES = (PICTURE, NEXT_STEP, FOUR_SCREENS)

_HEADS = N_("| Scenario | Minutes | |")
_CHAPTER = N_("""\
## Showing RxConnect to a room

A demo session is the whole product with invented people, for everybody in a room or on a call. Nobody in it can see a real
family's mail, no card is charged and no email leaves. A day after the session has ended, all of it is deleted.

<img src="{picture}" width="740" alt="A trainer at a computer, and two people who follow on their phones">

1. Sign in as a trainer, or in the demonstration just open `/demo`. Choose a scenario, enter your name, and press **Start the session**.
2. Show the code, such as `CEDAR-417`. The others open `/demo/join`, or point their phone's camera at the square. They enter the
   code and a name, and choose a seat.
3. Press **Go to the product**. It leads everybody who waits in the room along, and whoever joins later goes straight to what you see.
   People who follow see what you see: each page, each word as you type it, each refusal and receipt. Only
   what you type into a card's fields is shown to nobody.
4. Do what stands beside the page, and read out what stands below it. A step is ticked off when it has really happened.
5. In the room you can pause, lock the session, remove a person, begin a step again, and note questions. **End** leads you to
   the summary.

### Scenarios

You can begin without preparation. Each step names its seat, its page and its button.

{scenarios}

<img src="{next_step}" width="740" alt="The review desk of a demo session. Beside it stands what to do next and what to say; the button is marked">

The button for the next step is outlined on the page. When the step needs another seat, one press takes it, such as **Take the
reviewer's seat**, and leads to its page. When only the page is another one, **Go there** leads to it.

### Seats

| Seat | Acts as |
|---|---|
| *Watching* | nobody: sees what the driver sees |
| *Family* | the family of the scenario, such as Sam Whitaker |
| *Reviewer* | a reviewer in the mail room of Cedar Ridge |
| *Administrator* | an administrator of Cedar Ridge |
| *Auditor* | somebody who reads what the staff did, and no letter |
| *Kiosk* | a person in custody at a tablet, such as Marcus Delgado |

One seat drives, and the others follow it on their own screens. Somebody wants to try? They press **Ask for the wheel**, and you
press **Hand over**. **Take the wheel** brings it back at once. Everybody else can press anything: that only lets them look around,
and **Back to** leads them to you again.

With **Everyone acts at their own seat**, in the room, four people play four sides at once: the family writes on a phone, the
reviewer decides at the desk, the person in custody opens the letter, and the auditor watches every credit move under *Ledger*.
Nobody waits for the wheel, and each sees within a moment what the others did.

<img src="{four_screens}" width="740" alt="One letter at four seats: the family's phone, the desk, the kiosk, and the ledger">

A watcher sees the driver, and can press **Follow** beside somebody else. For a projector, **Show all sides** in the room
(`/demo/split`) puts two or four seats on one screen, large enough for the last row. It only shows: act in windows of your own.

### Judge us in 20 letters

In the room, under **Judge us in 20 letters**, press **Begin**: everybody decides the same twenty invented letters on their own
screen (`/demo/judge`), blind, in about ten minutes. Nobody sees the answers of others. When all have finished, or you press **End,
and show the result**, the room sees sums alone: how well its people agree, what they missed, how long they took, and what screening
would have held. Each sees their own result; the room sees it only if they press **Show my result with my name**. Under **Bring letters of your own** you use
letters that your facility has written for its own rules.

### Break it in front of us

**Break it in front of us** (`/demo/break`) has three buttons, and the whole room reads what came of each. **Kill a worker** ends
one process of the server, where the installation itself is a demonstration and has two or more of them: no letter and no credit is
lost, and the pages come back. **Alter a row** changes one line of the audit behind RxConnect's back: “verify” names the row, until
you put it back. **Try to open it** tries a lawyer's letter as the administrator: it stays shut.

### Your own facility

**Your own facility** (`/demo/facility`) gives the world your audience's name, place, price, promised time, rules, and words to
hold. **Try a roster** shows what a list of theirs would change, and imports nothing before you press **Import**. Use invented names
only: we cannot tell them from real ones.

### What you leave behind

Paste the requirements of a tender into **Requirements** in the room, and tick each off when you have shown it. After **End**, the
summary says what was shown at which minute, the steps and the questions you noted, on the screen and as a PDF. It is kept for a
day; if the time runs out before you press **End**, your browser offers it.

**Take this world with you** downloads a file with the letters, credits and steps as they are. After **End** it is beside the
summary, in your browser alone. **Open a session that you took with you**, on `/demo`, opens the same world again, in this
installation alone. Nobody who was in the room is in it. After a day we delete our copy with the summary, and nothing else is kept.

### A scenario of your own

A scenario is a small text file. Download one from `/demo`, change it, and choose **Your own** to use yours; a mistake is shown with
its line. A step has these keys:

| Key | Says |
|---|---|
| `do` | what to do |
| `done` | the fact that ticks it off, such as `message sent`; a wrong one is answered with the right ones |
| `say` | what to say, if anything |
| `seat` | `family`, `reviewer`, `administrator`, `auditor` or `kiosk`, if the step needs one |
| `at`, `mark` | the page, and the control that is outlined on it |

`prepare` lists what is there when the session begins: `location: cedar-ridge`, `contact: Marcus Delgado`, `credits: 10 at
cedar-ridge`, `roster: Shawn O'Neill at cedar-ridge` (a list that waits to be imported, with somebody new on it), and `rule: Gates =
east gate, side door` (a rule that is off).
""")


def text(folder: str = "") -> str:
    """The chapter, for a page that finds the pictures in `folder`. They show rooms that speak English."""
    picture, next_step, four_screens = (f"{folder}{name}" for name in PICTURES)
    return _(_CHAPTER).format(
        picture=picture, next_step=next_step, four_screens=four_screens, scenarios="\n".join(_table())
    )


def _table() -> list[str]:
    shown = [one for one in scenarios.all_scenarios().values() if one.steps]
    rows = [f"| *{_(one.title)}* | {one.minutes} | {_(one.about)} |" for one in shown]
    return [_(_HEADS), "|---|---|---|", *rows]
