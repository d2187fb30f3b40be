class ProjectError(Exception):
    """A refusal in a sentence for the reader. `status`: of the answer to the request."""

    status = 409
