"""Reading untrusted JSON: values of an unexpected type become empty ones."""

Object = dict[str, object]


def object_of(value: object) -> Object:
    """A value that should be an object; {} where it is not."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    """A value that should be a list; [] where it is not."""
    return value if isinstance(value, list) else []
