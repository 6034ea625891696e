"""How a rewrite changes the tree."""

from lxml import etree

from engine.runtime.dialect import BPMN, ZEEBE, children


def extension_box(owner: etree._Element) -> etree._Element:
    """The ``bpmn:extensionElements`` of an element, made if there are none."""
    found = children(owner, BPMN, "extensionElements")
    if found:
        return found[0]
    box = etree.Element(f"{{{BPMN}}}extensionElements")
    owner.insert(len(children(owner, BPMN, "documentation")), box)
    return box


def extend(owner: etree._Element, name: str, **attributes: str) -> etree._Element:
    """The ``zeebe:`` extension element of that name, made if there is none, with these attributes."""
    box = extension_box(owner)
    found = children(box, ZEEBE, name)
    element = found[0] if found else etree.SubElement(box, f"{{{ZEEBE}}}{name}")
    for attribute, value in attributes.items():
        element.set(attribute, value)
    return element


def map_io(owner: etree._Element, direction: str, source: str, target: str) -> None:
    """One more line of ``zeebe:ioMapping``."""
    etree.SubElement(extend(owner, "ioMapping"), f"{{{ZEEBE}}}{direction}", source=source, target=target)


def remove(element: etree._Element) -> None:
    """Take an element out; what follows it stays."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
