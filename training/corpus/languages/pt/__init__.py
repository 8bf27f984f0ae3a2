"""Portuguese (Brazilian, now and then European): contractions, pronouns that may fall away, "eu" as speaker.

People are marked while the text is put together; `finish` then knows who has been named. It drops "ela" here
and there while nobody else could be meant, contracts *de o* to *do*, and in some texts without reais writes as
in Portugal: "a Ana", "autocarro".
"""

from __future__ import annotations

import re
from zlib import crc32

from ...language import Count, Forms, Language, Person, default_counted
from .. import names as shared
from .names import FEMALE, MALE

# preposition | article or nothing | name | gender; and a subject pronoun.
_NAME = "\ue000{}|{}|{}|{}\ue001"
_PRONOUN = "\ue002{}\ue003"
_MARKED = re.compile("\ue000([^\ue001]*)\ue001|\ue002([^\ue003]*)\ue003")

_SPEAKER = {"": _PRONOUN.format("eu"), "de": "de mim", "a": "para mim", "para": "para mim", "com": "comigo"}
_OWN = dict.fromkeys(("o", "do", "no", "ao"), "meu") | dict.fromkeys(("a", "da", "na", "à"), "minha")
_CONTRACTED = {("de", "o"): "do", ("de", "a"): "da", ("a", "o"): "ao", ("a", "a"): "à"}


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject, `n` (always the name), `de`, `a`, `para`, `com`, and `a idade` (a idade de Ana)."""
    article, _, thing = form.partition(" ")
    if who.speaker:
        if thing:
            return f"{article} {_OWN[article]} {thing}"
        return _NAME.format("", "", "eu", "I") if form == "n" else _SPEAKER[form]
    he = "ela" if who.gender == "f" else "ele"
    if pronoun and form != "n":
        if thing:
            return f"{form} d{he}"
        return {"": _PRONOUN.format(he), "de": f"d{he}"}.get(form) or f"{form} {he}"
    if who.forms:
        determiner, _, name = who.forms["first" if first else "later"].partition(" ")
    else:
        determiner, name = "", who.name
    preposition = "de" if thing else "" if form == "n" else form
    named = _NAME.format(preposition, determiner, name, who.gender)
    return f"{form} {named}" if thing else named


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12 maçãs`, `duas maçãs`."""
    word = "duas" if count.word and count.value == 2 and noun["class"] == "f" else count.text
    return default_counted(Count(word, count.value, count.word), noun, form)


# Verbs beside a person: third person, then the speaker's form (the text is told by "eu").
_FIRST_PERSON = """
acaba acabo, acabou acabei, aceitou aceitei, achou achei, acrescentou acrescentei, adicionou adicionei, adquiriu adquiri,
andou andei, apanhou apanhei, arranjou arranjei, arrecadou arrecadei, arrumou arrumei, avançou avancei, botou botei, cedeu cedi,
chegou cheguei, cobrou cobrei, colheu colhi, colocou coloquei, começou comecei, comeu comi, completou completei,
comprou comprei, conseguiu consegui, contou contei, continuou continuei, cortou cortei, decidiu decidi,
dedicou dediquei, deixou deixei, demorou demorei, desembolsou desembolsei, deu dei, dirigiu dirigi,
distribuiu distribuí, dividiu dividi, doou doei, dobrou dobrei, duplicou dupliquei, embalou embalei, emprestou emprestei, esqueceu esqueci,
empacotou empacotei, encheu enchi, encomendou encomendei, encontrou encontrei, entregou entreguei, enviou enviei,
está estou, fará farei, faturou faturei, faz faço, fez fiz, ficou fiquei, foi fui, ganhou ganhei, gastou gastei,
guardou guardei, jogou joguei, juntou juntei, leu li, levou levei, mandou mandei, marcou marquei, montou montei,
nasceu nasci, obteve obtive, ofereceu ofereci, pagou paguei, parou parei, passou passei, pediu pedi, pegou peguei,
percorreu percorri, perdeu perdi, poderá poderei, precisa preciso, precisou precisei, preparou preparei, presenteou presenteei,
produziu produzi, pôs pus, quebrou quebrei, recebeu recebi, recolheu recolhi, removeu removi, repartiu reparti, resolveu resolvi,
retirou retirei, reuniu reuni, saiu saí, seguiu segui, separou separei, somou somei, tem tenho, terminou terminei,
terá terei, teve tive, tirou tirei, trabalhou trabalhei, trouxe trouxe, usou usei, vai vou, vendeu vendi,
viajou viajei, viu vi, voltou voltei, é sou
"""
# The speaker is one of several; possessives: s-eu, m-eu, s-uas, m-uas (minhas, in `finish`).
_OTHERS = "têm temos, tinham tínhamos, s m, sua minha"
_TOGETHER = {"os dois": {"": "¤os dois", "I": "nós dois"}, "os três": {"": "¤os três", "I": "nós três"}}

