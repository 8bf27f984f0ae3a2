"""The scenarios about money: prices, change, discounts, wages, saving.

Prices are whole or with cents; a sum may have cents, a unit price too when it comes out even.
"""

from __future__ import annotations

from .story import Draft, Ref, Reject, Scenario


def price_times_count(d: Draft) -> None:
    """One costs p, buys n: how much in all."""
    a, noun = d.person(), d.noun("buyable")
    price, n = d.money(2, 25), d.count(2, 20)
    facts = [("price", {"N": noun, "p": price}), ("buy", {"A": a, "N": noun, "n": n})]
    for kind, roles in _either_order(d, facts):
        d.say(kind, **roles)
    d.step("cost", n, "*", price)
    d.ask("q_cost", A=a)


def money_and_change(d: Draft) -> None:
    """Buys n at p, pays with a larger sum or has money: change or money left."""
    a, noun = d.person(), d.noun("buyable")
    price, n = d.money(2, 15), d.count(2, 9)
    cost = n.value * price.value
    pays = d.fixed(_round_up(d, int(cost) + 1))
    change = d.chance(0.5)
    if not change:
        d.say("money", A=a, p=pays)
    d.say("buy", A=a, N=noun, n=n)
    d.say("price", N=noun, p=price)
    if change:
        d.say("pay_with", A=a, p=pays)
    total = d.step("cost", n, "*", price)
    d.step("change" if change else "left", pays, "-", total)
    d.ask("q_change" if change else "q_money_left", A=a)


def two_goods(d: Draft) -> None:
    """Two goods with their prices: the bill, or what is left of the money."""
    group = d.rng.choice(["fruit", "vegetable", "school", "toy", "clothes", "household", "baked"])
    a, noun, other = d.person(), d.noun(group), d.noun(group)
    p, s, n, m = d.money(2, 12), d.money(2, 12), d.count(2, 9), d.count(2, 9)
    d.say("price", N=noun, p=p)
    d.say("price", N=other, p=s)
    d.say("buy_two", A=a, N=noun, n=n, M=other, m=m)
    first = d.step("first cost", n, "*", p)
    second = d.step("second cost", m, "*", s)
    total = d.step("cost", first, "+", second)
    if d.chance(0.35):
        pays = d.fixed(_round_up(d, int(total.value) + 1))
        d.say("pay_with", A=a, p=pays)
        d.step("change", pays, "-", total)
        d.ask("q_change", A=a)
    else:
        d.ask("q_cost", A=a)


def unit_price(d: Draft) -> None:
    """n cost p together: what one costs, or what k would cost."""
    a, noun = d.person(), d.noun("buyable")
    n = d.count(2, 15)
    each = d.rng.randint(2, 12)
    total = d.fixed(n.value * each)
    d.say("total_price", A=a, N=noun, n=n, p=total)
    one = d.step("each", total, "/", n)
    if d.chance(0.5):
        d.ask("q_price_each", N=noun)
    else:
        k = d.count(2, 20)
        if k.value == n.value:
            raise Reject
        d.step("cost", one, "*", k)
        d.ask("q_cost_of", N=noun, n=k)


def money_in_and_out(d: Draft) -> None:
    """Has money, spends and earns: how much now."""
    a = d.person()
    have = d.money(15, 120, cents=0.15)
    d.say("money", A=a, p=have)
    now: Ref = have
    for _ in range(d.rng.choice([1, 2, 2, 3])):
        out = d.chance(0.6)
        if out and now.value > 6:
            spent = d.money(2, int(now.value) - 3, cents=0.15)
            if d.chance(0.5):
                d.say("spend_on", A=a, N=d.noun("buyable"), p=spent)
            else:
                d.say("spend", A=a, p=spent)
            now = d.step("left", now, "-", spent)
        else:
            got = d.money(3, 60, cents=0.15)
            d.say("earn", A=a, p=got)
            now = d.step("money", now, "+", got)
    left = d.story.steps[-1].label == "left"
    d.ask("q_money_left" if left and d.chance(0.6) else "q_money_now", A=a)


def money_together(d: Draft) -> None:
    """Two people's money, one spends some first."""
    a, b = d.person(), d.person()
    first, second = d.money(8, 80, cents=0.15), d.money(8, 80, cents=0.15)
    d.say("money", A=a, p=first)
    d.say("money", A=b, p=second)
    left: Ref = first
    if d.chance(0.5):
        spent = d.money(2, int(first.value) - 2, cents=0)
        d.say("spend", A=a, p=spent)
        left = d.step("left", first, "-", spent)
    d.step("together", left, "+", second)
    d.ask("q_money_both", A=a, B=b)


def discount(d: Draft) -> None:
    """A price and a percentage off: the reduction or the new price."""
    noun = d.noun("expensive")
    percent = d.fixed(d.rng.choice([5, 10, 15, 20, 25, 30, 40, 50, 60, 75]))
    price = d.fixed(d.rng.randint(2, 40) * 20)
    d.say("price_big", N=noun, p=price)
    d.say("discount", N=noun, n=percent)
    off = d.step("discount", price, "*", percent, "/", 100)
    if d.chance(0.3):
        d.ask("q_discount", N=noun)
    else:
        d.step("new price", price, "-", off)
        d.ask("q_sale_price", N=noun)


