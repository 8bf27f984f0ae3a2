"""Other nouns for an English problem: "24 goats" become "24 rabbits", wherever the goats occur.

An LLM this small takes a story's objects for hints at its calculation. Nouns are exchanged within their class
(containers, people, animals, things), so that what is in what and who does what stays; units, times and money
stay as they are. Measured: model card, "What was aimed at".
"""

from __future__ import annotations

import re
from random import Random

CLASSES = {
    "containers": "box bag bottle jar crate basket pack tray carton tin sack bucket pot packet bowl jug cup mug",
    "people": """pupil guest passenger player boy girl kid adult member friend worker patient visitor teacher customer dancer scout
        singer runner student tourist helper picker hiker neighbour sailor swimmer nurse cousin soldier camper waiter painter
        driver employee doctor""",
    "animals": """hen goat cow duck bird horse dog cat lamb rabbit camel chick pigeon crane crab pig swan frog kitten monkey chicken
        parrot penguin donkey sparrow elephant""",
    "things": """egg book chair car shirt brick coin lamp table tile ticket card plate stamp photo cake sweet bead marble apple orange
        pen plant rose balloon window bulb button candle log nut pencil sticker parcel mango lemon biscuit spoon tulip picture stone
        dumpling pizza potato carrot doll crayon banana tent plum melon tablet comic pear hat flower nail shell wheel mat bun stick
        seedling wagon bicycle desk kite door seed onion bike net cookie fan ring pancake screw phone umbrella notebook coat toy
        sausage cap towel pill pie sock bracelet tomato bean fig plank vase walnut muffin truck postcard lantern flag mask skirt
        yoghurt samosa key film newspaper poster cone ribbon chocolate coconut fork blanket olive pearl napkin suit shoe leek
        chestnut painting necklace suitcase cupcake lime pineapple pumpkin bouquet rug carpet blouse doughnut clock drum rope belt
        pillow burger football croissant sweater medal sunflower apron tractor badge puzzle map computer glove radio guitar
        ladder cushion invitation cucumber""",
}


def plural(word: str) -> str:
    if word.endswith(("x", "s", "ch", "sh", "mango", "potato", "tomato")):
        return f"{word}es"
    return f"{word[:-1]}ies" if re.search(r"[^aeiou]y$", word) else f"{word}s"


KINDS = {word: kind for kind, words in CLASSES.items() for word in words.split()}
SINGULARS = {plural(word): word for word in KINDS}
# A word, with the article before it, which has to fit the other noun.
NOUN = re.compile(r"\b(?:([Aa])n? )?([A-Za-z]+)\b")


def in_place_of(word: str, article: str | None, new: str) -> str:
    """`new` where a word stood, with the article or the capital that it had: "a hat", "an umbrella"."""
    if article:
        return f"{article}{'n' if new[0] in 'aeiou' else ''} {new}"
    return new[0].upper() + new[1:] if word[0].isupper() else new


def other_nouns(text: str, rng: Random) -> str:
    """The text with the nouns whose plural it has exchanged for others of their classes, each time the same."""
    words = [match.group(2).lower() for match in NOUN.finditer(text)]
    known = {SINGULARS[word] for word in words if word in SINGULARS}
    taken: dict[str, str] = {}
    for noun in sorted(known):
        taken[noun] = rng.choice([n for n in CLASSES[KINDS[noun]].split()
                                  if n not in known and n not in taken.values()])

    def other(match: re.Match) -> str:
        article, word = match.groups()
        noun = SINGULARS.get(word.lower(), word.lower())
        if noun not in taken:
            return match.group()
        new = plural(taken[noun]) if word.lower() in SINGULARS else taken[noun]
        return in_place_of(word, article, new)

    return NOUN.sub(other, text)
