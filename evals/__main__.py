"""`python -m evals`: rehearses the solutions that stand in the tasks, or plays the tasks with a model."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import anyio
import httpx

from evals.endpoints.anthropic import VERSION, AnthropicEndpoint
from evals.endpoints.conversation import Endpoint
from evals.endpoints.http import Poster
from evals.endpoints.openai import OpenAiEndpoint
from evals.model_agent import ModelAgent
from evals.play import Play, play_task
from evals.rehearsal import rehearse
from evals.report import build_report, write_table
from evals.server import start_server
from evals.shop import Shop, open_shop
from evals.task import Task
from evals.tasks import TASKS
from evals.views import VIEWS, View

KEY = "EVALS_API_KEY"


def main(words: Sequence[str] | None = None) -> int:
    arguments = build_parser().parse_args(words)
    tasks = choose_tasks(arguments.tasks)
    if bool(arguments.model) != bool(arguments.base_url):
        sys.exit("evals: a model needs --model and --base-url; without both the solutions are rehearsed")
    with open_shop() as shop:
        if not arguments.model:
            return anyio.run(run_rehearsal, tasks, shop)
        plays = anyio.run(run_model, tasks, shop, arguments)
    print(write_table(plays))
    report = json.dumps(build_report(plays, arguments.model), ensure_ascii=False, indent=1)
    Path(arguments.out).write_text(report + "\n", encoding="utf-8")
    # A wrong answer of a model is a result; an endpoint that did not answer is none.
    return int(any(play.ended.startswith("endpoint:") for play in plays))


async def run_rehearsal(tasks: Sequence[Task], shop: Shop) -> int:
    """Print what was judged otherwise than the tasks say; return 1 if anything was."""
    found = await rehearse(tasks, shop)
    for one in found:
        state = f"PROBLEM: {one.problem}" if one.problem else "as expected"
        print(f"{one.task}: {one.why or 'reference'}: {one.calls} calls: {state}")
    return int(any(one.problem for one in found))


async def run_model(tasks: Sequence[Task], shop: Shop, arguments: argparse.Namespace) -> list[Play]:
    views: tuple[View, ...] = VIEWS if arguments.view == "all" else (arguments.view,)
    plays = []
    async with httpx.AsyncClient() as http:
        endpoint = create_endpoint(http, arguments)
        for task in tasks:
            for view in views:
                # A process for each play: what one model did must not be remembered for another.
                async with start_server(shop, task.settings) as server:
                    play = await play_task(task, ModelAgent(endpoint, view), shop, server, view)
                print(f"{task.name} ({view}): {'right' if play.is_right else play.findings}", file=sys.stderr)
                plays.append(play)
    return plays


def create_endpoint(http: httpx.AsyncClient, arguments: argparse.Namespace) -> Endpoint:
    """The key comes by a variable only: arguments stand in the list of processes."""
    base, key = arguments.base_url.rstrip("/"), os.environ.get(KEY, "")
    if arguments.api == "anthropic":
        headers = {"anthropic-version": VERSION, **({"x-api-key": key} if key else {})}
        return AnthropicEndpoint(Poster(http, f"{base}/v1/messages", headers), arguments.model)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return OpenAiEndpoint(Poster(http, f"{base}/chat/completions", headers), arguments.model)


def choose_tasks(names: str) -> list[Task]:
    chosen = [name for name in names.replace(",", " ").split() if name]
    known = {task.name: task for task in TASKS}
    if unknown := [name for name in chosen if name not in known]:
        sys.exit(f"evals: no task named {', '.join(unknown)}; there are: {', '.join(known)}")
    return [known[name] for name in chosen] or list(TASKS)


def build_parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m evals",
        description=f"Play the tasks with a model; without one, rehearse their solutions. The key: {KEY}.",
    )
    made.add_argument("--model", default="", help="its name at the endpoint")
    made.add_argument("--base-url", default="", help="OpenAI: up to /v1; Anthropic: without /v1")
    made.add_argument("--api", choices=("openai", "anthropic"), default="openai", help="kind of the endpoint")
    made.add_argument("--view", choices=(*VIEWS, "all"), default="text", help="what of an answer it is shown")
    made.add_argument("--tasks", default="", help="names of tasks, separated by commas; default all")
    made.add_argument("--out", default="evals.json", help="where the JSON goes")
    return made


if __name__ == "__main__":
    sys.exit(main())
