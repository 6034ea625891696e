"""sweep."""

import argparse
from typing import TYPE_CHECKING

from engine.commandline.verbs import CLIENT, Parser, Verbs, add_var, person, refuse_unfounded, say, verb
from engine.model.errors import NotFound

if TYPE_CHECKING:
    from engine.service.equipment import Work
    from engine.service.sweeps import SweepView


def add(verbs: "Verbs[Parser]") -> None:
    """Declare the verbs of this group."""
    about = "Judge running cases again, now; goes on with a sweep that was broken off"
    parser = verb(verbs, "sweep", sweep, about=about, example="mingjing sweep --process dibao --unit JH-QH-01")
    parser.add_argument("--process", default="", metavar="ID", help="cases of this process only")
    parser.add_argument("--unit", default="", metavar="CODE", help="cases of this unit and those below it only")
    parser.add_argument("--by", metavar="NAME", help="sign-in name of whoever asks for it, for the trace")
    add_var(parser)


def sweep(arguments: argparse.Namespace) -> int:
    """Judge; progress on stderr, the sum on stdout. Exit status 1 when a case could not be judged."""
    from engine.service import sweeps
    from engine.service.background_jobs import Bench
    from engine.service.equipment import Equipment
    from engine.store.backup import check_keys
    from engine.store.embedded import embedded

    def told(view: "SweepView") -> None:
        say(f"{view.done} of {view.total}")

    refuse_unfounded(arguments.var)
    check_keys(arguments.var)
    with embedded(arguments.var, say=say) as dsns:
        Bench.dsn, Bench.equipment = dsns.app, Equipment.open(arguments.var)
        with Bench.working() as uow:
            actor = person(uow, arguments.by) if arguments.by else None
            path = _path(uow, arguments.unit)
        view = sweeps.run(
            Bench.working,
            process_id=arguments.process,
            unit_path=path,
            actor=actor,
            client=CLIENT,
            progress=told,
        )
        Bench.close()
    print(f"{view.done} case(s) judged, {view.found} new finding(s), {view.failed} could not be judged")
    return 1 if view.failed else 0


def _path(uow: "Work", code: str) -> str:
    from engine.store import people

    found = next((unit.path for unit in people.list_units(uow) if unit.code == code), None)
    if code and found is None:
        raise NotFound("unit.not_found", f"there is no unit with the code {code}")
    return found or ""
