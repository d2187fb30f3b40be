class ProjectError(Exception):
    """A refusal in a sentence for the reader."""
