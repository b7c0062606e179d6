"""A year of letters between Rosa Delgado and the three people she writes to. All of them are invented.

No letter names a date, a season or a holiday, as they always cover the year before today.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from rxconnect.domain.messages import Direction, Reason
from rxconnect.domain.text import unwrap


class Fate(StrEnum):
    """The outcome of a letter that Rosa wrote."""

    OPENED = "opened"
    IN_REVIEW = "in review"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Letter:
    """A letter written `days` before today at `time` of the facility's clock, or else `minutes_ago`."""

    direction: Direction
    days: int
    time: str
    subject: str
    text: str
    fate: Fate = Fate.OPENED
    reason: Reason | None = None
    note: str = ""
    is_read: bool = True
    minutes_ago: int = 0
    # As (name in `demo.pictures`, caption).
    photos: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> str:
        """The letter's text without our line breaks."""
        return unwrap(self.text)


wrote = partial(Letter, Direction.OUTGOING)
answered = partial(Letter, Direction.INCOMING)

# Marcus, 34, is her son. His daughter Lily lives with Rosa in Yakima.
MARCUS = [
    wrote(
        362,
        "19:42",
        "It is Mom",
        """
        Mijo, I hope this reaches you. The lady at the front desk told me about this site and Elena sat with me until it
        worked, so you can thank your aunt. I am fine. Lily is fine. She sleeps in your old room and has moved in
        every stuffed animal she owns.

        You do not have to be strong when you write to me. Just write. Tell me if you are eating.

        Mom
        """,
    ),
    answered(
        360,
        "16:10",
        "Hi Mom",
        """
        Mom. I read it four times. They have a tablet here that we share, and when my name came up I thought it was a
        mistake.

        I am okay. It is loud at night but I am getting used to it. I eat, I promise, though nobody here has heard of
        salt. Tell Lily that Mr. Whiskers is in charge of the room until I am back.

        I am sorry. I know I said it already.

        Marcus
        """,
    ),
    wrote(
        357,
        "20:15",
        "Mr. Whiskers accepts",
        """
        Lily read your letter out loud to Mr. Whiskers and then told me he accepts the job. He wants to know his pay.
        She decided on one cracker a day, and somehow the crackers are gone every evening.

        You said you are sorry. I heard you. Now let us talk about what comes next, one day and then another one. What
        is your day like? From the morning on, I want to see it.
        """,
    ),
    answered(
        355,
        "15:30",
        "My day",
        """
        Up at 5:30. Count. Breakfast, which is oatmeal, which is glue. Then I sit by the window on the east side because
        you can see a line of hills. I do push-ups. I read. Count again. Lunch. I put my name on the list for the
        kitchen, since I can at least cook rice without hurting anybody.

        Evenings I play chess with an older man called Walt. I have lost eleven games. He says I play like somebody
        running for a bus.
        """,
    ),
    wrote(
        349,
        "18:05",
        "Your father's chess set",
        """
        Your father would laugh. He played the same way, all hurry. His set is still in the hall closet with the one
        pawn that is really a bottle cap. I took it out and Lily and I played. She invented a rule where the queen can
        jump, and she will not be talked out of it.

        Ask Walt to teach you to wait. It took me thirty years with your father and I never managed.
        """,
    ),
    answered(
        346,
        "16:45",
        "Kitchen",
        """
        I got the kitchen. Six mornings a week, from 4 a.m. It is the best news I have had here. There is a supervisor,
        Mr. Abbott, who used to run a diner, and he lets me do the eggs.

        Walt says: tell your mother that patience is only paying attention. He is a bit much. I lost again, but slower.
        """,
    ),
    wrote(
        338,
        "21:02",
        "Piano",
        """
        News from here. Mrs. Hale next door is giving away her upright piano and asked if Lily wants it. It took four
        men, two ramps and one argument, and now it stands in the living room where your weights used to be. I hope you
        do not mind about the weights.

        Lily plays with two fingers, the same five notes, until supper. I have never been so happy with so little music.
        """,
    ),
    answered(
        335,
        "17:20",
        "Re: Piano",
        """
        Sell the weights. Buy her lessons. Tell her I want to hear the five notes one day, all five, in order, with both
        fingers.

        I made 140 omelets this week, Mom. One hundred and forty. A guard asked who made them.
        """,
    ),
    wrote(
        327,
        "19:30",
        "The tooth",
        """
        It came out. The front one, at breakfast, in a tortilla. We looked for it for half an hour and I will not tell
        you where it was. She put it under the pillow with a note that says: Dear Tooth Fairy, please bring it to my dad
        so he can see it. Love Lily.

        I kept the note. I will keep it for you.
        """,
    ),
    answered(
        324,
        "15:58",
        "For Lily",
        """
        Please read this to her:

        Dear Lily, the Tooth Fairy came by here last night. She is very small and was out of breath. She said yours is
        the whitest one she picked up all week, and that I should tell you that you were brave. She could not leave it
        with me because of the rules, but she let me look. I am proud of you. Love, Dad.
        """,
    ),
    wrote(
        323,
        "20:44",
        "She believed every word",
        """
        She asked me to read it three times, then she said, "The rules are very strict there," and went to brush what is
        left. Thank you. You are still her father, every day. I need you to know that I see it.
        """,
    ),
    wrote(
        311,
        "18:22",
        "My knee",
        """
        Do not be angry that I tell you only now: I had the knee looked at. It is worn, nothing worse. They gave me
        exercises and Lily counts them for me like a drill sergeant. The bakery moved me to the register so I can sit.
        Elena drives us on Saturdays.

        How is the kitchen? How is the bus player?
        """,
    ),
    answered(
        308,
        "16:30",
        "Re: My knee",
        """
        Mom, please do the exercises. Please sit when they tell you to sit. You spent my whole childhood standing.

        Kitchen is good. Mr. Abbott let me plan one lunch a week, so Thursday is now rice and beans the way you make
        it, only for 600 people. I had to do the math four times. Nobody sent any back.

        And I beat Walt. Once. He asked to see the board again, like it was a trick.
        """,
    ),
    wrote(
        307,
        "19:12",
        "600!",
        """
        Six hundred people eating my beans! I told everyone at the register. I told a man who only wanted two rolls.

        Your father's secret, since you are a professional now: a little orange peel while they simmer, and take it out
        before anybody sees.
        """,
    ),
    answered(
        296,
        "15:15",
        "Welding",
        """
        They put up a list for the welding course. It is nine months, three afternoons, and you come out with a real
        certificate from the community college. Forty men for twelve places. There is a math test.

        I have not taken a test since I was sixteen. I want this one.
        """,
    ),
    wrote(
        294,
        "20:30",
        "Fractions",
        """
        Then we study. Lily is on fractions too, so I copied her page for you. You do them there, she does them here,
        and I check both with the calculator because I do not trust any of us.

        1) 3/4 + 1/8. 2) 5/6 - 1/3. 3) 2/3 of 90. 4) A pipe is 7 1/2 feet. You cut off 2 3/4 feet. How much is left?

        Show your work, Delgado.
        """,
    ),
    answered(
        291,
        "16:02",
        "Showing my work",
        """
        1) 7/8. 2) 1/2. 3) 60. 4) 4 3/4 feet, and I measured twice.

        Ask her what she got for number two. I had 3/6 first and was very proud of it.
        """,
    ),
    wrote(
        290,
        "19:50",
        "She says",
        """
        She says 3/6 and 1/2 are the same and you should not have crossed it out. She also says to tell you: always
        simplify, Dad. I do not know where she gets it. Actually I do.
        """,
    ),
    answered(
        276,
        "17:05",
        "I got in",
        """
        Number nine of twelve. Mom, I got in.

        Tell Lily it was the fractions. It really was. There was one about a pipe.
        """,
    ),
    wrote(
        276,
        "21:15",
        "I cried at the register",
        """
        A customer asked me if I was all right and I said my son got into college. It is not a lie. I said it again to
        the next one.

        Lily made you a certificate of her own with a gold star from the cereal box. She wants to give it to you
        herself, so it waits on the piano. We are so proud that there is no more room in this house.
        """,
    ),
    wrote(
        262,
        "18:40",
        "The dog",
        """
        I have to tell you something before Lily does. We have a dog. I said no for four years, and then he was sitting
        in front of the bakery in the rain with one ear up and one ear down, and I heard myself say, "Well, get in."

        His name is Biscuit. He has eaten one shoe and half of a library book about dogs.
        """,
    ),
    answered(
        259,
        "16:20",
        "FOUR YEARS",
        """
        Four years I asked you for a dog, when I was nine. I had a chart. I had a whole chart, Mom.

        I told the guys at my table and now everyone asks about Biscuit. Walt wants to know which half of the book.
        """,
    ),
    wrote(
        258,
        "20:08",
        "Which half",
        """
        Tell Walt: the half about training.
        """,
    ),
    answered(
        243,
        "15:40",
        "First weld",
        """
        I joined two pieces of steel today. The teacher, Ms. Okafor, hit it with a hammer and it held. She said, "That's
        ugly and it's sound. Pretty comes later." I wrote that down.

        I think about it at night. Ugly and sound. I can work with that.
        """,
    ),
    wrote(
        241,
        "19:25",
        "Ugly and sound",
        """
        I put that on the refrigerator. It is also how I would describe my knee, my car and Biscuit.

        The car: the transmission is slipping again. Tío Beto says he can fix it for the price of the parts. So we take
        the bus for two weeks, and Lily has made friends with every driver on route 7.
        """,
    ),
    wrote(
        222,
        "18:55",
        "Half a song",
        """
        Lily can play half of a song with both hands. It is the lullaby that I sang to you, the one about the little
        chicks. I did not teach it to her. She worked it out by herself because she heard me humming it over the dishes.

        I stood in the kitchen and did not move so that she would not stop.
        """,
    ),
    answered(
        219,
        "16:50",
        "Los pollitos",
        """
        I have been humming it all day. Now half of the kitchen is humming it and nobody knows why.

        I told Walt that she taught herself. He was quiet for a while and then he said that his daughter played too. He
        never said he had a daughter. I think he is going to write to her.
        """,
    ),
    wrote(
        203,
        "20:20",
        "She is eight",
        """
        Our girl is eight. We had eleven children in this house and one of them was sick on the piano, but it was a good
        party. She saved you the piece of cake with the L on it. I know, I know, but it is in the freezer and there it
        stays.

        When she blew out the candles she closed her eyes so hard. I did not ask what for.
        """,
    ),
    answered(
        201,
        "15:22",
        "Eight",
        """
        Please give her this from me:

        Lily, eight years ago I held you before anybody else did, because Grandma was parking the car. You grabbed my
        thumb and would not let go, and the nurse said you were strong. You still are. When you play the second half of
        the song, count slowly and do not hurry. I hurry. Do it better than me. I love you all the way up and back down.

        Dad
        """,
    ),
    wrote(
        200,
        "19:33",
        "All the way up and back down",
        """
        She put it inside the piano bench, on top, so she sees it every time. She says it is so the piano knows.
        """,
    ),
    wrote(
        181,
        "21:10",
        "Short, I am tired",
        """
        Only a short one tonight. We did inventory until nine. I wanted you to have something to open anyway. Biscuit
        snores. Good night, mijo.
        """,
    ),
    answered(
        178,
        "16:33",
        "Short ones count",
        """
        Short ones count the same. I read them slowly.

        Ms. Okafor says my beads are getting straight. That is the line of a weld, a bead. I like that it is called that.
        Sleep, Mom.
        """,
    ),
    wrote(
        160,
        "18:18",
        "Elena's wedding plans",
        """
        Your cousin Daniela is getting married and your aunt has lost her mind. There will be two hundred people and
        doves. I am making the cake, all four floors of it, so if you wake up at night and feel something, that is me
        worrying about the third floor.

        Lily is to carry the rings. She practices with two onions on a pillow. Biscuit has eaten one ring.
        """,
    ),
    answered(
        157,
        "15:45",
        "Engineering",
        """
        I asked Ms. Okafor about the third floor. She took it seriously. She says: put dowels under every tier, as long
        as the tier is tall, five of them, and let the wood carry the weight and not the cake. She drew it. I am
        supposed to explain it to you like this: the cake only has to be beautiful, the dowels do the work.

        Tell Daniela I am happy for her.
        """,
    ),
    wrote(
        141,
        "22:05",
        "It stood",
        """
        It stood. All four floors, for six hours, in that heat of two hundred people dancing. I told everybody who would
        listen that my son's teacher did the engineering.

        There was an empty chair at our table with your name. Daniela's idea. Lily put her flowers on it. Nobody made a
        speech about it, and it was just right.
        """,
        photos=(("cake", "All four floors of it"),),
    ),
    answered(
        138,
        "16:15",
        "The chair",
        """
        I did not know what to write to this for two days. Thank Daniela. Just tell her thank you from me, she will
        know.

        I want to sit in that chair. I am going to.
        """,
    ),
    wrote(
        120,
        "19:05",
        "A letter from the school",
        """
        Lily's teacher called and my heart stopped, but it was good news. They want to put her in the reading group
        with the big ones. She reads to Biscuit every night so that "he catches up."

        She asked if you could pick the next book, and then you both read it, you there and her here. Is there a library?
        """,
    ),
    answered(
        117,
        "15:50",
        "Yes there is",
        """
        There is, Wednesdays. I asked for a children's book and the man at the desk did not even blink. They have
        Charlotte's Web, two copies. Let us start there. Two chapters a week? Tell her no reading ahead. I know her.
        """,
    ),
    wrote(
        110,
        "20:00",
        "Chapter two",
        """
        Lily dictates and I type: "Dear Dad, I did not read ahead except a little. I think Fern is right and it is not
        fair about the small pig. Grandma says I was small too. Question: why do you think they call it a runt? Biscuit
        is not a runt, he is a mix. Love, Lily. P.S. I can play the whole song now but fast."
        """,
    ),
    answered(
        107,
        "16:40",
        "For my reading partner",
        """
        Dear Lily, I think people use a small word when they do not want to look closely. Fern looked closely. That is
        why she is my favorite so far, but I will not say what happens, because I did not read ahead at all. (A little.)

        Play the song slow once, for me. Then as fast as you want.

        Love, Dad
        """,
    ),
    wrote(
        89,
        "18:48",
        "Chapter twelve",
        """
        We are ahead of you, I admit it. Lily cried last night about the end, and then she asked for the last page again,
        and then she asked if spiders can live in pianos. We left the corner by the window alone. There is a spider
        there now who has a name and privileges.
        """,
    ),
    answered(
        86,
        "15:35",
        "The end",
        """
        I finished it in the bunk with the light from the hall. I am thirty-four years old and I cried about a spider,
        and the man above me asked what was wrong, and now he is reading it.

        Tell her she picked a good book, even if I picked it.
        """,
    ),
    wrote(
        68,
        "19:58",
        "Visiting",
        """
        Elena's car is running, my knee is good, and I filled in the forms. They say two to three weeks until we are on
        your list. I do not want to promise Lily before it is certain, so this is between us.

        I already know what I will wear. I am sixty-one years old and I am thinking about what to wear.
        """,
    ),
    answered(
        65,
        "16:25",
        "Re: Visiting",
        """
        I read it standing in line and had to get out of the line.

        Wear the green one. And bring quarters for the machines, they have the peanut ones Lily likes. I will not say
        a word to her, but I am counting too.
        """,
    ),
    wrote(
        44,
        "18:12",
        "We are on the list",
        """
        Approved. Both of us. Saturday in two weeks, ten o'clock. I told Lily at supper and she got up, went to the
        piano, and played the song from beginning to end, slowly.
        """,
    ),
    answered(
        41,
        "15:55",
        "Slowly",
        """
        I would like to write something clever and I cannot. Ten o'clock. I will be the one at the front.
        """,
    ),
    wrote(
        28,
        "20:36",
        "On the way home",
        """
        She talked for the first forty miles about everything you said, and then she slept with the paper crane you
        folded in her hand. I drove with both hands and did not cry until the river.

        You look thin, but you stand straight. You looked her in the eye the whole time. That is my son. We come again
        next month.
        """,
    ),
    answered(
        26,
        "16:18",
        "Saturday",
        """
        She is so tall. Nobody told me how tall. She showed me the gap where the new tooth is coming, and she told me to
        simplify.

        It is quieter here since Saturday. I mean in me. Thank you for the green one.
        """,
    ),
    wrote(
        15,
        "19:20",
        "New glasses",
        """
        Lily needs glasses, only for the board. She chose red ones and looks like a very small professor. She has
        already corrected a sign at the bakery.

        When is the test for the certificate? We want to think of you at the right hour.
        """,
    ),
    answered(
        12,
        "15:48",
        "The test",
        """
        Next week, in the morning. Two plates, flat and upright, and then they bend them to see if they crack. Ms. Okafor
        says to sleep and to eat, so she sounds like you.

        I have practiced the upright one ninety times. I counted. Think of me anyway.
        """,
    ),
    wrote(
        6,
        "18:30",
        "Thinking of you at every hour",
        """
        We do not know the hour, so we think of you at all of them. Lily has put the certificate with the gold star out
        again. Biscuit has been told.

        Sleep. Eat. And do not hurry, bus player.
        """,
    ),
    wrote(
        2,
        "20:10",
        "Well?",
        """
        I said I would not ask. I am asking.
        """,
    ),
    wrote(
        0,
        "",
        "Saturday again",
        """
        Whatever they said about the plates, we are coming on Saturday at ten, and the green one is ironed. Lily wants to
        bring you the whole song in her head and tap it on the table, so please practice listening with your eyes.

        I love you all the way up and back down.

        Mom
        """,
        fate=Fate.IN_REVIEW,
        minutes_ago=130,
        photos=(("dress", "The green one"), ("certificate", "Out again, with its gold star")),
    ),
    answered(
        0,
        "",
        "It held",
        """
        They bent both plates in front of everybody and nothing cracked. Not a line. Ms. Okafor hit the table with her
        hand and said, "Pretty."

        I passed, Mom. I have a trade. Tell Lily to put hers next to mine, because mine comes in the mail to you.
        """,
        is_read=False,
        minutes_ago=45,
    ),
]

