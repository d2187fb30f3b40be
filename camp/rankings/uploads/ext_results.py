"""The result file of a grading run, where an upload carries it in `ext`. Pure: text in, values out.

It is evidence beside the score: what cannot be read, or says anything odd, is no results, and never a refusal.
"""

from camp.rankings.uploads.payload import PayloadError, document_in
from camp.rankings.uploads.proven_payload import LONGEST_NAME

MOST = 1000  # As many exercises as a course can have.
SHAPES = {"exercises": ("name", "result"), "results": ("exercise", "passed")}


def read(ext):
    """What `ext` says of single exercises: a list of {"exercise", "passed"}, empty where it says nothing certain.

    Read are the file that rustlings and learning-cxx write, `{"exercises": [{"name", "result"}, …], …}`, and the
    results of a proven score, `{"results": [{"exercise", "passed"}, …], …}`.
    """
    if not ext.lstrip().startswith("{"):
        return []
    try:
        document = document_in(ext.encode())
    except (PayloadError, UnicodeEncodeError):
        return []
    shape = next((key for key in SHAPES if isinstance(document.get(key), list)), None)
    return _sound([_result(item, *SHAPES[shape]) for item in document[shape]]) if shape else []


def _result(item, name, passed):
    """One exercise with its outcome; None where that is not exactly what stands there."""
    if not isinstance(item, dict):
        return None
    exercise, outcome = item.get(name), item.get(passed)
    is_name = isinstance(exercise, str) and 1 <= len(exercise) <= LONGEST_NAME and exercise.isprintable()
    return {"exercise": exercise, "passed": outcome} if is_name and isinstance(outcome, bool) else None


def _sound(results):
    """The results, if every one could be read and no exercise stands twice."""
    if len(results) > MOST or None in results:
        return []
    return results if len({result["exercise"] for result in results}) == len(results) else []
