"""`python -m benchmarks`: load, serve, ask, and print ratios. See benchmarks/README.md."""

import argparse
import os
import sys
import time
from importlib import import_module

import django
from django.core.management import call_command

from benchmarks import environment

SERVER = "postgresql://postgres@127.0.0.1:5432"


def say(sentence):
    print(f"==> {sentence}", file=sys.stderr, flush=True)


def command_line():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Camp against bare Django.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="N")
    parser.add_argument("--seconds", type=float, default=4, help="of each kind of pressure in a round; 4 by default")
    parser.add_argument("--rounds", type=int, default=2, help="2 by default")
    parser.add_argument("--connections", type=int, default=8, help="8 by default")
    parser.add_argument(
        "--server", default=os.environ.get("BENCHMARK_SERVER", SERVER), help=f"a PostgreSQL server; {SERVER} by default"
    )
    return parser


def main(options):
    """The database is made, filled once for each size, and dropped, whatever happens."""
    begun = time.perf_counter()
    environment.prepare(options.server)
    try:
        print(run(options), flush=True)
        say(f"All of it took {time.perf_counter() - begun:.0f} s.")
    finally:
        environment.drop(options.server)


def run(options):
    """Settings are read when Camp is imported, so that comes after they are made."""
    django.setup()
    measure, report = (import_module(f"benchmarks.{name}") for name in ("measure", "report"))
    say("Making the tables and the static files.")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    settings = {"seconds": options.seconds, "rounds": options.rounds, "connections": options.connections, "say": say}
    return report.markdown([measure.measure(people, **settings) for people in options.sizes])


if __name__ == "__main__":
    main(command_line().parse_args())
