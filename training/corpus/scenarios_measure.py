"""The scenarios about time, ages, distances, rates and measures."""

from __future__ import annotations

from .story import Draft, Ref, Reject, Scenario

# Units of time that fit a rate, and the number of hours or days worked in it.
RATE_TIMES = {"hour": (2, 10), "day": (2, 20), "week": (2, 8)}


def production(d: Draft) -> None:
    """Makes n per hour: how many in t hours, or how long for m."""
    a, noun, unit = d.person(), d.noun("made"), d.rng.choice(["hour", "day", "week"])
    low, high = RATE_TIMES[unit]
    per = d.count(3, 30)
    d.say("rate", A=a, N=noun, n=per, T=unit)
    form = d.rng.randrange(3)
    if form == 0:
        t = d.count(low, high)
        d.say("work", A=a, t=t, T=unit)
        d.step("in all", per, "*", t)
        d.ask("q_make", A=a, N=noun)
    elif form == 1:
        t = d.count(low, high)
        d.step("in all", per, "*", t)
        d.ask("q_make_in", A=a, N=noun, n=t, T=unit)
    else:
        goal = d.fixed(int(per.value) * d.rng.randint(low, high))
        d.step("time", goal, "/", per)
        d.ask("q_make_time", A=a, N=noun, n=goal, T=unit)


def stock_lasts(d: Draft) -> None:
    """Uses n a day of a stock: how many days it lasts."""
    a, noun = d.person(), d.noun("consumed")
    days, per = d.rng.randint(3, 20), d.count(2, 8)
    if d.chance(0.4):
        more = d.count(3, 30)
        first = days * int(per.value) - int(more.value)
        if first < 4:
            raise Reject
        have = d.fixed(first)
        d.say("have", A=a, N=noun, n=have)
        d.say("gain", A=a, N=noun, n=more)
        stock = d.step("in all", have, "+", more)
    else:
        stock = d.fixed(days * int(per.value))
        d.say("have", A=a, N=noun, n=stock)
    d.say("consume", A=a, N=noun, n=per)
    d.step("days", stock, "/", per)
    d.ask("q_days_last", A=a, N=noun)


def age_now(d: Draft) -> None:
    """One's age by comparison with the other's; the age itself, the sum."""
    d.story.plain_names = True
    a, b = d.person(), d.person()
    young = d.count(4, 40, words=0.05)
    kind = d.rng.choice(["older", "younger", "age_times"])
    d.say("age", A=a, n=young)
    if kind == "older":
        n = d.count(2, 30)
        d.say("older", A=b, B=a, n=n)
        other = d.step("second age", young, "+", n)
    elif kind == "younger":
        n = d.count(2, int(young.value) - 1)
        d.say("younger", A=b, B=a, n=n)
        other = d.step("second age", young, "-", n)
    else:
        n = d.count(2, 4, words=0.4)
        if young.value > 22:
            raise Reject
        d.say("age_times", A=b, B=a, n=n)
        other = d.step("second age", young, "*", n)
    if d.chance(0.5):
        d.ask("q_age", A=b)
    elif d.chance(0.5):
        d.step("sum", young, "+", other)
        d.ask("q_age_sum", A=a, B=b)
    else:
        later = d.count(2, 15)
        d.step("later", other, "+", later)
        d.ask("q_age_in", A=b, n=later)


def age_later(d: Draft) -> None:
    """The age in n years, or n years ago, or the difference of two."""
    d.story.plain_names = True
    a = d.person()
    age = d.count(8, 70, words=0.05)
    form = d.rng.randrange(3)
    d.say("age", A=a, n=age)
    if form == 0:
        n = d.count(2, 25)
        d.step("later", age, "+", n)
        d.ask("q_age_in", A=a, n=n)
    elif form == 1:
        n = d.count(2, int(age.value) - 2)
        d.step("earlier", age, "-", n)
        d.ask("q_age_ago", A=a, n=n)
    else:
        b = d.person()
        younger = d.count(3, int(age.value) - 1, words=0.05)
        d.say("age", A=b, n=younger)
        d.step("difference", age, "-", younger)
        d.ask("q_age_diff", A=a, B=b)


