"""Bytes in and out: msgpack, with the schema version in every message."""

from typing import Any, TypeVar

import msgspec

from rasid.errors import Invalid

SCHEMA_VERSION = 1
"""Version of all structs here. A reader accepts every version up to its own; new fields get a default."""

T = TypeVar("T")
_encoder = msgspec.msgpack.Encoder()
_decoders: dict[Any, msgspec.msgpack.Decoder[Any]] = {}


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of what travels on a topic. `v` is always written: a factory's value is no default that may be left out."""

    v: int = msgspec.field(default_factory=lambda: SCHEMA_VERSION)


def encode(message: msgspec.Struct) -> bytes:
    """The message as msgpack bytes."""
    return _encoder.encode(message)


def decode(data: bytes | None, kind: type[T]) -> T:
    """The message in `data`.

    Raises:
        Invalid: the bytes are no such message, or were written by a newer version of Rasid.
    """
    if data is None:
        raise Invalid(f"an empty record where a {kind.__name__} was expected")
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.msgpack.Decoder(kind)
    try:
        message: T = decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"not a {kind.__name__}: {error}") from error
    version = getattr(message, "v", SCHEMA_VERSION)
    if version > SCHEMA_VERSION:
        raise Invalid(f"written by a newer Rasid (schema {version}, this one reads up to {SCHEMA_VERSION})")
    return message
