"""The figures as a block of Markdown, with the machine they were taken on and what was aimed at."""

import os
import platform
from datetime import date
from pathlib import Path

import django
import granian
from django.db import connection

from benchmarks.measure import IMPROVING, UPLOADS_MEANWHILE

PAIRS = [
    (f"uploads, {IMPROVING} % improve", "uploads", "bare uploads"),
    ("uploads, all improve", "uploads, all improve", "bare uploads, all improve"),
    ("uploads, none improves", "uploads, none improves", "bare uploads, none improves"),
    ("board", "board", "bare board"),
]


def markdown(sizes):
    return "\n\n".join([_machine(), _speeds(sizes), _targets(sizes), _ranks(sizes), _plans(sizes[-1])]) + "\n"


def _machine():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('shared_buffers')")
        version, buffers = cursor.fetchone()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{date.today()} · {os.cpu_count()} cores of {_processor()}, {memory:.0f} GiB · PostgreSQL {version} "
        f"(shared_buffers {buffers}) · Python {platform.python_version()} · Django {django.get_version()} · "
        f"granian {granian.__version__}"
    )


def _processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _speeds(sizes):
    rows = []
    for size in sizes:
        for label, name, limit in PAIRS:
            ours, bare = size.figures[name], size.figures[limit]
            rows.append([f"{size.people:,}", label, *_told(ours), *_told(bare), f"{size.ratio(name, limit):.2f}"])
        during = size.figures["board during uploads"]
        ratio = size.ratio("board during uploads", "board")
        label = f"board during {UPLOADS_MEANWHILE} uploads a second"
        rows.append([f"{size.people:,}", label, *_told(during), "", "", "", f"{ratio:.2f} of itself"])
    head = ["people", "what", "a second", "p50 ms", "p99 ms", "bare: a second", "p50 ms", "p99 ms", "ratio"]
    return _table(head, rows)


def _told(figures):
    return f"{figures.per_second:,.0f}", f"{figures.p50:.1f}", f"{figures.p99:.1f}"


def _targets(sizes):
    """The targets of the issue, each with the worst of all sizes, and whether it is reached."""
    small, large = sizes[0], sizes[-1]
    growth = f"{large.people:,} / {small.people:,}"
    uploads = min(size.ratio("uploads", "bare uploads") for size in sizes)
    slowest = max(size.figures["uploads"].p99 for size in sizes)
    board = min(size.ratio("board", "bare board") for size in sizes)
    during = min(size.ratio("board during uploads", "board") for size in sizes)
    lines = [
        ("uploads, of the bare view", uploads, 0.55, uploads >= 0.55),
        ("uploads, p99 in ms", slowest, 25, slowest <= 25),
        (f"uploads, {growth}", _growth(small, large, "uploads"), 0.8, _growth(small, large, "uploads") >= 0.8),
        ("board, of the bare view", board, 0.5, board >= 0.5),
        (f"board, {growth}", _growth(small, large, "board"), 0.85, _growth(small, large, "board") >= 0.85),
        ("board during uploads, of itself", during, 0.8, during >= 0.8),
    ]
    rows = [[what, f"{found:.2f}", str(aim), "reached" if is_met else "MISSED"] for what, found, aim, is_met in lines]
    return _table(["target (the worst of all sizes)", "found", "aim", ""], rows)


def _growth(small, large, name):
    return large.figures[name].per_second / small.figures[name].per_second


def _ranks(sizes):
    rows = []
    for most in sizes[0].ranks:
        columns = [dict(size.ranks[most]) for size in sizes]
        rows += [[f"0–{most}", what, *(f"{column[what]:.2f}" for column in columns)] for what in columns[0]]
    return _table(["points", "milliseconds", *(f"{size.people:,}" for size in sizes)], rows)


def _plans(size):
    rows = [
        [request, statement, how] for request, statements in size.plans for statement, how in dict.fromkeys(statements)
    ]
    return _table([f"request at {size.people:,}", "statement", "found by"], rows)


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
