"""`python -m benchmarks.team_races`: many racing requests for the last places of teams. See benchmarks/README.md."""

import argparse
import os
import sys
import time
from importlib import import_module

import django
from django.core.management import call_command

from benchmarks import environment
from benchmarks.__main__ import SERVER, say


def command_line():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.team_races", description="Race for places in teams.")
    parser.add_argument("--requests", type=int, default=10_000, help="10,000 by default")
    parser.add_argument("--connections", type=int, default=32, help="32 by default")
    parser.add_argument(
        "--server", default=os.environ.get("BENCHMARK_SERVER", SERVER), help=f"a PostgreSQL server; {SERVER} by default"
    )
    return parser


def main(options):
    """The database is made and dropped, whatever happens. Returns 1 when something was found that must not be."""
    environment.prepare(options.server)
    os.environ["LOG_LEVEL"] = "ERROR"  # Thousands of refusals are what is expected here.
    try:
        return run(options)
    finally:
        environment.drop(options.server)


def run(options):
    """Settings are read when Camp is imported, so that comes after they are made."""
    django.setup()
    team_race = import_module("benchmarks.team_race")
    say("Making the tables and the static files.")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    field = team_race.make_field(team_race.sizes_for(options.requests))
    say(f"{len(field.groups)} groups race with {options.requests} requests.")
    begun = time.perf_counter()
    with environment.serving("camp.wsgi:application", environment.CAMP_PORT):
        answers = team_race.race(f"http://127.0.0.1:{environment.CAMP_PORT}", field, clients=options.connections)
    say(f"It took {time.perf_counter() - begun:.0f} s.")
    return report(answers, field, team_race.findings(field))


def report(answers, field, findings):
    places = sum(group.places_to_give for group in field.groups)
    said = ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))
    print(f"{sum(answers.values())} requests for {places} places: {said}")
    print("\n".join(findings) or "Nobody over the limit, no place left that somebody wanted, nobody in two teams.")
    return 1 if findings or answers[302] != places else 0


if __name__ == "__main__":
    sys.exit(main(command_line().parse_args()))
