"""Letters for the desk of the demonstration: of every kind that a mail room sees. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect.domain.messages import Reason
from rxconnect.domain.review import Outcome

# Letters that wait, as (subject, text), the one that is due first at the top. The scenario of the desk approves the first,
# rejects the second, sets the third aside and escalates the fourth.
WAITING = (
    ("The garden", "The tomatoes are in. Your row is the one with the crooked stakes, because I did them myself."),
    ("New number", "My new number is 509-555-0142, and Ray's is 509-555-0187. Call him first, he is up earlier."),
    ("Kyllä", "Täällä on jo lunta. Isä lapioi pihan ja tuli sisään nauramaan. Kaikki kunnossa, kirjoita kun jaksat."),
    ("If he comes back", "If he comes near this house again he will be sorry, and he knows exactly what I can do."),
    ("Cumpleaños", "Feliz cumpleaños, mijo. Hicimos tu pastel de tres leches y guardamos un pedazo en el congelador."),
    ("Tell Andre", "Tell Andre in your unit that his sister says the lawyer called. She cannot write to him herself."),
    ("Math club", "She joined the math club! She says that they have snacks, so it is not only about the numbers."),
    ("4-8-15", "4-8-15 16-23 42. You know what it means. Burn after reading, as we used to say."),
    (
        "I am angry",
        "You promised, and I drove three hours. I am still angry. I will be there on Saturday all the same.",
    ),
    ("Abuela", "La abuela ya camina con el bastón nuevo. Dice que te debe un abrazo y que no se le olvida."),
    (
        "The night shift",
        "Which guard has the night shift on your side now, and do they still leave the east gate open at two?",
    ),
    ("Address", "Write to your cousin: 418 Alder Street, apartment 9, and do not put your name on the envelope."),
    ("Good news", "The loan is paid. All of it. I danced in the kitchen and the dog hid under the table."),
    (
        "Sad news",
        "Aunt May died on Sunday, in her sleep. She asked about you on Friday. I will send you the prayer card.",
    ),
    ("Haircut", "He cut his own hair. With the kitchen scissors. I will not describe it, since you need hope."),
    ("Soup", "Leeks first, then the potatoes, then patience. You always left the patience out."),
    ("Report card", "Two As, three Bs, and a note that says he talks. We know that he talks."),
    ("Your case", "The public defender says the hearing may move. I do not understand all of it. Ask her, please."),
    ("Miss you", "I keep your side of the bed made. That is all I wanted to say today."),
    ("Paint", "We painted the hall. It is called Morning Oat, and it is beige, and nobody may say so."),
    ("Ntshav", "Koj niam tau mus ntsib kws kho mob hnub no. Nws zoo lawm. Tsis txhob txhawj."),
    ("The dog", "He waits at the door at five. Every day. I told him that it is a while yet. He waits anyway."),
    ("Choir", "They gave me the solo. I sang it at the sink for a week and the neighbors clapped."),
    ("Money", "I put twenty dollars on your account for soap and paper. Buy the good paper. You know why."),
    (
        "Lullaby",
        "She asked me to write the words of the song down for you, all four verses, so that you can hum along.",
    ),
    ("Fishing", "Nothing bit. Grandpa says that the fish are on vacation. We ate sandwiches in the boat until dark."),
    ("Driving test", "Passed on the second try! I parked between two trucks and nobody screamed."),
    ("La escuela", "Ya sé leer el cuento completo. Mamá dice que te lo voy a leer por teléfono. Te quiero, papá."),
    ("Letter three", "This is my third letter this week and I have nothing to say, so here is the weather: wet."),
    ("The roof", "The hat is still on the roof. Uncle Ray bought a second hat, so that the first one has company."),
    ("Sorry", "I said things on the phone. I was tired, and I am sorry. Read this twice and then throw it away."),
    ("Recital", "Four minutes, one mistake, and she kept going. You would have been the loudest."),
    ("Plans", "When you are home we take the bus to the sea, all of us, and nobody looks at a clock."),
    ("A question", "What was the name of the man who fixed the boiler? It makes the noise again."),
)


@dataclass(frozen=True)
class Rejected:
    """A letter that was rejected, `days` ago, and its family's appeal, if any. Without an outcome the appeal waits."""

    days: int
    subject: str
    text: str
    reason: Reason
    remark: str = ""
    appeal: str = ""
    outcome: Outcome | None = None
    answer: str = ""


REJECTED = (
    Rejected(
        62,
        "Grades",
        "B2, A1, C3 and an A7 in gym, which is not a grade but he says it is.",
        Reason.CODED,
        "Letters and numbers without a meaning.",
        "These are school grades and a joke of my son's. He is nine.",
        Outcome.OVERTURNED,
        "These are school grades. We are sorry.",
    ),
    Rejected(
        48,
        "Call her",
        "Her number is 509-555-0119. She wants to hear from you before Sunday.",
        Reason.CONTACT_DETAILS,
        "",
        "She is his mother. I think that he may have her number.",
        Outcome.UPHELD,
        "A number of another person cannot be passed on. She can be added as a contact.",
    ),
    Rejected(33, "For Luis", "Give the second page to Luis, he is in the bunk across from you.", Reason.THIRD_PARTY),
    Rejected(
        21,
        "Birds",
        "We counted 14 finches, 3 jays, 1 owl. Then 9 finches, 2 jays, 0 owl.",
        Reason.CODED,
        "A list of numbers.",
        "We count the birds at the feeder every morning. He asked me for the list.",
        Outcome.OVERTURNED,
        "It is a list of birds.",
    ),
    Rejected(16, "The door", "Is the side door by the kitchen still the one with the broken camera?", Reason.SECURITY),
    Rejected(
        5,
        "Knitting",
        "K2 P2 K2 P2, turn, P2 K2 P2 K2, and so on until it is as long as your arm.",
        Reason.CODED,
        "Not in words that staff can read.",
        "It is a pattern for a scarf. K is knit and P is purl. He is learning to knit.",
    ),
    Rejected(
        3,
        "Temper",
        "I could have killed your brother when he told me about the car.",
        Reason.THREAT,
        "",
        "It is a way of speaking. I love my other son and nobody is in danger.",
    ),
    Rejected(2, "New place", "We moved! 77 Birch Lane, unit 4, and the phone is 509-555-0166.", Reason.CONTACT_DETAILS),
)
