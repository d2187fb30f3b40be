class ProjectError(Exception):
    """A refusal in a sentence for the reader. `status`: of the answer to the request."""

    status = 409


def refusal_of(act, *args, **words):
    """The refusal with which a service, or the rule that it goes by, answers; None where it does not refuse."""
    try:
        act(*args, **words)
    except ProjectError as refusal:
        return refusal
    return None
