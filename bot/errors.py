"""Errors a person can cause: one small tree, each carrying the key of the sentence that person gets."""


class Refusal(Exception):
    """Something was asked that cannot be done; `key` names the sentence in `lang/*.toml`, `values` fill it.

    The command line prints the sentence as one line and exits with 2; a chat answers with it.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.key}({shown})" if shown else self.key


class BadSetting(Refusal):
    """A configuration that cannot be used."""


class BadDocument(Refusal):
    """A file in which no plan can be read."""


class BadUnits(Refusal):
    """A register of units that cannot be used."""


class BadStore(Refusal):
    """A database that cannot be opened: newer than the program, locked by a server, out of reach."""


class BadRecipients(Refusal):
    """A choice of recipients that cannot be understood."""
