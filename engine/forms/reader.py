"""Reads form-js JSON into frozen values, and says everything that is wrong with it in one go."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from engine.feel import Expression
from engine.forms import office_rules
from engine.forms.components import (
    DISPLAY_TYPES,
    MULTIPLE_CHOICE,
    SINGLE_CHOICE,
    Component,
    ComponentType,
    FormField,
    FormSchema,
)
from engine.forms.settings import Findings, Settings
from engine.model.classes import DataClass

SCHEMA_VERSION = 19
_MAX_BYTES = 2_000_000
_MAX_NESTING = 8
_STRICTNESS = tuple(DataClass)
_TYPES = {one.value: one for one in ComponentType}


def strictest(classes: Sequence[DataClass]) -> DataClass:
    """The most sensitive of the classes; INTERNAL of none."""
    return max(classes, key=_STRICTNESS.index, default=DataClass.INTERNAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the reader stands: the path and segments so far in this scope, the hide conditions and class inherited."""

    path: str = ""
    segments: tuple[str, ...] = ()
    hides: tuple[Expression, ...] = ()
    data_class: DataClass = DataClass.INTERNAL
    depth: int = 0


@dataclass(slots=True)
class Reader:
    """One reading of one form; `findings` fill up as it goes."""

    findings: Findings
    fields: dict[str, FormField] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    _ids: set[str] = field(default_factory=set)

    def read(self, raw: bytes) -> FormSchema | None:
        """The form, or None when there is an error among the findings."""
        document = self._document(raw)
        if document is None:
            return None
        form_id = document.get("id")
        if not isinstance(form_id, str) or not form_id:
            self.findings.error(
                "form.id", "", "The form has no id.", "Give the form an id; user tasks name it as formId."
            )
        version = document.get("schemaVersion")
        if not isinstance(version, int) or version > SCHEMA_VERSION:
            self.findings.error(
                "form.schema_version",
                "",
                f"schemaVersion {version!r} is not known.",
                f"Save the form with a form-js editor that writes schemaVersion {SCHEMA_VERSION} or lower.",
            )
        self._ids.add(str(form_id))  # form-js keeps the form's id among those of its components
        components = self._scope(document.get("components"), _Place())
        if self.findings.errors:
            return None
        return FormSchema(
            form_id=str(form_id),
            resource=self.findings.resource,
            components=components,
            fields=MappingProxyType(self.fields),
            groups=frozenset(self.groups),
            variables=MappingProxyType(_variables(self.fields)),
            raw=_frozen_mapping(document),
        )

    def _document(self, raw: bytes) -> dict[str, object] | None:
        if len(raw) > _MAX_BYTES:
            self.findings.error("form.too_large", "", f"The form is larger than {_MAX_BYTES} bytes.", "Split it.")
            return None
        try:
            document = json.loads(raw.decode(), parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            self.findings.error("form.malformed", "", f"The form is not JSON: {error}.", "Save the form as UTF-8 JSON.")
            return None
        if not isinstance(document, dict):
            self.findings.error(
                "form.malformed", "", "The form is not a JSON object.", "Save the form with a form-js editor."
            )
            return None
        return document

    def _scope(self, components: object, place: _Place) -> tuple[Component, ...]:
        """The components of one scope, flattened; doubled or overlapping paths are findings."""
        if components is not None and not isinstance(components, list):
            self.findings.error(
                "form.malformed", place.path, "components is not a list.", "Make it a list of components."
            )
            return ()
        scope = tuple(self._walk(components or [], place))
        taken: dict[tuple[str, ...], str] = {}
        for component in scope:
            for other, other_id in taken.items():
                short = min(len(other), len(component.segments))
                if other[:short] == component.segments[:short]:
                    self.findings.error(
                        "form.key_doubled",
                        component.id,
                        f"The path {component.path} is claimed by {other_id} already.",
                        "Give every component its own key.",
                    )
            taken[component.segments] = component.id
        return scope

    def _walk(self, components: Sequence[object], place: _Place) -> Iterator[Component]:
        for raw in components:
            if not isinstance(raw, dict):
                self.findings.error("form.malformed", place.path, "A component is not an object.", "Remove it.")
                continue
            kind = str(raw.get("type"))
            self._claim_id(raw, kind)
            if kind == "group":
                yield from self._group(raw, place)
            elif kind in _TYPES:
                component = self._component(raw, _TYPES[kind], place)
                if component is not None:
                    yield component
            elif kind not in DISPLAY_TYPES:
                self.findings.error(
                    "form.type_unknown",
                    _id(raw),
                    f"The component type {kind!r} is not supported.",
                    "Files and photos travel beside the form: use supervision:material for them."
                    if kind in ("filepicker", "photo")
                    else "Use one of the form-js component types.",
                )

    def _claim_id(self, raw: Mapping[str, object], kind: str) -> None:
        component_id = _id(raw)
        if not component_id:
            self.findings.error(
                "form.id_missing",
                str(raw.get("key", "")),
                f"A {kind} component has no id.",
                "Give every component an id.",
            )
        elif component_id in self._ids:
            self.findings.error(
                "form.id_doubled", component_id, "This id is used twice.", "Give every component its own id."
            )
        self._ids.add(component_id)

    def _group(self, raw: Mapping[str, object], place: _Place) -> Iterator[Component]:
        segments = self._segments(raw, raw.get("path") or "", optional=True) or ()
        inner = self._inner(raw, place, segments)
        if segments:
            self.groups.add(inner.path)
        if inner.depth > _MAX_NESTING:
            self.findings.error(
                "form.nesting", _id(raw), "The form is nested too deep.", f"Use at most {_MAX_NESTING} levels."
            )
            return
        children = raw.get("components") or []
        if isinstance(children, list):
            yield from self._walk(children, inner)

    def _inner(self, raw: Mapping[str, object], place: _Place, segments: tuple[str, ...]) -> _Place:
        """The place inside a group, or of a component itself."""
        settings = Settings(raw, self.findings)
        return _Place(
            path=".".join(filter(None, (place.path, *segments))),
            segments=(*place.segments, *segments),
            hides=(*place.hides, *settings.hide()),
            data_class=settings.data_class(place.data_class),
            depth=place.depth + 1,
        )

    def _component(self, raw: Mapping[str, object], kind: ComponentType, place: _Place) -> Component | None:
        listing = kind is ComponentType.DYNAMICLIST
        segments = self._segments(raw, raw.get("path" if listing else "key"))
        if segments is None:
            return None
        inner = self._inner(raw, place, segments)
        if inner.depth > _MAX_NESTING:
            self.findings.error(
                "form.nesting", _id(raw), "The form is nested too deep.", f"Use at most {_MAX_NESTING} levels."
            )
            return None
        label = str(raw.get("label") or raw.get("dateLabel") or raw.get("timeLabel") or segments[-1])
        self.fields.setdefault(
            inner.path, FormField(path=inner.path, label=label, type=kind.value, data_class=inner.data_class)
        )
        settings = Settings(raw, self.findings)
        children: tuple[Component, ...] = ()
        if listing:
            rows = _Place(path=f"{inner.path}[]", data_class=inner.data_class, depth=inner.depth)
            children = self._scope(raw.get("components"), rows)
        return Component(
            id=_id(raw),
            type=kind,
            path=inner.path,
            label=label,
            segments=inner.segments,
            data_class=inner.data_class,
            hides=inner.hides,
            disabled=raw.get("disabled") is True,
            readonly=settings.setting(raw.get("readonly", False)),
            rules=settings.rules(kind),
            office=office_rules.read(raw, self.findings),
            default=_frozen(raw.get("defaultValue")),
            decimal_digits=settings.digits(),
            increment=settings.number("increment"),
            serialize_to_string=raw.get("serializeToString") is True,
            subtype=settings.subtype(kind),
            options=settings.options() if kind in SINGLE_CHOICE | MULTIPLE_CHOICE else None,
            expression=settings.expression() if kind is ComponentType.EXPRESSION else None,
            children=children,
        )

    def _segments(self, raw: Mapping[str, object], text: object, *, optional: bool = False) -> tuple[str, ...] | None:
        if optional and text == "":
            return ()
        name = "path" if raw.get("type") in ("group", "dynamiclist") else "key"
        if not isinstance(text, str) or not text.strip():
            self.findings.error(f"form.{name}_missing", _id(raw), f"The component has no {name}.", f"Give it a {name}.")
            return None
        segments = tuple(text.split("."))
        if any(
            not s.strip() or s.isdigit() or s in ("__proto__", "constructor") or set(s) & set("[]") for s in segments
        ):
            self.findings.error(
                f"form.{name}_invalid",
                _id(raw),
                f"The {name} {text!r} cannot be a path.",
                "Use names, with dots between them; no numbers alone, no brackets.",
            )
            return None
        return segments


def _id(raw: Mapping[str, object]) -> str:
    written = raw.get("id")
    return written if isinstance(written, str) else ""


def _variables(fields: Mapping[str, FormField]) -> dict[str, DataClass]:
    found: dict[str, list[DataClass]] = {}
    for path, form_field in fields.items():
        found.setdefault(path.split(".")[0].split("[")[0], []).append(form_field.data_class)
    return {name: strictest(classes) for name, classes in found.items()}


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _frozen_mapping(value: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType({key: _frozen(item) for key, item in value.items()})


def _frozen(value: object) -> object:
    if isinstance(value, dict):
        return _frozen_mapping(value)
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value
