"""How what is typed for an option is read, by the kind of its field."""

from collections.abc import Callable, Mapping
from typing import Any

from starter.cli import input as cli_input
from starter.cli import lists as cli_lists
from starter.cli import times as cli_times
from starter.cli.fields import Field

FORMS: Mapping[str, Callable[[Field, Any], Any]] = {
    "words": lambda field, said: cli_input.words(said, field.option),
    "choice": lambda field, said: cli_input.choice(said, field.option, field.choices),
    "clock": lambda field, said: cli_input.clock(said, field.option),
    "count": lambda field, said: cli_input.count(said, field.option, 0 if field.fills == "visits" else 1, field.most),
    "window": lambda field, said: cli_times.moment(said, field.option),
    "until": lambda field, said: cli_times.end(said, field.option),
    "past": lambda field, said: cli_times.moment(said, field.option),
    "date": lambda field, said: cli_times.day(said, field.option),
    "amount": lambda field, said: cli_lists.amount(said, field.option),
    "materials": lambda field, said: cli_lists.materials(said, field.option),
    "shares": lambda field, said: cli_lists.shares(said, field.option),
    "measures": lambda field, said: cli_lists.measures(said, field.option),
    "bodies": lambda field, said: cli_lists.bodies(said, field.option),
}
"""How what was typed is read; staff, teams, categories and pause reasons are looked up for the order (cli_sense)."""


def formed(field: Field, said: Any) -> Any:
    """Return what was typed as its field takes it; `Failure` for what has not its form."""
    form = FORMS.get(field.kind)
    return form(field, said) if form else said
