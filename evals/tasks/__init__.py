"""The tasks, as data."""

from evals.task import Task
from evals.tasks import arrivals, billing, bounds, customers, refunds, subscribed, sums

MODULES = (arrivals, billing, refunds, customers, subscribed, sums, bounds)
TASKS: tuple[Task, ...] = tuple(task for module in MODULES for task in module.TASKS)