# It waits on the kiosk, and its answer is paid for.
PAID = wrote(
    0,
    "",
    "One more thing",
    """
    I forgot to say what Lily said when she heard. She said, "Then he can fix the gate." So now you know what is waiting
    for you at home, besides us.

    I have paid for your answer. Do not save it up. Tell me how they looked when it held.
    """,
)

# Shawn, 24, is her sister Elena's son. He is waiting for his hearing in Astoria.
SHAWN = [
    wrote(
        136,
        "19:15",
        "It's your tía Rosa",
        """
        Shawn, your mother told me. I am not going to lecture you, she has done enough of that for two families. I only
        want you to know that I am here, that I know how to use this site, and that you can write to me about anything.
        Also about nothing.
        """,
    ),
    answered(
        134,
        "14:20",
        "hey tía",
        """
        hey. thanks for writing. mom is pretty mad. i get it. the food is bad and there's a guy who sings at night but
        he's actually good.

        can you tell her i called the lawyer like she said
        """,
    ),
    wrote(
        133,
        "20:25",
        "I told her",
        """
        I told her, and she pretended not to be relieved. She made the soup that she makes when she is relieved.

        What does he sing?
        """,
    ),
    answered(
        130,
        "13:50",
        "old stuff",
        """
        old country mostly. there's one about a train that i know all the words to now. i could be worse off.

        how is marcus doing. i should have asked first
        """,
    ),
    wrote(
        122,
        "18:33",
        "Marcus",
        """
        Marcus is well. He cooks for six hundred and he is learning to weld, and he asks about you. He says to tell you
        that the first month is the loudest, and to find one thing a day that is yours.

        What is yours?
        """,
    ),
    answered(
        119,
        "15:10",
        "one thing",
        """
        been thinking about that. i draw the boats. from memory, the whole harbor, every boat, where the nets hang. i
        do one a day. it's kind of mine i guess

        tell him thanks
        """,
    ),
    wrote(
        97,
        "19:47",
        "The boats",
        """
        Your mother says that you drew boats on the bathroom wall when you were five and she never painted over it. It is
        still there, behind the towels. I thought that you should know what she keeps.
        """,
    ),
    answered(
        94,
        "14:35",
        "behind the towels",
        """
        i did not know that. huh

        i wrote her a real letter, on paper. don't tell her it's coming
        """,
    ),
    wrote(
        61,
        "20:02",
        "The forms",
        """
        Mijo, the forms went in today and the green one is at the cleaner's. Lily still does not know a thing.
        """,
        fate=Fate.WITHDRAWN,
    ),
    wrote(
        60,
        "18:20",
        "What your mother did with the letter",
        """
        She read it at the table and did not say one word. Then she folded it very small and put it in the back of her
        telephone, in the case, so that it is with her all day. She thinks nobody saw.

        When is the hearing?
        """,
    ),
    answered(
        57,
        "15:25",
        "hearing",
        """
        moved again, about two months. lawyer says it looks ok if i take the program. it's six months and you live
        there and they help you get on a boat with a captain who's in on it.

        i want to take it. is that dumb
        """,
    ),
    wrote(
        56,
        "19:00",
        "Not dumb",
        """
        It is the opposite of dumb. It is the first plan of yours that has a boat in it and also a bed.

        Take it. I will come to see you off, and I will bring your mother, and she will bring soup.
        """,
    ),
    wrote(
        3,
        "18:50",
        "Three days",
        """
        Three days until the hearing. Wear the shirt that your mother sent, stand up straight, and say thank you. That is
        all the advice I have. The rest you know.
        """,
    ),
    answered(
        0,
        "",
        "i got it",
        """
        judge said yes to the program. i start in nine days. nine!! the captain came to the hearing, he's about a
        hundred years old and he said he's seen my drawings because mom showed him. she had them in her phone

        can you tell her i said thank you. i said it but i want you to say it too
        """,
        is_read=False,
        minutes_ago=85,
    ),
]

