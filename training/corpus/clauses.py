"""The clause inventory: everything a problem can say or ask, whatever the language.

A clause kind has roles. Capitals are people (A, B, C) or nouns (N, M things; K container; P group of
people; T unit of time; U unit of length); small letters are quantities (n, m, k, t counts; p, s money;
f a fraction word). An *event* may follow "then", "after that"; a state may not. Every language words
every kind (`languages/<code>/clauses.txt`); the example shows one English wording.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clause:
    """One kind: its role letters, whether it is an event, and an example."""

    roles: tuple[str, ...]
    event: bool
    question: bool
    example: str


_TABLE = """
have            | A N n     |   | Ana has 12 apples
have_two        | A N n M m |   | Ana has 12 apples and 7 plums
there_are       | N n K     |   | there are 12 apples in the basket
gain            | A N n     | e | Ana buys 4 more apples (gets, finds, picks; she had some before)
lose            | A N n     | e | Ana loses 4 apples (gives away, eats, drops)
give            | A B N n   | e | Ana gives Ben 4 apples
receive         | A B N n   | e | Ana gets 4 apples from Ben
sell            | A N n     | e | Ana sells 4 apples
fraction_away   | A N f     | e | Ana gives away a third of her apples
double          | A N       | e | Ana doubles the number of her apples (ends with twice as many)
dozens          | A N n     |   | Ana has 3 dozen eggs (n packs of twelve)
more            | A B N n   |   | Ana has 5 more apples than Ben
fewer           | A B N n   |   | Ana has 5 fewer apples than Ben
times           | A B N n   |   | Ana has 3 times as many apples as Ben
twice           | A B N     |   | Ana has twice as many apples as Ben
half_as_many    | A B N     |   | Ana has half as many apples as Ben
groups          | A K N n m |   | Ana has 4 boxes with 6 pencils in each
people_each     | P N n m   |   | there are 8 children and each of them gets 3 apples
rows            | N n m     |   | there are 5 rows of 8 chairs
groups_filled   | A K N n m | e | Ana fills 4 boxes with 6 apples each (out of those she has)
put_in          | A K N n   | e | Ana puts 5 more apples into the basket
take_out        | A K N n   | e | Ana takes 3 apples out of the basket
holds           | K N n     |   | each box holds 6 eggs
share           | A P N n   | e | Ana shares the apples equally among 4 friends
share_into      | A K N n   | e | Ana divides the apples equally into 4 bags
pack            | A K N n   | e | Ana packs the apples into bags of 6
part_bad        | N n       |   | 4 of the plates are broken (bad, not good)
part_red        | N n       |   | 4 of the hats are red and the rest are blue
rate            | A N n T   |   | Ana makes 6 toys per hour
work            | A t T     |   | Ana works for 5 hours
consume         | A N n     |   | Ana uses 3 candles every day
score           | A n m     |   | Ana scores 8 points in the first game and 6 in the second
score_three     | A n m k   |   | Ana scores 8, 6 and 10 points in three games
price           | N p       |   | one apple costs $3
buy             | A N n     | e | Ana buys 4 apples
buy_two         | A N n M m | e | Ana buys 4 apples and 3 plums
total_price     | A N n p   |   | Ana pays $12 for 4 apples (for all of them together)
money           | A p       |   | Ana has $20
spend           | A p       | e | Ana spends $7
spend_on        | A N p     | e | Ana spends $7 on a book
earn            | A p       | e | Ana earns $9 (gets, is given; more money)
pay_with        | A p       | e | Ana pays with a $20 bill
sell_rest       | A N p     | e | Ana sells the apples that she has now for $2 each
discount        | N n       |   | there is a 20 percent discount on the bicycle
price_big       | N p       |   | a bicycle costs $80
wants           | A N p     |   | Ana wants to buy a bicycle that costs $80
save            | A p T     |   | Ana saves $5 every week
wage            | A p T     |   | Ana earns $12 per hour
age             | A n       |   | Ana is 12 years old
older           | A B n     |   | Ana is 4 years older than Ben
younger         | A B n     |   | Ana is 4 years younger than Ben
age_times       | A B n     |   | Ana is 3 times as old as Ben
trip            | A U n t   |   | Ana drives at 60 kilometers per hour for 3 hours
goes_on         | A U n     | e | Ana drives another 40 kilometers (after a trip)
distance        | A U n     |   | Ana has to travel 180 kilometers
speed           | A U n     |   | Ana travels at 60 kilometers per hour
travelled       | A U n     | e | Ana has covered 50 kilometers so far
speed_on        | A U n     | e | Ana covers the rest at 60 kilometers per hour
book            | A n       |   | Ana is reading a book with 200 pages
read_daily      | A n       |   | Ana reads 20 pages every day
read_so_far     | A n       | e | Ana has read 80 pages so far
reads_for       | A n t     |   | Ana reads 20 pages a day for 5 days
practice        | A n       |   | Ana practices the piano for 30 minutes every day
recipe          | N n m     |   | a recipe for 4 people needs 6 eggs (n people, m eggs)
rectangle       | U n m     |   | a garden is 12 meters long and 7 meters wide
rope            | A U n     |   | Ana has a rope that is 24 meters long
cut_off         | A U n     | e | Ana cuts 5 meters off the rope
cut_into        | A n       | e | Ana cuts the rope into 4 equal pieces
cut_each        | A U n     | e | Ana cuts the rope into pieces of 3 meters
bus             | n         |   | there are 30 passengers on a bus
get_on          | n         | e | 6 people get on the bus
get_off         | n         | e | 4 people get off the bus
aside           | A n       |   | Ana has 9 cousins (irrelevant; true for any n from 6 to 12)
q_left          | A N       | ? | how many apples does Ana have left?
q_now           | A N       | ? | how many apples does Ana have now?
q_has           | A N       | ? | how many apples does Ana have? (a state, nothing happened)
q_both          | A B N     | ? | how many apples do Ana and Ben have together?
q_three         | A B C N   | ? | how many apples do Ana, Ben and Cem have together?
q_diff          | A B N     | ? | how many more apples does Ana have than Ben?
q_two_kinds     | A N M     | ? | how many apples and plums does Ana have in all?
q_there         | N K       | ? | how many apples are in the basket now?
q_in_all        | N         | ? | how many chairs are there in all?
q_each          | P N       | ? | how many apples does each friend get?
q_each_box      | K N       | ? | how many apples go into each bag?
q_boxes         | K N       | ? | how many bags are needed for the apples?
q_leftover      | N         | ? | how many apples are left over?
q_good          | N         | ? | how many plates are not broken? (part_bad: how many are good)
q_blue          | N         | ? | how many hats are blue?
q_points        | A         | ? | how many points does Ana score in all?
q_average       | A         | ? | how many points does Ana score per game on average?
q_make          | A N       | ? | how many toys does Ana make in all?
q_make_in       | A N n T   | ? | how many toys does Ana make in 8 hours?
q_make_time     | A N n T   | ? | how many hours does Ana need to make 30 toys?
q_days_last     | A N       | ? | for how many days will the candles last?
q_cost          | A         | ? | how much does Ana pay in all?
q_change        | A         | ? | how much change does Ana get?
q_price_each    | N         | ? | how much does one apple cost?
q_cost_of       | N n       | ? | how much would 7 apples cost?
q_sale_price    | N         | ? | how much does the bicycle cost now? (after the discount)
q_discount      | N         | ? | how much cheaper does the bicycle become?
q_money_left    | A         | ? | how much money does Ana have left?
q_money_now     | A         | ? | how much money does Ana have now?
q_money_both    | A B       | ? | how much money do Ana and Ben have together?
q_revenue       | A N       | ? | how much money does Ana get for the apples?
q_earn          | A         | ? | how much does Ana earn in all?
q_more_needed   | A N       | ? | how much more money does Ana need for the bicycle?
q_save_time     | A N T     | ? | how many weeks must Ana save for the bicycle?
q_age           | A         | ? | how old is Ana?
q_age_in        | A n       | ? | how old will Ana be in 5 years?
q_age_ago       | A n       | ? | how old was Ana 5 years ago?
q_age_sum       | A B       | ? | what is the sum of the ages of Ana and Ben?
q_age_diff      | A B       | ? | how many years older is Ana than Ben?
q_distance      | A U       | ? | how many kilometers does Ana travel in all?
q_distance_left | A U       | ? | how many kilometers are left?
q_travel_time   | A         | ? | how many hours does the trip take?
q_rest_time     | A         | ? | how many hours does Ana need for the rest of the way?
q_pages_left    | A         | ? | how many pages are left to read?
q_read_days     | A         | ? | how many days does Ana need for the book?
q_read_rest     | A         | ? | how many days does Ana need to finish the book? (what is left of it)
q_read_weeks    | A n       | ? | how many pages does Ana read in 3 weeks?
q_practice      | A n       | ? | how many minutes does Ana practice in 3 weeks?
q_practice_hrs  | A n       | ? | how many hours does Ana practice in 10 days?
q_recipe        | N n       | ? | how many eggs are needed for 12 people?
q_perimeter     | U         | ? | how many meters is it around the garden? (its perimeter)
q_area          | U         | ? | what is the area of the garden in square meters?
q_rope_left     | U         | ? | how many meters of rope are left?
q_piece         | U         | ? | how many meters long is each piece of rope?
q_pieces        | A         | ? | how many pieces of rope does Ana get?
q_bus           |           | ? | how many passengers are on the bus now?
"""


def _parse(table: str) -> dict[str, Clause]:
    """Reads the table above: `kind | roles | e for event, ? for question | example`."""
    clauses = {}
    for line in table.strip().splitlines():
        kind, roles, flag, example = (cell.strip() for cell in line.split("|"))
        clauses[kind] = Clause(tuple(roles.split()), flag == "e", flag == "?", example)
    return clauses


CLAUSES: dict[str, Clause] = _parse(_TABLE)
