"""Notices in words: why somebody is told."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

from web.pages.labels import reader

_NOTICES: Mapping[str, LazyString] = {
    "new_task": lazy_gettext("New task"),
    "urged": lazy_gettext("You are urged"),
    "copied": lazy_gettext("Copied to you"),
    "returned": lazy_gettext("Sent back to you"),
    "transferred": lazy_gettext("Transferred to you"),
    "delegated": lazy_gettext("Delegated to you"),
    "sign_asked": lazy_gettext("Your opinion is asked for"),
    "alert_raised": lazy_gettext("New alert"),
    "alert_climbed": lazy_gettext("An alert has climbed to you"),
    "time_near": lazy_gettext("Near the limit"),
    "time_over": lazy_gettext("Over the limit"),
}


def notice_label(code: str) -> str:
    """Why somebody is told, in words."""
    return reader(_NOTICES, code)