_VERBS = dict(entry.split() for entry in _FIRST_PERSON.split(","))
_CONCORDS = {
    third: {"": third, "I": mine}
    for third, mine in [*_VERBS.items(), *(entry.split() for entry in _OTHERS.split(","))]
} | _TOGETHER

_SPEAKS = frozenset(_VERBS.values()) - {"trouxe"}


def _clear_without_eu(text: str, start: int, end: int) -> bool:
    """Whether a verb beside the "eu" at `start:end` says by its form that the speaker is meant."""
    before = re.findall(r"\w+", text[max(0, start - 40) : start])[-1:]
    after = [word for word in re.findall(r"\w+", text[end : end + 40]) if word not in ("já", "ainda")][:1]
    return not _SPEAKS.isdisjoint(before + after)


def _joined(preposition: str, article: str, name: str) -> str:
    contracted = _CONTRACTED.get((preposition, article))
    return " ".join(filter(None, (contracted,) if contracted else (preposition, article))) + f" {name}"


def _resolve_people(text: str, european: bool) -> str:
    """The marks replaced; "¤" words agree with the people named."""
    named: dict[str, str] = {}

    def resolve(match: re.Match) -> str:
        fields, pronoun = match.groups()
        draw = crc32(text[: match.end()].encode()) % 10
        if fields is not None:
            preposition, article, name, gender = fields.split("|")
            named[name] = gender
            if european and not article and gender != "I":
                article = "a" if gender == "f" else "o"
            return _joined(preposition, article, name).strip()
        if pronoun == "eu":
            known = "eu" in named
            named["eu"] = "I"
            clear = known and len(named) == 1 or _clear_without_eu(text, *match.span())
            return "" if clear and draw < 5 else pronoun
        states = _STARTS.search(text, 0, match.start()) and not _ASKS.match(text, match.end())
        return "" if len(named) == 1 and draw < 6 and states else pronoun

    text = _MARKED.sub(resolve, text)
    women = set(named.values()) == {"f"}
    return re.sub("¤(juntos|os dois|os três)", lambda m: _WOMEN[m[1]] if women else m[1], text)


# Where "ela" may fall away: where a statement begins ("quantas maçãs ela tem?" keeps it).
_STARTS = re.compile(r"(?:^|[.;,] )$")
_ASKS = re.compile(r"[^.?]*\?")
_WOMEN = {"juntos": "juntas", "os dois": "as duas", "os três": "as três"}
# Words of Portugal of the same gender as the Brazilian ones.
_EUROPEAN = {
    **{"ônibus": "autocarro", "trem": "comboio", "celular": "telemóvel", "celulares": "telemóveis"},
    **{"xícara": "chávena", "xícaras": "chávenas", "sorvete": "gelado", "sorvetes": "gelados"},
    **{"abacaxi": "ananás", "abacaxis": "ananases", "quilômetro": "quilómetro", "quilômetros": "quilómetros"},
    **{"dirige": "conduz", "dirigia": "conduzia", "dirigiu": "conduziu", "dirigi": "conduzi", "dirigir": "conduzir"},
    **{"economiza": "poupa", "economizava": "poupava", "economizar": "poupar", "economizam": "poupam"},
    **{"pirulito": "chupa-chupa", "pirulitos": "chupa-chupas", "berinjela": "beringela", "berinjelas": "beringelas"},
    **{"câmera": "câmara", "câmeras": "câmaras", "cachorro": "cão", "cachorros": "cães", "sucos": "sumos"},
}
_IN_A = re.compile(r"\b([Ee])m um(a?)\b")
_GERUND = re.compile(r"\b((?:está|estava|estou|fica|ficou|fiquei) )(\w+[aei])ndo\b")
_NAMED = r"((?:[oa] )?[A-ZÀ-Ý]\w+(?: [A-ZÀ-Ý]\w+)*)"
_REWRITES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"([Dd])oisª", r"\1uas"),
        (r"ª", ""),
        (r"\b([Mm])ua(s?)\b", r"\1inha\2"),
        (r"\s+", " "),
        (r" (?=[,.;?])", ""),
        (r"^ ", ""),
        (rf"\b[Ee]u e {_NAMED}", r"\1 e eu"),
        (rf"\b[Ee]u, {_NAMED} e {_NAMED}", r"\1, \2 e eu"),
        (rf"\bentre {_NAMED} e eu\b", r"entre mim e \1"),
        (
            r"\b(?:[Dd]epois|[Mm]ais tarde|[Ee]m seguida|[Dd]epois disso|[Ll]ogo depois),? "
            r"(?=(?:até (?:agora|o momento)|depois de <|.{0,24}\bjá\b))",
            "",
        ),
        (r"(^|[.?] )(\w)", lambda m: m[1] + m[2].upper()),
    )
]


