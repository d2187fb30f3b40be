"""On which line of a TOML text each value stands. `tomllib` reads values without their places, so this scans again."""

import re
import tomllib

GAP = re.compile(r"(?:\s+|#[^\n]*)*")
STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:\\.|[^"\\])*"' + r"|'[^']*'", re.DOTALL)
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^\s,\]}#]+(?: \d\d:[^\s,\]}#]*)?")  # A date and its time may stand apart.


def lines_of(text):
    """The line (from 1) of every table, key and list element: {("stages", 0, "name"): 12, …}.

    The text must be valid TOML: `tomllib` has read it before. A table's line is the one of its header.
    """
    scanner = Scanner(text)
    scanner.scan()
    return scanner.lines


class Scanner:
    """One pass over a valid TOML text. `at` is the offset reached; lines are counted up to `counted`."""

    def __init__(self, text):
        self.text, self.at = text, 0
        self.line, self.counted = 1, 0
        self.lines, self.lengths = {(): 1}, {}

    def scan(self):
        table = ()
        while self.skip_gap() < len(self.text):
            if self.peek("["):
                table = self.header()
            else:
                self.pair(table)

    def skip_gap(self):
        self.at = GAP.match(self.text, self.at).end()
        return self.at

    def peek(self, token):
        return self.text.startswith(token, self.at)

    def take(self, token):
        """Step over `token` if it is next, and over what is empty before it."""
        self.skip_gap()
        found = self.peek(token)
        self.at += len(token) if found else 0
        return found

    def take_match(self, pattern):
        match = pattern.match(self.text, self.at)
        self.at = match.end()
        return match.group()

    def mark(self, path):
        """Note that `path` begins on the line reached; the first place of a path stays."""
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        self.lines.setdefault(path, self.line)

    def header(self):
        """A `[table]` or an element of a `[[list]]`; returns its path."""
        is_list = self.take("[[") or not self.take("[")
        *parents, last = self.keys()
        self.take("]]" if is_list else "]")
        path = (*self.resolve(parents), last)
        for length in range(1, len(path)):
            self.mark(path[:length])  # A table that has no header of its own begins here.
        if is_list:
            self.mark(path)
            self.lengths[path] = self.lengths.get(path, 0) + 1
        path = self.resolve([*parents, last])
        self.mark(path)
        return path

    def resolve(self, keys):
        """The path that header keys mean: a list of tables among them stands for its last element so far."""
        path = ()
        for key in keys:
            path = (*path, key)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        return path

    def keys(self):
        found = [self.key()]
        while self.take("."):
            found.append(self.key())
        return found

    def key(self):
        self.skip_gap()
        if self.text[self.at] not in "\"'":
            return self.take_match(BARE_KEY)
        quoted = self.take_match(STRING)
        return next(iter(tomllib.loads(f"{quoted} = 0")))

    def pair(self, table):
        path = table
        for key in self.keys():
            path = (*path, key)
            self.mark(path)
        self.take("=")
        self.value(path)

    def value(self, path):
        self.skip_gap()
        if self.take("["):
            self.elements(path)
        elif self.take("{"):
            self.inline_table(path)
        else:
            self.take_match(STRING if self.text[self.at] in "\"'" else SCALAR)

    def elements(self, path):
        index = 0
        while not self.take("]"):
            self.mark((*path, index))
            self.value((*path, index))
            self.take(",")
            index += 1

    def inline_table(self, path):
        while not self.take("}"):
            self.pair(path)
            self.take(",")
