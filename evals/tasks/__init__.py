"""The tasks, as data."""

from evals.task import Task
from evals.tasks import (
    afterwards,
    arrivals,
    billing,
    bounds,
    customers,
    doubts,
    refunds,
    subscribed,
    sums,
    used_up,
)

MODULES = (arrivals, doubts, billing, refunds, afterwards, customers, subscribed, used_up, sums, bounds)
TASKS: tuple[Task, ...] = tuple(task for module in MODULES for task in module.TASKS)
