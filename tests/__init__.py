"""Tests and the Telegram of our own they talk to."""
