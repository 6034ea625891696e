"""The main job in a browser: a 低保 case from the clerk's form to the sealed trace, node by node."""

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import expect

from engine.service.demonstration_city import sample_cases
from tests import samples
from tests.e2e.desk import Desk

SAMPLE = sample_cases()[2]
ANSWERS: Mapping[str, object] = SAMPLE.steps[0].variables
RELATIONS = {"self": "本人", "spouse": "配偶", "child": "子女", "parent": "父母"}
KINDS = {"urban": "城镇", "rural": "农村"}


def receive(desk: Desk, *, phone: bool) -> str:
    """Fill in the receipt by hand and register it; returns the case number."""
    number = desk.start()
    desk.fill("申请人姓名", str(ANSWERS["applicant_name"]))
    desk.fill("公民身份号码", str(ANSWERS["id_number"]))
    if phone:
        desk.fill("联系电话", str(ANSWERS["phone"]))
    desk.choose("户籍类别", KINDS[str(ANSWERS["household_type"])])
    desk.fill("家庭住址", str(ANSWERS["address"]))
    members = ANSWERS["members"]
    assert isinstance(members, list | tuple)
    for row, member in enumerate(members):
        if row:
            desk.page.get_by_role("button", name=re.compile("新增")).click()
        desk.fill("姓名", member["name"], row)
        desk.choose("与申请人关系", RELATIONS[member["relation"]], row)
        desk.fill("公民身份号码", member["id_number"], row + 1)
        desk.fill("申报月收入", str(member["monthly_income"]), row)
    desk.check("全体成员已签署家庭经济状况核对授权书")
    desk.upload("申请书", "申请书.pdf", samples.application())
    desk.upload("核对授权书", "核对授权书.pdf", samples.authorisation())
    desk.shoot("task-receipt")
    desk.complete(opinion="材料收讫。")
    desk.done()
    return number


def test_a_case_goes_from_the_clerks_form_to_the_sealed_trace(desk: Callable[..., Desk]) -> None:
    """Every post does its part by hand; the inspector sees it all and shows that nothing was altered."""
    lin = desk("lin")
    lin.shoot("workbench")
    number = receive(lin, phone=False)

    zhao = desk("zhao").task(number, "受理审查")
    zhao.fill("一次性告知补正清单", "请补充联系电话。")
    zhao.complete("一次性告知补正")
    expect(zhao.page.locator("#opinion:invalid, .opinion .field-error").first).to_be_attached()
    zhao.shoot("task-acceptance")
    zhao.complete("一次性告知补正", "缺联系电话，请一次补齐。")
    zhao.done()

    lin.task(number, "补正材料")
    lin.fill("联系电话", str(ANSWERS["phone"]))
    lin.complete(opinion="已补齐。")
    lin.done()

    zhao.task(number, "受理审查")
    for label in ("户籍或居住地属于本街道（乡镇）受理范围", "已核验申请人及家庭成员身份", "申请材料齐备"):
        zhao.check(label)
    zhao.complete("受理", "材料齐全，予以受理。")
    zhao.done()

    sun = desk("sun", width=390, height=844).task(number, "入户调查")
    visit(sun)

    chen = desk("chen").task(number, "信息核对")
    compare(chen)

    wu = desk("wu").task(number, "集体研究")
    expect(wu.page.get_by_text(re.compile("家庭车辆价值 .*超过限额")).first).to_be_visible()
    wu.shoot("task-collective-review")
    wu.choose("保障类别", "一般保障户")
    wu.upload("集体研究会议记录", "会议记录.pdf", samples.minutes())
    wu.complete("建议不予确认", "经集体研究，车辆价值超过限额，建议不予确认。")
    wu.done()

    he = desk("he").task(number, "审核确认")
    he.complete("不予确认", "家庭机动车价值超过本市低保家庭财产限额。")
    he.done()

    inspect(desk("gao"), number)


def visit(sun: Desk) -> None:
    """A household visit on a phone, with a site photo."""
    answers = next(step.variables for step in SAMPLE.steps if step.element == "HouseholdVisit")
    sun.page.locator(".fjs-form-field-datetime input").first.fill(str(answers["visited_at"]).replace("-", "/"))
    sun.page.locator(".fjs-form-field-datetime input").first.press("Tab")
    sun.fill("调查人员", str(answers["visitors"]))
    sun.fill("居住和生活状况", str(answers["living_conditions"]))
    sun.page.locator(".fjs-form-field-radio label", has_text="一致").first.click()
    sun.upload("入户现场照片", "现场照片.jpg", samples.site_photo("story"), "image/jpeg")
    sun.shoot("task-visit")
    sun.complete(opinion="已入户调查。")
    sun.done()


def compare(chen: Desk) -> None:
    """The district's data comparison, with an expensive car."""
    answers = next(step.variables for step in SAMPLE.steps if step.element == "DataCheck")
    for label, name in (
        ("核实家庭月收入", "verified_monthly_income"),
        ("金融资产合计", "savings"),
        ("机动车价值合计", "vehicle_value"),
        ("住房套数", "houses"),
        ("数据来源", "data_source"),
    ):
        chen.fill(label, str(answers[name]))
    chen.shoot("task-comparison")
    chen.complete(opinion="已核对。")
    chen.done()


def inspect(gao: Desk, number: str) -> None:
    """The inspector finds the case, reads every completion, and verifies the chain."""
    gao.open("/cases")
    gao.shoot("cases")
    gao.page.get_by_role("link", name=number).first.click()
    gao.page.wait_for_url(re.compile(r"/cases/\d+"))
    expect(gao.page.locator(".djs-container").first).to_be_visible()
    items = gao.page.locator(".trace-item")
    expect(gao.page.locator('.trace-item[data-kind^="user_task.completed"]')).to_have_count(8)
    for who, unit, post, what in (
        ("林晓燕", "柳荫社区", "社区经办人", "材料收讫。"),
        ("赵明", "柳荫街道", "街道受理人", "缺联系电话，请一次补齐。"),
        ("孙丽", "柳荫街道", "街道调查员", "已入户调查。"),
        ("陈洁", "清河区民政局", "区核对中心核对员", "已核对。"),
        ("吴志强", "柳荫街道", "街道分管负责人", "建议不予确认"),
        ("何伟", "清河区民政局", "区民政局审批人", "超过本市低保家庭财产限额"),
    ):
        item = items.filter(has_text=what).first
        for text in (who, unit, post):
            expect(item).to_contain_text(text)
    expect(items.filter(has_text="申请书.pdf")).to_have_count(1)
    expect(items.filter(has=gao.page.locator("img"))).to_have_count(1)
    expect(items.filter(has_text=re.compile("家庭车辆价值 .*超过限额"))).to_have_count(1)
    gao.page.get_by_role("button", name="校验").click()
    expect(gao.page.locator('.seal[data-ok="true"]')).to_be_visible()
    gao.shoot("case-inspector")
