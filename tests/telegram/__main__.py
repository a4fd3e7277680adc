"""Try the bot on Telegram's protocol with no network: this server, and a prompt that writes to the bot as one person."""

import argparse
import asyncio
import sys

from tests.telegram.server import TelegramServer
from tests.telegram.world import Message


async def talk(port: int, name: str, language: str) -> None:
    """Serve on `port`, print the configuration, and pass lines to the bot until the input ends; a number presses a button."""
    async with TelegramServer(port=port) as server:
        person = server.user(name, language)
        print("Put these lines into a configuration and run `planbot --config FILE serve` in another terminal:\n")
        print(server.config())
        print("Then write here; a number presses that button of the last message.\n", flush=True)
        buttons: list[tuple[Message, str]] = []

        async def listen() -> None:
            while True:
                message = await person.hears(timeout=1e9)
                print(f"\n{message.said}")
                buttons[:] = [(message, label) for label in message.buttons]
                for number, (_, label) in enumerate(buttons, 1):
                    print(f"  [{number}] {label}")
                print("> ", end="", flush=True)

        listening = asyncio.create_task(listen())
        try:
            while line := await asyncio.to_thread(sys.stdin.readline):
                line = line.strip()
                if line.isdigit() and 0 < int(line) <= len(buttons):
                    await press(person, *buttons[int(line) - 1])
                elif line:
                    await person.says(line)
        finally:
            listening.cancel()


async def press(person, message: Message, label: str) -> None:  # type: ignore[no-untyped-def]
    """Press a button and show the short notice it may give."""
    try:
        toast = await person.presses(message, label)
    except AssertionError as error:
        print(str(error).splitlines()[0])
        return
    if toast.text:
        print(f"({toast.text})")


def main() -> None:
    """Read the arguments and talk."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--name", default="Anna")
    parser.add_argument("--language", default="zh-hant")
    arguments = parser.parse_args()
    try:
        asyncio.run(talk(arguments.port, arguments.name, arguments.language))
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