def trip(d: Draft) -> None:
    """Speed times time; sometimes two legs."""
    a, unit = d.person(), d.noun("unit_length")
    v, t = d.count(10, 90, words=0), d.count(2, 9)
    d.say("trip", A=a, U=unit, n=v, t=t)
    way = d.step("distance", v, "*", t)
    if d.chance(0.35):
        rest = d.count(5, 90, words=0)
        d.say("goes_on", A=a, U=unit, n=rest)
        d.step("in all", way, "+", rest)
    d.ask("q_distance", A=a, U=unit)


def trip_time(d: Draft) -> None:
    """A way and a speed: the time; sometimes part of the way is done."""
    a, unit = d.person(), d.noun("unit_length")
    v, hours = d.count(12, 90, words=0), d.rng.randint(2, 9)
    if d.chance(0.4):
        done = d.count(10, 120, words=0)
        way = d.fixed(int(v.value) * hours + int(done.value))
        d.say("distance", A=a, U=unit, n=way)
        d.say("travelled", A=a, U=unit, n=done)
        left = d.step("left", way, "-", done)
        if d.chance(0.5):
            d.ask("q_distance_left", A=a, U=unit)
            return
        d.say("speed_on", A=a, U=unit, n=v)
        d.step("time", left, "/", v)
        d.ask("q_rest_time", A=a)
    else:
        way = d.fixed(int(v.value) * hours)
        d.say("distance", A=a, U=unit, n=way)
        d.say("speed", A=a, U=unit, n=v)
        d.step("time", way, "/", v)
        d.ask("q_travel_time", A=a)


def reading(d: Draft) -> None:
    """A book, pages per day, pages read: days left, pages left, pages in weeks."""
    a = d.person()
    per, days = d.count(5, 40, words=0.05), d.rng.randint(3, 20)
    form = d.rng.randrange(4)
    if form == 0:
        book = d.fixed(int(per.value) * days)
        d.say("book", A=a, n=book)
        d.say("read_daily", A=a, n=per)
        d.step("days", book, "/", per)
        d.ask("q_read_days", A=a)
    elif form == 1:
        done = d.count(10, 150, words=0)
        book = d.fixed(int(per.value) * days + int(done.value))
        d.say("book", A=a, n=book)
        d.say("read_so_far", A=a, n=done)
        left = d.step("left", book, "-", done)
        if d.chance(0.5):
            d.ask("q_pages_left", A=a)
            return
        d.say("read_daily", A=a, n=per)
        d.step("days", left, "/", per)
        d.ask("q_read_rest", A=a)
    elif form == 2:
        weeks = d.count(2, 8, words=0.3)
        d.say("read_daily", A=a, n=per)
        each = d.step("per week", per, "*", 7)
        d.step("in all", each, "*", weeks)
        d.ask("q_read_weeks", A=a, n=weeks)
    else:
        book = d.count(120, 500, words=0)
        over = d.count(2, 6)
        if per.value * over.value >= book.value:
            raise Reject
        d.say("book", A=a, n=book)
        d.say("reads_for", A=a, n=per, t=over)
        done = d.step("read", per, "*", over)
        d.step("left", book, "-", done)
        d.ask("q_pages_left", A=a)


def practice(d: Draft) -> None:
    """Minutes a day: minutes in weeks (7 days), hours in days (60 minutes)."""
    a = d.person()
    if d.chance(0.5):
        minutes, weeks = d.fixed(d.rng.randint(3, 24) * 5), d.count(2, 8, words=0.3)
        d.say("practice", A=a, n=minutes)
        each = d.step("per week", minutes, "*", 7)
        d.step("in all", each, "*", weeks)
        d.ask("q_practice", A=a, n=weeks)
    else:
        minutes, days = d.fixed(d.rng.choice([10, 12, 15, 20, 30, 40, 45, 90])), d.count(4, 30)
        d.say("practice", A=a, n=minutes)
        total = d.step("minutes", minutes, "*", days)
        d.whole(d.step("hours", total, "/", 60))
        d.ask("q_practice_hrs", A=a, n=days)


