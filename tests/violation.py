"""How a model complains."""


class ViolationError(AssertionError):
    """Something that can't be."""


def must(holds: object, what: str) -> None:
    if not holds:
        raise ViolationError(what)
