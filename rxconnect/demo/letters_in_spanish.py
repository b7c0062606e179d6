"""A year of letters between Luz Ibáñez, Rosa's cousin, and her son Jesús, in Spanish and in English. All of them are invented.

Luz reads the site in Spanish. Jesús went to school in Yakima and writes as it comes to him. As in `demo/letters.py`, no letter
names a date, a season or a holiday.
"""

from __future__ import annotations

from rxconnect.demo.letters import Fate, answered, wrote
from rxconnect.domain.messages import Reason

LUZ = [
    wrote(
        352,
        "20:15",
        "Soy tu mamá",
        """
        Mijo, tu tía Rosa me enseñó a usar esta página y por fin te puedo escribir. Está en español, así que entiendo todo lo
        que dice y cuánto cuesta. No te preocupes por el dinero.

        En la casa estamos bien. El perro se acuesta en tu puerta todas las noches. Dime si necesitas lentes nuevos y si estás
        comiendo.

        Tu mamá que te quiere
        """,
    ),
    answered(
        349,
        "15:30",
        "Re: Soy tu mamá",
        """
        Mamá, qué gusto leerla. Aquí nos dan los mensajes en papel y yo guardo el suyo en mi libro. Estoy comiendo bien, no se
        preocupe. Los lentes todavía me sirven, nada más les falta un tornillo.

        Dígale al perro que ya mero llego.

        Jesús
        """,
    ),
    wrote(
        311,
        "19:05",
        "La receta de tu abuela",
        """
        Hijo, encontré el cuaderno de tu abuela en la caja de las cobijas. Ahí está la receta del mole, con la mancha de chile
        en la esquina. La voy a copiar toda para que la tengas, poco a poco, porque su letra parece de doctor.

        Primero se tuestan los chiles, sin que se quemen, porque amargan. Eso lo subrayó dos veces.
        """,
    ),
    answered(
        308,
        "16:45",
        "The recipe",
        """
        Ma, I read the recipe out loud and two guys asked me to read it again. One of them cried a little, he says it was the
        chiles.

        Sorry for the English, I was tired. Mañana le escribo bien. Send the next page when you can.

        Jesús
        """,
    ),
    wrote(
        307,
        "18:20",
        "Escríbeme como te salga",
        """
        Escríbeme como te salga, mijo. Tu prima me ayuda con lo que no entiendo, y así yo también aprendo. Ayer le dije a la
        vecina “have a good one” y se rió, pero de contenta.

        Segunda página: se muelen el ajonjolí y las almendras, y se fríe todo despacito.
        """,
    ),
    wrote(
        236,
        "20:40",
        "El teléfono de tu primo",
        """
        Hijo, tu primo quiere saber de ti. Me pidió que te diera su número para que le llames, pero dice Rosa que eso no se
        puede por aquí. De todos modos te lo pongo: 541 555 0147.
        """,
        fate=Fate.REJECTED,
        reason=Reason.CONTACT_DETAILS,
    ),
    wrote(
        235,
        "19:10",
        "Ahora sin el número",
        """
        Mijo, no te llegó mi carta porque llevaba un teléfono. La página me lo explicó en español y me devolvió el crédito, así
        que aquí va otra vez: tu primo pregunta por ti y te manda un abrazo. Eso es todo lo importante.
        """,
    ),
    answered(
        232,
        "17:15",
        "Un abrazo a mi primo",
        """
        Mamá, ya me llegó. Dígale que yo también me acuerdo de él y de la bicicleta que hundimos en el canal. Nobody ever
        found it.

        Empecé la clase de soldadura. El maestro dice que tengo buen pulso.

        Jesús
        """,
    ),
    wrote(
        171,
        "19:55",
        "Tu ahijada",
        """
        Hijo, nació la niña de Lupita y está sana. Pesó tres kilos y doscientos gramos, y ya tiene tu mismo remolino en el
        pelo. En la foto va el pastel del bautizo, que se me ladeó. Le dije que su padrino hace cosas de metal que duran cien años.
        """,
        photos=(("cake", "El pastel, antes de la primera rebanada"),),
    ),
    answered(
        168,
        "16:00",
        "My goddaughter",
        """
        Ma, I have looked at that cake so many times that the paper is soft. I told everybody that I am a padrino now.

        I passed the first welding test. Ninety-one. The teacher wants me to help the new ones, because half of them only speak
        Spanish and I can explain in both.

        Love, Jesús
        """,
    ),
    wrote(
        166,
        "20:05",
        "Noventa y uno",
        """
        ¡Noventa y uno! Lo puse en el refrigerador, junto a la foto de la niña. Tu papá no dice nada, pero lo leyó tres veces
        y luego se fue a lavar el carro, que ya estaba limpio.
        """,
    ),
    wrote(
        97,
        "18:35",
        "Fui al médico",
        """
        Mijo, no quiero que te enteres por otra persona: fui al médico por la rodilla y todo salió bien. Tengo que caminar media
        hora al día. El perro está feliz y yo también, aunque no se lo digas al doctor.
        """,
    ),
    answered(
        94,
        "15:20",
        "Su rodilla",
        """
        Mamá, gracias por decirme la verdad. Camine con el perro y no cargue las bolsas del mandado, para eso está mi primo.

        Aquí todo igual. Ya leo el libro que me mandó mi tía Rosa, con el diccionario al lado.

        Jesús
        """,
    ),
    wrote(
        39,
        "19:25",
        "La última página",
        """
        Hijo, ya te copié todo el mole. En la última página tu abuela escribió: “Se sirve cuando estén todos”. Así que aquí lo
        vamos a esperar.

        Tu mamá
        """,
    ),
    answered(
        36,
        "16:30",
        "When everybody is there",
        """
        Ma, tell her I will be there. I have the whole recipe in my book now, in your handwriting on this printer paper.

        Cuando estén todos. I like that.

        Jesús
        """,
        is_read=False,
    ),
]