def finish(text: str) -> str:
    """Names and pronouns, then feminine numbers and possessives, "Ana e eu", capitals."""
    european = "R$" not in text and "reais" not in text and crc32(text.encode()) % 6 == 0
    text = _resolve_people(text, european)
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    if european:
        text = re.sub(r"\w+", lambda m: _EUROPEAN.get(m[0], m[0]), text)
        text = _GERUND.sub(r"\1a \2r", text)  # "está lendo" to "está a ler"
        text = _IN_A.sub(lambda m: ("N" if m[1] == "E" else "n") + "um" + m[2], text)
    return text


_ROLES = """
fazendeiro fazendeira, padeiro padeira, professor professora, vendedor vendedora, jardineiro jardineira,
carpinteiro carpinteira, bibliotecário bibliotecária, treinador treinadora, cozinheiro cozinheira, aluno aluna,
comerciante comerciante, artesão artesã, vizinho vizinha, agricultor agricultora, confeiteiro confeiteira,
menino menina, feirante feirante
"""


def _roles() -> list[dict[str, str]]:
    roles = []
    for man, woman in (entry.split() for entry in _ROLES.split(",")):
        roles.append({"first": f"um {man}", "later": f"o {man}", "gender": "m"})
        roles.append({"first": f"uma {woman}", "later": f"a {woman}", "gender": "f"})
    return roles


LANGUAGE = Language(
    code="pt",
    names={"f": FEMALE * 3 + shared.FEMALE, "m": MALE * 3 + shared.MALE},
    number_words=dict(
        enumerate("dois três quatro cinco seis sete oito nove dez onze doze".split(), start=2)
    ),
    fractions={2: "metade", 3: "um terço", 4: "um quarto", 5: "um quinto"},
    currencies=(
        ("R$ {}", "reais"),
        ("R$ {}", "reais"),
        ("R${}", "reais"),
        ("{} reais", "reais"),
        ("{} reais", "reais"),
        ("${}", "dólares"),
        ("{} dólares", "dólares"),
        ("US$ {}", "dólares"),
        ("{} euros", "euros"),
        ("{} euros", "euros"),
        ("{} €", "euros"),
        ("€{}", "euros"),
        ("{} meticais", "meticais"),
        ("{} kwanzas", "kwanzas"),
    ),
    person=person,
    counted=counted,
    noun_columns=("sg", "pl", "class"),
    noun_classes=("m", "f"),
    concords=_CONCORDS,
    roles=_roles(),
    first_person=True,
    openers=(
        "depois {}",
        "depois, {}",
        "depois disso, {}",
        "em seguida, {}",
        "mais tarde, {}",
        "mais tarde {}",
        "logo depois, {}",
    ),
    joins=(" e ", ", e ", "; ", " e "),
    merges=(" e ", " e ", " e também "),
    event_merges=(" e depois ", " e, em seguida, ", ", depois "),
    conditionals=(
        "se {facts}, {question}",
        "se {facts}, {question}",
        "imagine que {facts}. {question}",
        "sabendo que {facts}, {question}",
        "considerando que {facts}, {question}",
        "{question} se {facts}?",
    ),
    finish=finish,
)
