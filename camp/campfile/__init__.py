"""A whole camp as one TOML file: read, loaded, written back, shifted in time, cloned. People and scores never travel.

`docs/camp-file.md` describes the file. A refusal is a CampFileError: one line per mistake, with its place.
"""

from camp.campfile.clone import clone
from camp.campfile.dump import dump
from camp.campfile.load import load, load_document
from camp.campfile.mistakes import CampFileError, Mistake
from camp.campfile.read import decode, read
from camp.campfile.shift import shift

__all__ = ["CampFileError", "Mistake", "clone", "decode", "dump", "load", "load_document", "read", "shift"]
