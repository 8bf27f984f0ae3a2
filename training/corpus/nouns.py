"""The shared nouns: ids by category, so that stories make sense (nobody eats a hammer).

Every language gives forms for every id (`languages/<code>/nouns.txt`). A noun belongs to its own
category and to every group that contains that category.
"""

from __future__ import annotations

from zlib import crc32

CATEGORIES: dict[str, list[str]] = {
    name: ids.split()
    for name, ids in {
        "fruit": "apple orange banana pear peach mango lemon plum strawberry cherry pineapple "
        "watermelon coconut fig papaya avocado lime melon apricot guava grape pomegranate",
        "vegetable": "tomato potato carrot onion cucumber pepper pumpkin cabbage eggplant radish "
        "turnip mushroom beet",
        "baked": "cookie cake cupcake muffin donut pancake pie bun bread_roll loaf brownie "
        "cracker waffle dumpling",
        "treat": "candy chocolate lollipop sandwich pizza burger taco sausage nut ice_cream",
        "egg": "egg",
        "toy": "marble sticker doll balloon ball toy_car puzzle kite card block toy_robot whistle "
        "dice teddy_bear spinning_top",
        "collectible": "stamp coin seashell postcard badge bead button stone feather photo",
        "school": "pencil pen notebook eraser ruler crayon marker folder paintbrush envelope "
        "bookmark poster calculator glue_stick",
        "reading": "book comic magazine newspaper dictionary novel",
        "flower": "flower rose tulip daisy sunflower lily orchid",
        "clothes": "shirt hat sock scarf glove dress jacket tie belt cap sweater skirt",
        "household": "plate cup bowl spoon fork knife glass candle towel pillow blanket bottle "
        "bucket lamp mug pot pan mirror key broom vase teapot clock rug brush",
        "furniture": "chair table bench shelf_board stool",
        "tool": "nail screw hammer brick plank tile pipe screwdriver saw shovel ladder",
        "animal": "chicken cow goat sheep duck horse rabbit pig goose pigeon camel fish turkey donkey",
        "plant": "tree seed plant seedling",
        "craft": "bracelet necklace ring earring basket_craft toy_boat paper_plane flag mask",
        "ticket": "ticket letter gift token invitation",
        "expensive": "bicycle guitar phone tablet camera skateboard video_game laptop tent watch "
        "drum scooter television sewing_machine violin keyboard telescope fishing_rod printer refrigerator",
        "people": "child student guest friend player teammate neighbor classmate cousin volunteer "
        "worker visitor",
        "container": "box bag basket crate jar tray packet carton sack drawer",
        "unit_time": "hour day week month minute",
        "unit_length": "kilometer mile",
        "unit_size": "meter centimeter foot",
    }.items()
}

GROUPS: dict[str, list[str]] = {
    name: members.split()
    for name, members in {
        "food": "fruit vegetable baked treat egg",
        "small": "fruit vegetable baked treat egg toy collectible school reading flower ticket craft",
        "thing": "fruit vegetable baked treat egg toy collectible school reading flower clothes "
        "household tool craft ticket",
        "buyable": "fruit vegetable baked treat egg toy school reading flower clothes household "
        "tool craft",
        "made": "baked toy clothes craft furniture",
        "grown": "fruit vegetable flower",
        "packable": "fruit vegetable baked egg toy collectible school reading tool",
        "rowed": "furniture plant flower vegetable tile_like",
        "fragile": "household egg toy fruit",
        "coloured": "clothes toy flower school household",
        "ingredient": "egg fruit vegetable",
        "consumed": "food_daily",
    }.items()
}

# Members that are single nouns where a whole category would be too wide.
_EXTRA: dict[str, list[str]] = {
    "tile_like": ["tile", "brick", "candle"],
    "food_daily": "apple orange banana cookie egg candy candle pancake carrot bun pear".split(),
}


def _expand() -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    members = {name: list(ids) for name, ids in CATEGORIES.items()}
    for group, names in GROUPS.items():
        members[group] = [
            noun for name in names for noun in (CATEGORIES.get(name) or _EXTRA[name])
        ]
    groups_of: dict[str, set[str]] = {}
    for name, ids in members.items():
        for noun in ids:
            groups_of.setdefault(noun, set()).add(name)
    return (
        {name: tuple(dict.fromkeys(ids)) for name, ids in members.items()},
        {noun: frozenset(names) for noun, names in groups_of.items()},
    )


MEMBERS, GROUPS_OF = _expand()
ALL_NOUNS: tuple[str, ...] = tuple(GROUPS_OF)

# Of every large category a tenth is never trained on: what the split `heldout_nouns` is about.
HELD_OUT_NOUNS: frozenset[str] = frozenset(
    noun
    for ids in CATEGORIES.values()
    if len(ids) >= 10
    for noun in sorted(ids, key=lambda noun: crc32(noun.encode()))[: len(ids) // 10]
)


def nouns_of(group: str, held_out: bool) -> tuple[str, ...]:
    """The nouns of a group that a split may use: held-out ones where there are any, or only the others."""
    chosen = tuple(noun for noun in MEMBERS[group] if (noun in HELD_OUT_NOUNS) == held_out)
    return chosen or MEMBERS[group]