def wage(d: Draft) -> None:
    """Pay per hour (day, week) for so many: how much; sometimes two people."""
    a, unit = d.person(), d.rng.choice(["hour", "hour", "day", "week"])
    high = {"hour": 40, "day": 200, "week": 900}[unit]
    pay, t = d.money(high // 5, high, cents=0.1), d.count(3, 12)
    d.say("wage", A=a, p=pay, T=unit)
    d.say("work", A=a, t=t, T=unit)
    earned = d.step("earned", pay, "*", t)
    if d.chance(0.35):
        spent = d.money(5, int(earned.value) - 3, cents=0)
        d.say("spend", A=a, p=spent)
        d.step("left", earned, "-", spent)
        d.ask("q_money_left", A=a)
    else:
        d.ask("q_earn", A=a)


def wages_together(d: Draft) -> None:
    """Two people with their own pay and time: how much together."""
    a, b, unit = d.person(), d.person(), d.rng.choice(["hour", "day"])
    high = 30 if unit == "hour" else 150
    earned = []
    for person in (a, b):
        pay, t = d.money(high // 4, high, cents=0), d.count(2, 10)
        d.say("wage", A=person, p=pay, T=unit)
        d.say("work", A=person, t=t, T=unit)
        earned.append(d.step("earned", pay, "*", t))
    d.step("together", earned[0], "+", earned[1])
    d.ask("q_money_both", A=a, B=b)


def saving_up(d: Draft) -> None:
    """Wants something dear, has or saves money: how much is missing, how long it takes."""
    a, noun = d.person(), d.noun("expensive")
    if d.chance(0.4):
        price = d.fixed(d.rng.randint(4, 60) * 10)
        have = d.money(10, int(price.value) - 5, cents=0.1)
        d.say("wants", A=a, N=noun, p=price)
        d.say("money", A=a, p=have)
        d.step("needed", price, "-", have)
        d.ask("q_more_needed", A=a, N=noun)
        return
    unit = d.rng.choice(["week", "week", "month", "day"])
    weeks, rate = d.rng.randint(3, 30), d.fixed(d.rng.randint(3, 40))
    d.say("wants", A=a, N=noun, p=(price := d.fixed(0)))
    missing: Ref = price
    goal = weeks * int(rate.value)
    if d.chance(0.5):
        have = d.count(10, 90, words=0)
        d.say("money", A=a, p=have)
        d.revalue(price, goal + int(have.value))
        missing = d.step("needed", price, "-", have)
    else:
        d.revalue(price, goal)
    d.say("save", A=a, p=rate, T=unit)
    d.step("time", missing, "/", rate)
    d.ask("q_save_time", A=a, N=noun, T=unit)


def bake_sale(d: Draft) -> None:
    """Makes so many per hour and sells them: the money."""
    a, noun = d.person(), d.noun("baked")
    per, t = d.count(4, 30), d.count(2, 8)
    price = d.money(1, 5, cents=0.4)
    if price.value == 1:
        raise Reject
    d.say("rate", A=a, N=noun, n=per, T="hour")
    d.say("work", A=a, t=t, T="hour")
    total = d.step("in all", per, "*", t)
    d.say("sell_rest", A=a, N=noun, p=price)
    d.step("money", total, "*", price)
    d.ask("q_revenue", A=a, N=noun)


def bought_on_sale(d: Draft) -> None:
    """Buys several of a good whose price is reduced: two or three operations."""
    a, noun = d.person(), d.noun("clothes")
    price = d.fixed(d.rng.randint(2, 12) * 10)
    percent = d.fixed(d.rng.choice([10, 20, 30, 40, 50]))
    n = d.count(2, 6)
    d.say("price", N=noun, p=price)
    d.say("discount", N=noun, n=percent)
    d.say("buy", A=a, N=noun, n=n)
    off = d.step("discount", price, "*", percent, "/", 100)
    new = d.step("new price", price, "-", off)
    d.step("cost", new, "*", n)
    d.ask("q_cost", A=a)


def _either_order(d: Draft, facts: list) -> list:
    return facts if d.chance(0.6) else facts[::-1]


def _round_up(d: Draft, least: int) -> int:
    """A sum that people hand over: the next 5, 10, 20, 50 or 100 from `least` on."""
    fitting = [u for u in (5, 10, 20, 50, 100) if u * 4 > least] or [100]
    unit = d.rng.choice(fitting)
    return -(-least // unit) * unit


SCENARIOS: dict[str, tuple[float, Scenario]] = {
    "price_times_count": (2.5, price_times_count),
    "money_and_change": (2.5, money_and_change),
    "two_goods": (2, two_goods),
    "unit_price": (2, unit_price),
    "money_in_and_out": (2.5, money_in_and_out),
    "money_together": (1, money_together),
    "discount": (2, discount),
    "wage": (2, wage),
    "wages_together": (1, wages_together),
    "saving_up": (2.5, saving_up),
    "bake_sale": (1, bake_sale),
    "bought_on_sale": (1, bought_on_sale),
}
