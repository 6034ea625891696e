"""A penalty case of the demonstration city: an invented home for the elderly without service agreements."""

from collections.abc import Mapping
from datetime import date, timedelta

from engine.service.demonstration_city import SampleStep

PARTY: Mapping[str, object] = {
    "party_name": "镜湖市松鹤养老院（虚构）",
    "party_uscc": "52210193MJ2100010M",
    "legal_representative": "卢远",
    "representative_id": "210193196804120039",
    "party_address": "镜湖市清河区柳荫街道",
}
"""The party. The codes have right check digits; area code 210193 was never assigned."""

_FACTS = "十二名老年人入住未签订服务协议，有检查笔录、入住登记和询问笔录证明。"
_BASIS = "违反《养老机构管理办法》第四十六条第二项。"


def penalty_steps(
    *, on: date, proposed: int = 8000, decided: int = 8000, representative: str = "", band_reason: str = ""
) -> tuple[SampleStep, ...]:
    """From the filing to the end, for ordinary circumstances (band 5,000 to 20,000 yuan). on: the day of filing.

    Outside of the band `band_reason` is needed, and the leaders discuss it. representative: another legal
    representative's ID number.
    """
    outside = not 5000 <= proposed <= 20000
    days = {name: on + timedelta(days=after) for name, after in _DAYS.items()}
    return (
        *_filing(days, representative),
        _investigation(days),
        _step("Proposal", "fang", "punish", proposed_fine=proposed, proposal_basis=_BASIS, band_reason=band_reason),
        *_hearing_out(days),
        SampleStep(element="LegalReview", username="xu", action="pass", opinion="程序合法，证据充分。"),
        *((_discussion(days),) if outside else ()),
        _decision(days, decided),
        *_carrying_out(days, decided),
    )


_DAYS: Mapping[str, int] = {"found": -1, "filed": 0, "noticed": 7, "stated": 28, "decided": 35, "served": 36}
"""Calendar days after the filing. From notice to statement lie five working days, whatever holidays come between."""


def _step(element: str, username: str, action: str, *materials: str, **variables: object) -> SampleStep:
    return SampleStep(
        element=element, username=username, action=action, opinion="", variables=variables, materials=materials
    )


def _filing(days: Mapping[str, date], representative: str) -> tuple[SampleStep, SampleStep]:
    party = {**PARTY, "representative_id": representative} if representative else PARTY
    clue = {
        "clue_source": "inspection",
        "found_on": days["found"].isoformat(),
        "violation": "agreement",
        "clue_summary": "日常检查发现十二份服务协议未签订。",
    }
    return (
        _step("Filing", "fang", "apply", **party, **clue),
        _step("FilingApproval", "gu", "file", filed_on=days["filed"].isoformat()),
    )


def _investigation(days: Mapping[str, date]) -> SampleStep:
    return _step(
        "Investigation",
        "fang",
        "submit",
        "inspection_record",
        "evidence_photo",
        officers=[{"name": "方毅", "certificate": "JH0001"}, {"name": "潘磊", "certificate": "JH0002"}],
        investigated_on=days["filed"].isoformat(),
        repeats=0,
        consequence="minor",
        cooperation="cooperative",
        facts=_FACTS,
    )


def _hearing_out(days: Mapping[str, date]) -> tuple[SampleStep, SampleStep]:
    told = {"noticed_on": days["noticed"].isoformat(), "notice_number": f"清民罚告〔{days['noticed'].year}〕1号"}
    return (
        _step("Notice", "pan", "submit", "notice", hearing_right_told=True, **told),
        _step("Statement", "pan", "none", statement_on=days["stated"].isoformat()),
    )


def _discussion(days: Mapping[str, date]) -> SampleStep:
    return SampleStep(
        element="CollectiveDiscussion",
        username="gu",
        action="agree",
        opinion="集体讨论同意。",
        variables={
            "discussed_on": days["decided"].isoformat(),
            "participants": "顾长青、徐静、谭平",
            "discussion_summary": "机构已经停业清退，同意低于幅度处罚。",
        },
        materials=("minutes",),
    )


def _decision(days: Mapping[str, date], decided: int) -> SampleStep:
    return SampleStep(
        element="Decision",
        username="gu",
        action="punish",
        opinion="予以处罚。不服本决定的，可以依法申请行政复议或者提起行政诉讼。",
        variables={
            "decided_fine": decided,
            "decided_on": days["decided"].isoformat(),
            "decision_number": f"清民罚决〔{days['decided'].year}〕1号",
        },
        materials=("decision_paper",),
    )


def _carrying_out(days: Mapping[str, date], decided: int) -> tuple[SampleStep, SampleStep]:
    served = days["served"].isoformat()
    return (
        _step("Service", "pan", "serve", "service_receipt", served_on=served, served_by="direct", remedies_told=True),
        _step("Execution", "pan", "paid", paid_on=served, paid_amount=decided, surcharge=0),
    )
