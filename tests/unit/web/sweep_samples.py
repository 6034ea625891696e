"""What the page of sweeps is given."""

from dataclasses import replace

from engine.service.sweeps import SweepView
from tests.unit.web.page_samples import AT

GOING = SweepView(
    key=7300,
    process_id="",
    started_at=AT,
    ended_at=None,
    person_name="<b>申请书",
    total=300,
    done=100,
    found=2,
    failed=1,
)
OVER = replace(GOING, key=7299, ended_at=AT, done=0, total=0, person_name="")
SHOWN = (
    ("pages/sweeps.html", "supervisor", {"rows": (GOING, OVER)}),
    ("pages/sweeps.html", "supervisor", {"rows": ()}),
)
