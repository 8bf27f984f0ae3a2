"""All scenarios by name, each with its weight: how often it is drawn.

A scenario writes a story on a draft and leaves exactly one way to read its question.
"""

from __future__ import annotations

from . import (
    scenarios_chain,
    scenarios_groups,
    scenarios_measure,
    scenarios_money,
    scenarios_people,
)
from .story import Scenario

SCENARIOS: dict[str, tuple[float, Scenario]] = {
    **scenarios_chain.SCENARIOS,
    **scenarios_people.SCENARIOS,
    **scenarios_groups.SCENARIOS,
    **scenarios_money.SCENARIOS,
    **scenarios_measure.SCENARIOS,
}
