"""Starts serving processes quickly: everything is imported once here, and each life is a fork that runs `planbot serve`."""

import os
import sys


def live(config: str, log: str) -> None:
    """Be a serving process until killed or told to stop; never returns."""
    os.setsid()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    from bot.cli import main as planbot

    sys.argv = ["planbot", "--config", config, "serve"]
    status = 1
    try:
        planbot()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        os._exit(status)


def main() -> None:
    """Read `serve CONFIG LOG` and answer with a process id, or `wait PID` and answer with its exit status (negative: the signal)."""
    import bot.channels.telegram
    import bot.cli  # noqa: F401
    from bot.ask.library import Library

    # Reads the tables that every library stands on, once for all lives.
    Library(())

    for line in sys.stdin:
        words = line.split()
        if words[0] == "serve":
            process = os.fork()
            if process == 0:
                live(words[1], words[2])
            answer = process
        else:
            _, status = os.waitpid(int(words[1]), 0)
            answer = os.waitstatus_to_exitcode(status)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