# Tomás, 29, is her godson, in another unit at Cedar Ridge.
TOMAS = [
    wrote(
        232,
        "19:35",
        "From your madrina",
        """
        Tomás, your mother is not much for computers, so she asked me to be her hands. She prays for you every morning at
        six and the whole street knows it. She wants to know if the cough is gone and if you still read.

        You may answer to me and I carry it across the street, word for word.
        """,
    ),
    answered(
        229,
        "16:05",
        "Para mi mamá",
        """
        Dear Madrina, thank you. Please tell her that the cough is gone, that I read every day, and that I am in the
        class for the high school diploma. I have two of the four tests already. Tell her that I heard her at six. She
        will laugh.

        With respect, Tomás
        """,
    ),
    wrote(
        228,
        "18:10",
        "She laughed",
        """
        She laughed and then she sat down. Two of four! She asked me to write: "I always knew, and I told the priest, and
        now he owes me an apology." I am only the hands.
        """,
    ),
    answered(
        170,
        "15:20",
        "Number three",
        """
        Dear Madrina, I passed science. That leaves mathematics, which I fear. Marcus from the kitchen told me in the yard
        that fractions are only simplifying. He is a good man, your son. He gave me half an orange.

        Tomás
        """,
    ),
    wrote(
        168,
        "20:40",
        "Half an orange",
        """
        You made two mothers happy with half an orange. Yours says that you should show your work. I do not know who
        told her to say that. (I told her.)
        """,
    ),
    answered(
        79,
        "16:35",
        "All four",
        """
        Dear Madrina, mathematics: 158 points, and 145 is enough. It is done. I have a diploma, at twenty-nine. Please
        tell her at six o'clock in the morning, when she is already standing there.

        Your godson, Tomás
        """,
    ),
    wrote(
        78,
        "07:05",
        "Six o'clock",
        """
        I set the alarm and went across in my robe. She was at the window. I read it to her, and she took the telephone out
        of my hand and kissed it. Then she made me breakfast, and then she told the whole street.
        """,
    ),
    wrote(
        9,
        "18:25",
        "Father Ignacio",
        """
        Father Ignacio wants to write you a recommendation for the college courses, and he does owe your mother. He says
        you can reach him directly at the parish: 509-555-0142, or at 18 Orchard Lane. His sister, who does the
        enrollment, is at 509-555-0178.
        """,
        fate=Fate.REJECTED,
        reason=Reason.CONTACT_DETAILS,
        note="Please leave out the two phone numbers and the address. The rest is fine to send again.",
    ),
    wrote(
        7,
        "19:00",
        "Father Ignacio, once more",
        """
        Father Ignacio wants to write you a recommendation for the college courses, and he does owe your mother. I may not
        pass on his number here, so he will send you a letter by mail. Look out for an envelope with very bad
        handwriting.
        """,
    ),
    answered(
        4,
        "15:40",
        "The envelope",
        """
        Dear Madrina, it came. You were right about the handwriting. Walt in the library helped me to read it. I will
        apply. If they take me I will be the first in the family, and my mother will need a bigger street.

        Tomás
        """,
    ),
]

