"""Permissions as officials call them."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

_WORDS: Mapping[str, LazyString] = {
    "case.start": lazy_gettext("start a process"),
    "case.read": lazy_gettext("look at cases"),
    "case.operate": lazy_gettext("keep cases running"),
    "user_task.work": lazy_gettext("handle tasks"),
    "user_task.assign": lazy_gettext("hand out tasks"),
    "job.work": lazy_gettext("work on jobs of other systems"),
    "job.read": lazy_gettext("look at jobs of other systems"),
    "message.publish": lazy_gettext("send messages to cases"),
    "signal.broadcast": lazy_gettext("send signals to all cases"),
    "incident.resolve": lazy_gettext("have a failed step tried again"),
    "case.mend": lazy_gettext("mend cases that cannot go on"),
    "case.erase": lazy_gettext("erase personal data of cases, two together"),
    "trace.read": lazy_gettext("supervise cases"),
    "trace.verify": lazy_gettext("verify traces"),
    "system_trace.read": lazy_gettext("read the system trace"),
    "definition.read": lazy_gettext("look at process models"),
    "deployment.create": lazy_gettext("deploy process models"),
    "people.manage": lazy_gettext("manage people"),
    "alert.read": lazy_gettext("look at alerts"),
    "alert.handle": lazy_gettext("handle alerts"),
    "calendar.edit": lazy_gettext("edit the working calendar"),
    "supervision.sweep": lazy_gettext("judge running cases again"),
    "discipline.read": lazy_gettext("read what is reported to the discipline body"),
    "indicator.read": lazy_gettext("look at the indicator library"),
    "indicator.keep": lazy_gettext("keep the indicator library"),
    "check.read": lazy_gettext("look at the check library"),
    "metrics.read": lazy_gettext("read the numbers of the server"),
}


def words(permission: str) -> str:
    """A permission in words; one that has none stays as it is."""
    return str(_WORDS.get(permission, permission))
