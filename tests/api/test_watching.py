"""What supervisors and keepers do by page: the working calendar."""

from typing import Any


def test_a_notice_is_entered_for_a_year_that_nobody_knew(api: Any) -> None:
    """The year says that it is unknown; after the notice it is known, with who entered what; a bad day changes nothing."""
    luo, lin = api("luo"), api("lin")
    assert "data-unknown-year" in lin.get("/calendar?year=2031").text
    typed = {"source": "国办发明电〔2030〕9号", "known": "yes", "off": "2031-01-01 2031-01-23~2031-01-24", "worked": "soon"}
    refused = luo("POST", "/calendar/2031", data=typed)
    assert (refused.status_code, "soon" in refused.text) == (422, True)
    assert "data-unknown-year" in refused.text
    assert luo("POST", "/calendar/2031", data={**typed, "worked": "2031-01-25"}).status_code == 303
    text = lin.get("/calendar?year=2031").text
    assert "data-unknown-year" not in text
    assert text.count("国办发明电〔2030〕9号") >= 4
    assert all(f'datetime="2031-01-{day}"' in text for day in ("01", "25"))
    assert 'data-day="worked" data-edited' in text