def recipe(d: Draft) -> None:
    """A recipe for n people scaled to more."""
    noun = d.noun("ingredient")
    people, factor = d.count(2, 8), d.rng.randint(2, 6)
    each = d.rng.randint(1, 4)
    needs = d.fixed(int(people.value) * each)
    guests = d.fixed(int(people.value) * factor)
    d.say("recipe", N=noun, n=people, m=needs)
    one = d.step("each", needs, "/", people)
    d.step("needed", one, "*", guests)
    d.ask("q_recipe", N=noun, n=guests)


def rectangle(d: Draft) -> None:
    """A garden's perimeter or area."""
    unit = d.rng.choice(["meter", "meter", "foot"])
    width = d.count(3, 40, words=0.05)
    length = d.count(int(width.value) + 1, int(width.value) + 40, words=0.05)
    d.say("rectangle", U=unit, n=length, m=width)
    if d.chance(0.6):
        half = d.step("two sides", length, "+", width)
        d.step("perimeter", half, "*", 2)
        d.ask("q_perimeter", U=unit)
    else:
        d.step("area", length, "*", width)
        d.ask("q_area", U=unit)


def rope(d: Draft) -> None:
    """A rope: some cut off, then cut into equal pieces or pieces of a length."""
    a, unit = d.person(), d.noun("unit_size")
    pieces, each = d.rng.randint(2, 10), d.rng.randint(2, 12)
    useful = pieces * each
    if d.chance(0.5):
        off = d.count(2, 12)
        whole = d.fixed(useful + int(off.value))
        d.say("rope", A=a, U=unit, n=whole)
        d.say("cut_off", A=a, U=unit, n=off)
        now: Ref = d.step("left", whole, "-", off)
        if d.chance(0.4):
            d.ask("q_rope_left", U=unit)
            return
    else:
        now = d.fixed(useful)
        d.say("rope", A=a, U=unit, n=now)
    if d.chance(0.5):
        n = d.fixed(pieces)
        d.say("cut_into", A=a, n=n)
        d.step("each", now, "/", n)
        d.ask("q_piece", U=unit)
    else:
        n = d.fixed(each)
        d.say("cut_each", A=a, U=unit, n=n)
        d.step("pieces", now, "/", n)
        d.ask("q_pieces", A=a)


def bus(d: Draft) -> None:
    """Passengers get on and off."""
    here = d.count(8, 55, words=0.03)
    d.say("bus", n=here)
    now: Ref = here
    moves = d.rng.choice([["off"], ["on"], ["off", "on"], ["on", "off"], ["off", "off"]])
    for move in moves:
        if move == "off":
            n = d.count(2, int(now.value) - 2)
            d.say("get_off", n=n)
            now = d.step("left", now, "-", n)
        else:
            n = d.count(2, 25)
            d.say("get_on", n=n)
            now = d.step("in all", now, "+", n)
    d.ask("q_bus")


def points(d: Draft) -> None:
    """Points in two or three games: the sum, the average."""
    a = d.person()
    if d.chance(0.45):
        n, m = d.count(4, 40), d.count(4, 40)
        d.say("score", A=a, n=n, m=m)
        d.step("in all", n, "+", m)
        d.ask("q_points", A=a)
        return
    n, m, k = d.count(4, 40), d.count(4, 40), d.count(4, 40)
    d.say("score_three", A=a, n=n, m=m, k=k)
    total = d.step("in all", n, "+", m, "+", k)
    if d.chance(0.6):
        d.whole(d.step("average", total, "/", 3))
        d.ask("q_average", A=a)
    else:
        d.ask("q_points", A=a)


SCENARIOS: dict[str, tuple[float, Scenario]] = {
    "production": (2.5, production),
    "stock_lasts": (1.5, stock_lasts),
    "age_now": (2.5, age_now),
    "age_later": (2, age_later),
    "trip": (2, trip),
    "trip_time": (2, trip_time),
    "reading": (3, reading),
    "practice": (1.2, practice),
    "recipe": (1, recipe),
    "rectangle": (1.2, rectangle),
    "rope": (2, rope),
    "bus": (1.5, bus),
    "points": (1.5, points),
}
