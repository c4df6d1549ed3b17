"""Tickets: what somebody without an account looks a matter up by, read over the telephone."""

import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No I, L, O, 0, 1."""
TICKET_LENGTH = 10


def new_ticket() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(TICKET_LENGTH))


def plain_ticket(text: str) -> str:
    """The ticket in what was typed, however it is spelt and spaced."""
    return "".join(character for character in text.upper() if character in ALPHABET)[:TICKET_LENGTH]
