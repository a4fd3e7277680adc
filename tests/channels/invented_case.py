"""The invented channel's side of the contract test."""

from tests.channels.invented import opened as opened
