"""Entry point of `conekta-mcp` and `python -m conekta_mcp`."""

import gc
import signal
import sys

INTERRUPTED = 128 + signal.SIGINT


def main() -> None:
    # Collecting garbage while modules are imported takes a tenth of start-up; the command enables it again
    # (cli/commands/serve.py).
    gc.disable()
    # httpx loads its own command line, and with it rich and pygments where they are installed: that takes
    # longer than httpx itself. With None in its place it does without.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # typeshed leaves None out
    stopping: signal.Signals | None = None

    def interrupt(number: int, _: object) -> None:
        nonlocal stopping
        stopping = signal.Signals(number)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            # No KeyboardInterrupt: after one that passed through exec() of a text, as imports use it, Python
            # ends itself by SIGINT, whatever the exit code is.
            raise SystemExit(128 + number)
        signal.raise_signal(signal.SIGINT)

    # PID 1, and what a shell starts in the background, end at a signal only if they say so. Commands that
    # serve replace this.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, interrupt)
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup and signal.getsignal(hangup) is not signal.SIG_IGN:  # as nohup leaves it
        signal.signal(hangup, interrupt)
    try:
        from conekta_mcp.cli import run_command

        code = run_command(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as problem:
        # pydantic makes a failure of its own of what interrupts it while it builds a model.
        if stopping is None and KeyboardInterrupt.__name__ not in str(problem):
            raise
        code = INTERRUPTED
    finally:
        # While the interpreter ends, a second signal ends it at once: an exception would only be printed.
        for each in (signal.SIGINT, signal.SIGTERM, hangup):
            if each and signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, signal.SIG_DFL)
    sys.exit(128 + (stopping or signal.SIGINT) if code == INTERRUPTED else code)


if __name__ == "__main__":
    main()
