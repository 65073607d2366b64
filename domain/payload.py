"""What every payload is, and how words of persons are referred to in it."""

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """What a command says beyond its envelope. Unknown fields are ignored: histories outlive this code."""

    model_config = ConfigDict(frozen=True)


class Words(Payload):
    """A reference to words that live encrypted in the record: the row, and the salted digest that proves them."""

    id: str
    digest: str
