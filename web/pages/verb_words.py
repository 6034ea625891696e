"""Words of the verbs of approval: what their buttons say, and how options of a model read."""

from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from engine.model.approval import ApprovalOptions, Countersign, Vote

_VERBS: Mapping[str, LazyString] = {
    "send-back": lazy_gettext("Send back"),
    "withdraw": lazy_gettext("Withdraw"),
    "transfer": lazy_gettext("Transfer"),
    "delegate": lazy_gettext("Delegate"),
    "add-sign": lazy_gettext("Add signer"),
    "remove-sign": lazy_gettext("Remove signer"),
    "urge": lazy_gettext("Urge"),
    "cc": lazy_gettext("Send a copy"),
}

_VOTES: Mapping[Countersign, LazyString] = {
    Countersign.ALL: lazy_gettext("everybody agrees"),
    Countersign.RATIO: lazy_gettext("a share of the people"),
    Countersign.WEIGHTED: lazy_gettext("a share of the weights"),
    Countersign.ANY: lazy_gettext("the first one decides"),
}


def verb_label(code: str, options: ApprovalOptions | None = None) -> str:
    """A verb as the model names it, else in the usual words."""
    named = next((name for verb, name in options.verbs.items() if verb == code), "") if options else ""
    return named or str(_VERBS.get(code, code))


def vote_label(vote: Vote) -> str:
    """How votes count, in one line."""
    parts = [str(_VOTES[vote.mode])]
    if vote.mode in (Countersign.RATIO, Countersign.WEIGHTED):
        share = f"{vote.share:%}".replace(".000000", "")
        parts.append(gettext("more than %(share)s", share=share) if vote.over else gettext("%(share)s", share=share))
    if vote.disagreement == "veto":
        parts.append(gettext("one against decides"))
    if vote.everybody:
        parts.append(gettext("all are heard"))
    return "; ".join(parts)
