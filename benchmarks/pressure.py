"""The load generator: threads that keep a connection alive each and say prepared bytes.

It shares the cores with the server and the database, so it does as little as it can: no HTTP library.
"""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from statistics import quantiles

BUFFER = 256 * 1024
LENGTH = b"content-length:"


@dataclass(frozen=True)
class Figures:
    """What was answered in how many seconds; latencies in milliseconds, sorted."""

    seconds: float
    latencies: tuple

    @property
    def per_second(self):
        return len(self.latencies) / self.seconds

    @property
    def p50(self):
        return self._percentile(50)

    @property
    def p99(self):
        return self._percentile(99)

    def _percentile(self, percent):
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


def together(rounds):
    """The figures of several rounds as those of one."""
    return Figures(
        sum(one.seconds for one in rounds), tuple(sorted(chain.from_iterable(one.latencies for one in rounds)))
    )


def get(target, *, cookie=""):
    extra = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-CN\r\n{extra}\r\n".encode()


def post(target, body, *, headers=""):
    head = f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Connection:
    """One kept-alive connection. Whatever is not answered with 200 ends the benchmark."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request):
        self.socket.sendall(request)
        received = self.socket.recv(BUFFER)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head = received[:end].lower()
        if b" 200 " not in head.partition(b"\r\n")[0]:
            raise RuntimeError(f"Refused: {received[:600]!r} after {request[:300]!r}")
        missing = int(head.partition(LENGTH)[2].partition(b"\r\n")[0]) + end + 4 - len(received)
        while missing > 0:
            missing -= len(self._more())

    def _more(self):
        data = self.socket.recv(BUFFER)
        if not data:
            raise RuntimeError("The server closed the connection.")
        return data


class Pressure:
    """Requests from several connections at once, as fast as they are answered or at a given pace."""

    def __init__(self, port, requests, *, connections=8, per_second=None):
        self.port, self.requests, self.connections = port, requests, connections
        self.pause = connections / per_second if per_second else 0
        self.latencies, self.failures = [], []

    def run(self, seconds):
        """The figures of so many seconds. `requests` is a list with an endless iterator for each connection."""
        begun = time.perf_counter()
        threads = [
            threading.Thread(target=self._ask, args=(requests, begun + seconds))
            for requests in self.requests[: self.connections]
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._tell_failures()
        return Figures(time.perf_counter() - begun, tuple(sorted(self.latencies)))

    @contextmanager
    def beside(self, seconds):
        """Keep asking while the block runs, which takes as long."""
        thread = threading.Thread(target=self.run, args=(seconds,))
        thread.start()
        yield
        thread.join()
        self._tell_failures()

    def _tell_failures(self):
        if self.failures:
            raise self.failures[0]

    def _ask(self, requests, end):
        try:
            self._keep_asking(Connection(self.port), requests, end)
        except Exception as error:  # Told by the thread that waits for this one.
            self.failures.append(error)

    def _keep_asking(self, connection, requests, end):
        due, latencies = time.perf_counter(), []
        while (begun := time.perf_counter()) < end:
            if begun < due:
                time.sleep(min(due - begun, end - begun))
                continue
            connection.ask(next(requests))
            latencies.append((time.perf_counter() - begun) * 1000)
            due += self.pause
        self.latencies += latencies
