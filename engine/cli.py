"""The `mingjing` command."""

import io
import os
import sys
from collections.abc import Sequence

from engine import __version__
from engine.commandline import channels, inspecting, modelling, people, running, simulating, supervising
from engine.commandline.verbs import Parser
from engine.feel.errors import FeelError
from engine.model.errors import MingjingError


def parser() -> Parser:
    """The whole grammar of the command."""
    root = Parser(prog="mingjing", description="Mingjing (明镜): workflow with supervision built into every step")
    root.add_argument("--version", action="version", version=__version__)
    verbs = root.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=Parser)
    for group in (running, modelling, simulating, inspecting, supervising, people, channels):
        group.add(verbs)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Every error is one line on stderr and a non-zero exit status."""
    chosen = parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may have no sign for what is to be shown
    try:
        return int(chosen.run(chosen))
    except (MingjingError, FeelError, OSError) as problem:
        if isinstance(problem, BrokenPipeError):
            # The reader (`head`) has seen enough; nothing may be written at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        print(f"mingjing: {modelling.one_line(problem)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
