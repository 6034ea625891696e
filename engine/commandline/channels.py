"""channels set: which ways out of the house a unit allows for the notices of its people."""

import argparse

from engine.commandline.verbs import Parser, Verbs, add_var, group, verb, working


def add(verbs: "Verbs[Parser]") -> None:
    """Declare the verbs of this group."""
    channels = group(verbs, "channels", about="Where notices may be sent besides")
    example = "mingjing channels set LY --interface https://notices.example.gov.cn/in"
    parser = verb(channels, "set", set_rule, about="Set the rule of a unit and those below it", example=example)
    parser.add_argument("unit", metavar="CODE", help="code of the unit")
    parser.add_argument("--interface", default="", metavar="URL", help="https address or ADAPTER:DETAIL")
    parser.add_argument("--no-mail", action="store_true", help="send no mail to its people")
    add_var(parser)


def set_rule(arguments: argparse.Namespace) -> int:
    """Set what a unit lets out of the house."""
    from engine.model.personal import NoticeRule
    from engine.service import personal

    rule = NoticeRule(email=not arguments.no_mail, webhook=arguments.interface.strip())
    with working(arguments.var) as uow:
        personal.set_rule(uow, arguments.unit, rule)
    print(f"{arguments.unit}: mail {'allowed' if rule.email else 'not allowed'}, interface {rule.webhook or 'none'}")
    return 0
