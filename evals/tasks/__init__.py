"""The tasks, as data."""

from evals.task import Task
from evals.tasks import arrivals, billing, bounds, customers, refunds, subscribed, sums

TASKS: tuple[Task, ...] = (
    *arrivals.TASKS,
    *billing.TASKS,
    *refunds.TASKS,
    *customers.TASKS,
    *subscribed.TASKS,
    *sums.TASKS,
    *bounds.TASKS,
)
