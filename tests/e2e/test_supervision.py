"""Three screens side by side: the clerk is prompted, the unit gets a work item, the discipline body a silent report."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from engine.service import demonstration_supervision
from engine.service.demonstration_city import build_city
from engine.service.demonstration_residents import Household
from tests import samples
from tests.e2e.desk import Desk
from tests.e2e.test_story import KINDS, RELATIONS

CITY = build_city()
CARS = demonstration_supervision.two_cars(CITY)
COUSIN = demonstration_supervision.cousin(CITY)


def receive(desk: Desk, home: Household) -> str:
    """Fill in a household's application and register it; returns the case number."""
    number = desk.start()
    applicant = home.members[0]
    for label, text in (
        ("申请人姓名", applicant.name),
        ("公民身份号码", applicant.id_number),
        ("联系电话", home.phone),
        ("家庭住址", home.address),
    ):
        desk.fill(label, text)
    desk.choose("户籍类别", KINDS[home.household_type])
    for row, member in enumerate(home.members):
        if row:
            desk.page.get_by_role("button", name=re.compile("新增")).click()
        desk.fill("姓名", member.name, row)
        desk.choose("与申请人关系", RELATIONS[member.relation], row)
        desk.fill("公民身份号码", member.id_number, row + 1)
        desk.fill("申报月收入", str(member.monthly_income), row)
    desk.check("全体成员已签署家庭经济状况核对授权书")
    foreseen = desk.page.locator(".foreseen-item")
    expect(foreseen).to_have_text(
        [re.compile("机动车有 2 辆，超过 1 辆.*须写明理由", re.DOTALL)] if home is CARS else []
    )
    if home is CARS:
        desk.shoot("supervision-foreseen")
    desk.upload("申请书", "申请书.pdf", samples.application())
    desk.upload("核对授权书", "核对授权书.pdf", samples.authorisation())
    desk.complete(opinion="材料收讫。")
    return number


def test_a_second_car_prompts_the_clerk_and_insisting_tells_the_unit(desk: Callable[..., Desk]) -> None:
    """The step is stopped until it is mended or a reason is given; then the supervisor has it, handles it, and another
    reviews it."""
    lin = desk("lin")
    number = receive(lin, CARS)
    problem = lin.page.locator("#problem")
    expect(problem).to_contain_text("登记在家庭成员名下的机动车有 2 辆，超过 1 辆")
    lin.shoot("supervision-clerk")
    problem.get_by_role("textbox").fill("一辆为已报废车辆，注销手续办理中。")
    lin.complete()
    lin.done()

    yan = desk("yan")
    expect(yan.page.get_by_role("heading", name="监督预警")).to_be_visible()
    yan.shoot("alerts")
    yan.page.locator("tr, li").filter(has_text=number).get_by_role("link", name="家庭机动车数量").click()
    yan.page.wait_for_url(re.compile(r"/alerts/\d+"))
    expect(yan.page.locator(".main")).to_contain_text("一辆为已报废车辆，注销手续办理中。")
    address = yan.page.url.removeprefix(yan.url)
    yan.page.get_by_role("button", name="签收").click()
    yan.page.locator(".outcome-choice", has_text="不属实").click()
    yan.page.locator("#opinion").fill("车管所证明其中一辆已报废。")
    yan.shoot("alert")
    yan.page.get_by_role("button", name="核查").click()
    yan.page.locator("#opinion").fill("已向社区反馈。")
    yan.page.get_by_role("button", name="反馈").click()
    expect(yan.page.locator(".main")).to_contain_text("须由他人复核")

    ren = desk("ren")
    ren.open(address)
    ren.page.locator("#opinion").fill("证明材料齐全。")
    ren.page.get_by_role("button", name="复核通过").click()
    ren.page.get_by_role("button", name="销号").click()
    expect(ren.page.locator(".facts")).to_contain_text("已销号")


def test_an_undeclared_relative_shows_only_at_the_discipline_desk(desk: Callable[..., Desk]) -> None:
    """Clerk and unit see an ordinary case; the discipline body has the evidence, the body above it nothing."""
    lin, yan, ji = desk("lin"), desk("yan"), desk("ji")
    number = receive(lin, COUSIN)
    lin.done()
    expect(lin.page.get_by_role("status").first).not_to_contain_text("风险")
    yan.open("/alerts?state=all")
    expect(yan.page.get_by_text(number)).to_have_count(0)
    ji.open("/discipline")
    found = ji.page.locator("tr, li").filter(has_text=number)
    expect(found).to_contain_text("有亲属关系（表兄弟姐妹），未申报")
    ji.shoot("discipline")
    found.get_by_role("link").first.click()
    expect(ji.page.locator(".main")).to_contain_text("陶建军")
    ji.shoot("discipline-report")
    for address in ("/discipline", ji.page.url.removeprefix(ji.url)):
        answer = yan.page.goto(yan.url + address)
        assert answer is not None
        assert answer.status == 403
    shang = desk("shang")
    expect(shang.page.get_by_text(number)).to_have_count(0)


def test_a_figure_of_the_dashboard_opens_the_list_that_it_counts(desk: Callable[..., Desk]) -> None:
    """From the table and from the chart, which is drawn by an island of its own; the list says the same number."""
    ren = desk("ren")
    ren.page.get_by_role("link", name="监督看板").click()
    units = ren.page.get_by_role("region", name="未销号预警（按单位）")
    expect(units.locator(".chart-box svg")).to_be_visible()
    ren.shoot("supervision")
    figure = units.get_by_role("row", name=re.compile("清河区民政局")).get_by_role("link").first
    count = figure.get_attribute("data-count") or ""
    figure.click()
    expect(ren.page.locator("[data-total]")).to_have_text(count)
    expect(ren.page.get_by_role("link", name=re.compile("仅看：.*清河区民政局"))).to_be_visible()
    ren.page.go_back()
    expect(units.locator(".chart-box svg")).to_be_visible()
    medium = units.locator(".chart-box svg path[fill='#e0a100']")
    widths = medium.evaluate_all("bars => bars.map((bar) => bar.getBoundingClientRect().width)")
    medium.nth(widths.index(max(widths))).click()
    expect(ren.page).to_have_url(re.compile(r"/alerts\?.*level=medium"))
    expect(ren.page.locator("[data-total]")).not_to_have_text("0")
