"""The Spanish catalog follows its glossary (`rxconnect/i18n/glossary-es.md`) as far as a program can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from rxconnect.i18n import catalogs

# What is found in an English sentence, and what its translation needs then.
WORDS = {
    r"\binmate": r"persona|registro",
    r"\bfacilit(y|ies)\b": r"\bcentros?\b",
    r"\bcredits?\b": r"crédito|saldo",
    r"\breceipts?\b": r"\brecibos?\b",
    r"\bdrafts?\b": r"borrador",
    r"\bappeal": r"apel",
    r"\bprotest": r"reclam",
    r"\bkiosks?\b": r"quiosco",
    r"\btablets?\b": r"tableta",
    r"\brosters?\b": r"\blistas?\b",
    r"\brefund": r"reembols|devol|devuel",
    r"\bauto-reload": r"recarga",
    r"\bprivileged\b": r"privilegiad",
    r"\blawyers?\b": r"abogado",
    r"\bpasskeys?\b": r"llaves? de acceso",
    r"\bpasswords?\b": r"contraseña",
    r"\breject": r"rechaz",
    r"\bwithdr[ae]w": r"retir",
    r"\baudit\b": r"auditor",
    r"\bcontacts?\b(?! (details|someone|us))": r"contacto",
    r"\bdemo session": r"sesi(ón|ones) de demostración",
    r"\bstatements?\b": r"estados? de cuenta|\bdeclara",
    r"\bset aside\b": r"reserva|después|apartado|congelad",
    r"\bmessag(es?|ing)\b": r"\bmensajes?\b",
    # Also those of the alphabet.
    r"\bletters?\b": r"\bcartas?\b|letra|minúscula",
    r"\bdashboard\b": r"\binicio\b",
    r"\blocations?\b": r"\bcentros?\b",
    r"\bfees?\b": r"\bcargos?\s+adicional",
    r"\bscreen(s|ed|ing)\b": r"revisión automática",
    r"\bescalate": r"administración",
}
# The buttons and titles of the journey have a fixed Spanish, since guides, help and staff name them.
JOURNEY = {
    "Sign in": "Iniciar sesión",
    "Sign out": "Cerrar sesión",
    "Dashboard": "Inicio",
    "My Services": "Mis servicios",
    "Messaging": "Mensajes",
    "Get started": "Comenzar",
    "Choose": "Elegir",
    "Add": "Agregar",
    "Find inmate": "Buscar a la persona",
    "Select": "Seleccionar",
    "Go to inbox": "Ir a la bandeja de entrada",
    "Buy credits": "Comprar créditos",
    "Next": "Siguiente",
    "Payment": "Pago",
    "Use a stored card": "Usar una tarjeta guardada",
    "Use a new card": "Usar una tarjeta nueva",
    "Confirm": "Confirmar",
    "Continue": "Continuar",
    "Review": "Revisión",
    "Back": "Atrás",
    "Submit": "Pagar",
    "Receipt": "Recibo",
    "Compose": "Redactar",
    "Terms and Conditions": "Términos y condiciones",
    "Send": "Enviar",
    "Appeal": "Apelar",
}
# Words for people that say what they are not, forms of `tú`, and words with another choice in the glossary.
NEVER = (
    r"\b(pres[oa]s?|reos?|reclus[oa]s?|intern[oa]s|convict[oa]s?|delincuentes?|ofensor(es)?)\b",
    r"\b(tú|tu|tus|te|ti|contigo|vos|vosotros|vuestr[oa]s?)\b",
    r"\b(e-?mails?|clickear|clic|click|pulse|pulsar|oprima|reportes?|kioscos?|nóminas?|escalar|remover)\b",
    r"[«»\"]|\w[@]s?\b(?!example)|\b\w+(o/a|\(a\)|xs)\b",
)


def translated() -> Iterator[tuple[str, str]]:
    """English sentences with their Spanish; of a counted one, singular with singular and plural with plural."""
    for message in catalogs.read(catalogs.FOLDER / "es.po"):
        if message.id:
            english, spanish = ([one] if isinstance(one, str) else one for one in (message.id, message.string))
            yield from zip(english, spanish, strict=True)


SENTENCES = list(translated())


def prose(text: str) -> str:
    """The text without its placeholders, and without what it quotes from files and patterns."""
    return re.sub(r"`[^`]*`|<[^>]*>|\{[^{}]*\}|“[^”]*”|\[[^\]]*\]|\(\?\S*|^rxconnect .*", "…", text, flags=re.MULTILINE)


def found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


@pytest.mark.parametrize("english", WORDS)
def test_one_word_has_one_translation(english):
    assert [
        (source, spanish)
        for source, spanish in SENTENCES
        if found(english, prose(source)) and not found(WORDS[english], spanish)
    ] == []


@pytest.mark.parametrize("english", JOURNEY)
def test_the_buttons_of_the_journey_are_as_the_glossary_has_them(english):
    assert dict(SENTENCES)[english] == JOURNEY[english]
    glossary = (catalogs.FOLDER / "glossary-es.md").read_text()
    assert f"| {english} | {JOURNEY[english]} |" in glossary


@pytest.mark.parametrize("wrong", NEVER)
def test_some_words_are_never_used(wrong):
    # A straight quotation mark may stand in what a file has to say.
    allowed = {'prepare debe ser una lista de textos, como ["location: cedar-ridge"].'}
    # A family says `tú` to its person in a letter that we begin for it.
    ours = [spanish for english, spanish in SENTENCES if "Dear {name}," not in english and spanish not in allowed]
    assert [spanish for spanish in ours if found(wrong, prose(spanish))] == []


def test_questions_and_exclamations_are_opened():
    for opened, closed in ("¿?", "¡!"):
        texts = [re.sub(r"[*+()\[\]=]", "", prose(spanish)) for _, spanish in SENTENCES]
        ends = rf"(?<=[\w”…])\{closed}(?=\s|$|[).])"
        assert [text for text in texts if text.count(opened) != len(re.findall(ends, text))] == []


def test_a_sentence_ends_as_the_english_one_does():
    def ending(text: str) -> str:
        last = text.rstrip()[-1:]
        return last if last in ".?!:…" else ""

    # A Spanish greeting ends with a colon.
    pairs = [pair for pair in SENTENCES if pair[0] != "Hello {name},"]
    assert [pair for pair in pairs if ending(pair[0]) != ending(pair[1])] == []


def test_numbers_are_the_same():
    # The number for those who think of suicide has a way in for Spanish, which nobody who reads English needs.
    only_in_spanish = "presione 2 para español, o envíe AYUDA por mensaje de texto al 988"

    def numbers(text: str) -> list[str]:
        return sorted(re.findall(r"\d+", " ".join(text.split()).replace(only_in_spanish, "")))

    assert [pair for pair in SENTENCES if numbers(pair[0]) != numbers(pair[1])] == []


def test_a_text_of_lines_has_its_shape():
    def shape(text: str) -> tuple[int, str, str]:
        return text.count("\n\n"), text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [pair for pair in SENTENCES if shape(pair[0]) != shape(pair[1])] == []