# Other families' recent letters to Cedar Ridge and Harbor County. The measured review times come from them.
OTHER_FAMILIES = [
    ("Home", "The new porch light is up. It stays on for you every night, so do not argue about the electric bill."),
    ("Your brother", "He got the job at the depot. First thing he said was that you taught him to drive."),
    ("Rain", "It has rained for nine days. The cat looks at me as if I were responsible."),
    (
        "The baby",
        "She has your ears. Everybody says so, even the nurse, who has never met you. She weighs eleven pounds.",
    ),
    ("Game night", "We won by two points in the last minute. Uncle Ray threw his hat and it is still on the roof."),
    ("From Grandpa", "I do not type well. I am proud of you. I will type more when I am faster."),
    (
        "Recipe",
        "You asked how I do the potatoes. Boil them first, not all the way, then shake the pot so the edges break.",
    ),
    ("Checking in", "No big news, and that is good news. Work, supper, sleep. We talk about you at supper."),
    ("School", "Both of them passed. The little one says that he passed harder."),
    ("The truck", "It started on the first try. I think it misses you less than we do."),
    (
        "Photos",
        "I cannot send pictures here, so I will describe one: all of us on the steps, squinting, and a gap for you.",
    ),
    (
        "Question",
        "Do you remember the name of that lake with the rope swing? The kids want to go, and I said I would ask.",
    ),
    ("Doctor", "All clear. They want to see me in a year. I told them that I will be there and so will you."),
    ("Sunday", "They saved your seat at church. Mrs. Lindqvist put her purse on it so that nobody sits down."),
    ("Book", "I am reading the one you told me about. I am only on page thirty, so do not tell me who did it."),
    ("Proud", "I read your letter to the whole family. Twice, because your sister came in late."),
]
