"""Spanish (Latin American and peninsular): the subject pronoun is dropped, the speaker may be "yo".

A person's name and a pronoun that may fall away are marked while the text is put together; `finish`
knows who has been named by then, so it drops "ella" while nobody else could be meant and keeps it after.
"""

from __future__ import annotations

import re
from zlib import crc32

from ...language import Language, Person
from ..names import FEMALE, MALE

_NAME = "\ue000{}\ue001"
_PRONOUN = "\ue002{}\ue003"
_MARKED = re.compile("\ue000([^\ue001]*)\ue001|\ue002([^\ue003]*)\ue003")


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject, `n` (always the name), `a` (a Ana), `de`, `edad` (la edad de Ana)."""
    if who.speaker:
        return {
            "": _PRONOUN.format("yo"),
            "n": _NAME.format("yo"),
            "a": _PRONOUN.format("a mí"),
            "de": "de mí",
            "edad": "mi edad",
        }[form]
    name = _NAME.format(who.name if first or not who.forms else who.forms["later"])
    he = "ella" if who.gender == "f" else "él"
    if form == "edad":
        return f"la edad de {name}"
    if form == "de":
        return f"de {he if pronoun else name}"
    if form == "a":
        return _PRONOUN.format(f"a {he}") if pronoun else f"a {name}"
    return _PRONOUN.format(he) if pronoun and not form else name


# Verbs beside a person: third person, then the speaker's form (the text is told by "yo").
_FIRST_PERSON = """
acaba acabo, aceptó acepté, adquirió adquirí, agregó agregué, anotó anoté, armó armé, avanzó avancé,
añadió añadí, cedió cedí, cobró cobré, colocó coloqué, comió comí, completó completé, compró compré,
condujo conduje, consiguió conseguí, continuó continué, cortó corté, cosechó coseché, cubrió cubrí,
cumple cumplo, cumplió cumplí, decidió decidí, dedicó dediqué, deshizo deshice, detuvo detuve,
dio di, distribuyó distribuí, dividió dividí, donó doné, duplicó dupliqué, echó eché,
empacó empaqué, empaquetó empaqueté, empezó empecé, encargó encargué, encontró encontré,
entregó entregué, es soy, estuvo estuve, fue fui, ganó gané, gastó gasté, guardó guardé, hará haré,
hizo hice, horneó horneé, jugó jugué, juntó junté, leerá leeré, leyó leí, llegó llegué, llenó llené,
lleva llevo, llevó llevé, logró logré, mandó mandé, manejó manejé, marcó marqué, metió metí,
nació nací, necesitó necesité, obsequió obsequié, obtuvo obtuve, pagó pagué, partió partí,
paró paré, pasó pasé, perdió perdí, pidió pedí, practicará practicaré, preparó preparé,
produjo produje, puso puse, quedó quedé, quitó quité, recibió recibí, recogió recogí,
recorrió recorrí, recortó recorté, regaló regalé, repartió repartí, retiró retiré, reunió reuní,
rompió rompí, sacó saqué, salió salí, siguió seguí, sumó sumé, tardará tardaré, tardó tardé,
tendrá tendré, terminó terminé, tiene tengo, tiró tiré, tomó tomé, trabajó trabajé, trajo traje,
tuvo tuve, usó usé, va voy, vendió vendí, viajó viajé
"""
_PLURAL = "reunían reuníamos, sumaban sumábamos, suman sumamos, tenían teníamos, tienen tenemos"
_CLITICS = "le me, se me, su mi, sus mis"
_GENDERED = """
cuantos cuántos cuántas, ellos ellos ellas, el el la, esos esos esas, los los las, ninguno ninguno ninguna,
otros otros otras, primeros primeros primeras, tantos tantos tantas, todos todos todas,
un un una, uno uno una
"""


def _triples(text: str) -> list[list[str]]:
    return [entry.split() for entry in text.split(",")]


_VERBS = dict(_triples(_FIRST_PERSON))
_CONCORDS = {
    third: {"": third, "I": mine} for third, mine in _triples(f"{_FIRST_PERSON}, {_PLURAL}, {_CLITICS}")
} | {table: {"m": m, "f": f} for table, m, f in _triples(_GENDERED)}

_SPEAKS = frozenset(_VERBS.values())
_BEFORE_VERB = {"me", "le", "les", "lo", "los", "las"}
_ARTICLE = re.compile(r"^(?:un|una|el|la) ")


def _clear_without_yo(text: str, start: int, end: int) -> bool:
    """Whether a verb beside the "yo" at `start:end` says by its form that the speaker is meant."""
    before = re.findall(r"\w+", text[max(0, start - 40) : start])[-1:]
    after = [word for word in re.findall(r"\w+", text[end : end + 40]) if word not in _BEFORE_VERB][:1]
    return not _SPEAKS.isdisjoint(before + after)


def _resolve_people(text: str) -> str:
    named: set[str] = set()

    def resolve(match: re.Match) -> str:
        name, pronoun = match.groups()
        if name is not None:
            named.add(_ARTICLE.sub("", name))
            return name
        if pronoun not in ("yo", "a mí"):
            return pronoun if len(named) > 1 else ""
        known = named == {"yo"}
        named.add("yo")
        if pronoun == "a mí" or known:
            return ""
        kept = crc32(text[: match.start()].encode()) % 4 == 0
        return pronoun if kept or not _clear_without_yo(text, *match.span()) else ""

    return _MARKED.sub(resolve, text)


_NAMED = r"([A-ZÀ-Ý]\w+)"
_REWRITES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\s+", " "),
        (r" (?=[,.;?])", ""),
        (r"¿ ", "¿"),
        (r"^ ", ""),
        (rf"\byo y {_NAMED}", r"\1 y yo"),
        (rf"\byo, {_NAMED} y {_NAMED}", r"\1, \2 y yo"),
        (r"\b([Aa]) el\b", r"\1l"),
        (r"\b([Dd])e el\b", r"\1el"),
        (r"(?:Luego|Después|Más tarde|A continuación|Después de eso),? (?=[Hh]asta )", ""),
        (r"\b([Ll]uego|[Dd]espués) (?=de(?:l (?!descuento)| (?:la|sus|mis|ese|todos|todas) ))", r"\1, "),
        (r"\bde parte de mí\b", "de mi parte"),
        (r"\by (?=h?[iíIÍ](?![aeouáéóú])|H[ií](?![aeouáéóú]))", "e "),
        (r"(^|[.?] )(¿?)(\w)", lambda m: m[1] + m[2] + m[3].upper()),
    )
]


def finish(text: str) -> str:
    """Drops pronouns, then *a el* to *al*, *y* to *e*, *yo y Ana* to *Ana y yo*, capitals after `¿`."""
    text = _resolve_people(text)
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return text


# Given names of Spain and Latin America; they stand twice beside the names from elsewhere.
_WOMEN = """
Ana María Carmen Lucía Sofía Valentina Camila Isabella Martina Daniela Gabriela Mariana Ximena Fernanda Regina
Renata Victoria Elena Rosa Teresa Pilar Dolores Mercedes Consuelo Esperanza Guadalupe Lupita Rocío Paloma Marisol
Luz Julia Irene Inés Alba Noelia Nuria Montserrat Leire Ainhoa Paula Claudia Laura Marta Silvia Beatriz Raquel
Sara Cristina Patricia Mónica Verónica Lorena Yolanda Alicia Amparo Remedios Milagros Josefina Antonia Francisca
Juana Isabel Margarita Graciela Leticia Norma Adriana Alejandra Andrea Carolina Catalina Constanza Antonella
Florencia Agustina Micaela Jimena Romina Abril Emilia Julieta Josefa Trinidad Rosario Soledad Estela Ofelia
Perla Yesenia Itzel Citlali Nayeli Xóchitl Killa Yuliana Dayana Maritza Marlene Blanca Aurora Celia Clara
Eva Olga Gloria Susana Magdalena Ángela Araceli Belén Nieves Macarena Candela Carla Natalia Lola
""".split()
_MEN = """
Juan José Luis Carlos Miguel Pedro Pablo Javier Diego Mateo Santiago Sebastián Matías Nicolás Alejandro Andrés
Daniel David Samuel Gabriel Emiliano Leonardo Rodrigo Ricardo Roberto Fernando Francisco Antonio Manuel Rafael
Ramón Raúl Rubén Hugo Martín Tomás Joaquín Benjamín Vicente Ignacio Íñigo Iker Aitor Unai Jordi Oriol Xavier
Enrique Eduardo Ernesto Esteban Felipe Gustavo Guillermo Gonzalo Germán Gerardo Gilberto Héctor Hernán Humberto
Iván Ismael Israel Jaime Jesús Jorge Julio Julián Lorenzo Lucas Marcos Mario Mauricio Maximiliano Moisés Octavio
Omar Óscar Patricio Salvador Saúl Sergio Simón Teodoro Ulises Víctor Agustín Alberto Alfonso Alfredo Álvaro
Arturo Bruno Camilo César Cristian Cristóbal Darío Domingo Edgar Elías Emilio Fabián Facundo Thiago Bautista
Lautaro Inti Amaru Nahuel Cuauhtémoc Efraín Eugenio Federico Fermín Gael Gaspar Rogelio Rosendo Adrián
""".split()

_ROLES = """
granjero granjera, panadero panadera, maestro maestra, vendedor vendedora, jardinero jardinera, carpintero
carpintera, bibliotecario bibliotecaria, entrenador entrenadora, cocinero cocinera, alumno alumna,
comerciante comerciante, artesano artesana, vecino vecina, señor señora, agricultor agricultora
"""


def _roles() -> list[dict[str, str]]:
    roles = []
    for man, woman in _triples(_ROLES):
        roles.append({"first": f"un {man}", "later": f"el {man}", "gender": "m"})
        roles.append({"first": f"una {woman}", "later": f"la {woman}", "gender": "f"})
    return roles


LANGUAGE = Language(
    code="es",
    names={"f": _WOMEN * 2 + FEMALE, "m": _MEN * 2 + MALE},
    number_words=dict(
        enumerate("dos tres cuatro cinco seis siete ocho nueve diez once doce".split(), start=2)
    ),
    fractions={2: "la mitad", 3: "un tercio", 4: "la cuarta parte", 5: "un quinto"},
    currencies=(
        ("${}", "pesos"),
        ("${}", "dólares"),
        ("{} pesos", "pesos"),
        ("{} dólares", "dólares"),
        ("{} euros", "euros"),
        ("{} €", "euros"),
        ("€{}", "euros"),
        ("{} soles", "soles"),
        ("{} quetzales", "quetzales"),
        ("{} bolívares", "bolívares"),
    ),
    person=person,
    noun_columns=("sg", "pl", "class"),
    noun_classes=("m", "f"),
    concords=_CONCORDS,
    roles=_roles(),
    first_person=True,
    openers=(
        "luego {}",
        "después {}",
        "después, {}",
        "más tarde, {}",
        "luego, {}",
        "a continuación, {}",
        "después de eso, {}",
    ),
    joins=(" y ", ", y ", "; ", " y "),
    merges=(" y ", " y ", " y también "),
    event_merges=(" y luego ", " y después ", ", luego "),
    conditionals=(
        "si {facts}, {question}",
        "si {facts}, {question}",
        "supongamos que {facts}. {question}",
        "imagina que {facts}. {question}",
        "{question} si {facts}?",
        "sabiendo que {facts}, {question}",
    ),
    finish=finish,
)
