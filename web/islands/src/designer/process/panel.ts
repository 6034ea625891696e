/** The supervision groups of the properties panel: what the engine reads at a node, nothing else. */
import {
  CheckboxEntry,
  Group,
  ListGroup,
  SelectEntry,
  TextAreaEntry,
  TextFieldEntry,
  isCheckboxEntryEdited,
  isSelectEntryEdited,
  isTextAreaEntryEdited,
  isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { text, type TextId } from '../../shared/texts';
import { Supervision, type Injector, type Moddle, type Shape } from './model';

export interface CatalogueCheck {
  code: string;
  name: string;
  level: string;
  parameters: { name: string; label: string; meaning: string; required: boolean; choices: string[]; default: string }[];
}

interface Entry {
  id: string;
  component: unknown;
  isEdited?: unknown;
  [property: string]: unknown;
}

interface PanelGroup {
  id: string;
  label: string;
  [property: string]: unknown;
}

const LEVELS = ['low', 'medium', 'high', 'critical'];
const ACTIONS = ['prompt_clerk', 'alert_unit', 'report_discipline'];
const PHASES = ['entry', 'submit', 'after', 'timer'];
const UNITS = ['workingDays', 'calendarDays', 'hours'];
const ACCESS = ['write', 'read', 'hidden', 'masked'];
const MATERIALS = ['attachment', 'photo'];
const VERBS = ['send-back', 'withdraw', 'transfer', 'delegate', 'add-sign', 'remove-sign', 'urge', 'cc'];
const VOTES = ['all', 'ratio', 'weighted', 'any'];
const STOPS = ['correction', 'hearing', 'review', 'inspection', 'publicity', 'other'];

type Get = () => string;
type Set = (value: string | undefined) => void;

export class SupervisionPanel {
  static $inject = ['propertiesPanel', 'injector', 'supervision', 'config.checks'];

  constructor(
    panel: { registerProvider(priority: number, provider: unknown): void },
    private readonly injector: Injector,
    private readonly supervision: Supervision,
    private readonly checks: CatalogueCheck[],
  ) {
    panel.registerProvider(400, this);
  }

  getGroups(shape: Shape): (groups: PanelGroup[]) => PanelGroup[] {
    return (groups) => [...groups, ...this.groupsOf(shape)];
  }

  private groupsOf(shape: Shape): PanelGroup[] {
    const is = (type: string): boolean => shape.businessObject.$instanceOf?.(`bpmn:${type}`) ?? false;
    if (shape.labelTarget) return [];
    if (is('Process')) return [this.caseGroup(shape), this.timeLimit(shape)];
    if (!is('FlowNode')) return [];
    const task = is('UserTask');
    const node = [this.basis(shape), this.list(shape, 'Checks', 'Check', () => this.newCheck(shape), (item, id) => this.check(shape, item, id))];
    if (!task) return node;
    return [
      ...node,
      this.timeLimit(shape),
      this.pause(shape),
      this.approval(shape),
      this.list(shape, 'Outcomes', 'Outcome', () => ({ code: this.free(shape, 'Outcomes', 'code', 'outcome'), name: text('sv.new') }), (item, id) => this.outcome(shape, item, id)),
      this.list(shape, 'Materials', 'Material', () => ({ code: this.free(shape, 'Materials', 'code', 'material'), name: text('sv.new'), kind: 'attachment', minimum: '1' }), (item, id) => this.material(shape, item, id)),
      this.list(shape, 'Fields', 'Field', () => ({ path: '', access: 'read' }), (item, id) => this.field(shape, item, id)),
    ];
  }

  private caseGroup(shape: Shape): PanelGroup {
    return this.group(shape, 'Case', [
      this.single(shape, 'Case', 'subject', 'text'),
      this.single(shape, 'Case', 'numberPrefix', 'text'),
    ]);
  }

  private basis(shape: Shape): PanelGroup {
    return this.group(shape, 'Basis', [this.single(shape, 'Basis', 'law', 'area'), this.single(shape, 'Basis', 'post', 'area')]);
  }

  private timeLimit(shape: Shape): PanelGroup {
    return this.group(shape, 'TimeLimit', [
      this.single(shape, 'TimeLimit', 'legal', 'text'),
      this.single(shape, 'TimeLimit', 'promised', 'text'),
      this.single(shape, 'TimeLimit', 'unit', UNITS),
      this.single(shape, 'TimeLimit', 'warn', 'text'),
      this.single(shape, 'TimeLimit', 'warnUnit', ['percent', 'workingDays']),
    ]);
  }

  private pause(shape: Shape): PanelGroup {
    return this.group(shape, 'Pause', [this.single(shape, 'Pause', 'kind', STOPS), this.single(shape, 'Pause', 'reason', 'text')]);
  }

  private approval(shape: Shape): PanelGroup {
    return this.group(shape, 'Approval', [
      ...VERBS.map((verb) => this.verb(shape, verb)),
      this.single(shape, 'Approval', 'countersign', VOTES),
      this.single(shape, 'Approval', 'share', 'text'),
      this.single(shape, 'Approval', 'weight', 'text'),
      this.single(shape, 'Approval', 'disagreement', ['veto', 'count']),
      this.single(shape, 'Approval', 'returnTo', 'text'),
      this.single(shape, 'Approval', 'resume', ['continue', 'direct', 'either']),
      this.single(shape, 'Approval', 'selfApproval', ['allow', 'refuse']),
      this.single(shape, 'Approval', 'fallback', 'text'),
    ]);
  }

  private verb(shape: Shape, code: string): Entry {
    const drawn = (): Moddle | undefined => this.supervision.items(shape, 'Approval').find((one) => one.get('code') === code);
    return this.checkbox(shape, `sv-Approval-${code}`, `sv.${code}`, () => drawn() !== undefined, (on) => {
      const found = drawn();
      if (on && !found) this.supervision.append(shape, 'Approval', 'Verb', { code });
      if (!on && found) this.supervision.remove(shape, 'Approval', found);
    });
  }

  private group(shape: Shape, type: string, entries: Entry[]): PanelGroup {
    return { id: `sv-${type}`, label: text(`sv.${type}` as TextId), component: Group, entries, element: shape };
  }

  private single(shape: Shape, type: string, name: string, kind: 'text' | 'area' | string[]): Entry {
    const get: Get = () => String(this.supervision.find(shape, type)?.get(name) ?? '');
    const set: Set = (value) => this.supervision.write(shape, type, { [name]: value || undefined });
    return this.entry(shape, `sv-${type}-${name}`, `sv.${name}`, kind, get, set);
  }

  private list(shape: Shape, box: string, type: string, fresh: () => Record<string, unknown>, entries: (item: Moddle, id: string) => Entry[]): PanelGroup {
    const items = this.supervision.items(shape, box).map((item, index) => {
      const id = `${shape.id}-sv-${box}-${index}`;
      const remove = (event: Event): void => {
        event.stopPropagation();
        this.supervision.remove(shape, box, item);
      };
      return { id, label: String(item.get('name') || item.get('path') || item.get('code') || '…'), entries: entries(item, id), remove };
    });
    const add = (event: Event): void => {
      event.stopPropagation();
      this.supervision.append(shape, box, type, fresh());
    };
    return { id: `sv-${box}`, label: text(`sv.${box}` as TextId), component: ListGroup, items, add, element: shape };
  }

  private outcome(shape: Shape, item: Moddle, id: string): Entry[] {
    return [
      this.of(shape, item, id, 'name', 'text'),
      this.of(shape, item, id, 'code', 'text'),
      this.flag(shape, item, id, 'opinionRequired'),
      this.flag(shape, item, id, 'negative'),
      this.flag(shape, item, id, 'returns'),
    ];
  }

  private material(shape: Shape, item: Moddle, id: string): Entry[] {
    return [
      this.of(shape, item, id, 'name', 'text'),
      this.of(shape, item, id, 'code', 'text'),
      this.of(shape, item, id, 'kind', MATERIALS),
      this.of(shape, item, id, 'minimum', 'text'),
      this.of(shape, item, id, 'outcomes', 'text'),
    ];
  }

  private field(shape: Shape, item: Moddle, id: string): Entry[] {
    return [this.of(shape, item, id, 'path', 'text'), this.of(shape, item, id, 'access', ACCESS)];
  }

  private newCheck(shape: Shape): Record<string, unknown> {
    const first = this.checks[0];
    const id = this.free(shape, 'Checks', 'id', `${shape.id}_check`);
    return { id, code: first?.code, name: first?.name, level: first?.level, actions: 'prompt_clerk', phase: 'submit', blocking: false };
  }

  private check(shape: Shape, item: Moddle, id: string): Entry[] {
    const chosen = this.checks.find((one) => one.code === item.get('code'));
    const codes = this.checks.map((one) => ({ value: one.code, label: `${one.code} ${one.name}` }));
    const code = this.select(shape, `${id}-code`, text('sv.check'), codes, () => String(item.get('code') ?? ''), (value) => this.supervision.change(shape, item, { code: value }));
    return [
      code,
      this.of(shape, item, id, 'name', 'text'),
      ...(chosen?.parameters ?? []).map((one) => this.parameter(shape, item, id, one)),
      this.of(shape, item, id, 'level', LEVELS),
      this.of(shape, item, id, 'phase', PHASES),
      ...ACTIONS.map((action) => this.action(shape, item, id, action)),
      this.flag(shape, item, id, 'blocking'),
      this.of(shape, item, id, 'allowWithReason', 'text'),
      this.of(shape, item, id, 'loophole', 'area'),
      this.of(shape, item, id, 'id', 'text'),
    ];
  }

  private parameter(shape: Shape, item: Moddle, id: string, one: CatalogueCheck['parameters'][number]): Entry {
    const get: Get = () => this.supervision.parameter(item, one.name);
    const set: Set = (value) => this.supervision.setParameter(shape, item, one.name, value ?? '');
    const label = `${one.label}${one.required ? ' *' : ''}`;
    if (one.choices.length) {
      const options = [{ value: '', label: one.default || '—' }, ...one.choices.map((value) => ({ value, label: value }))];
      return this.select(shape, `${id}-p-${one.name}`, label, options, get, set);
    }
    return this.text(shape, `${id}-p-${one.name}`, label, get, set, one.default ? `${one.name} = ${one.default}` : one.name);
  }

  private action(shape: Shape, item: Moddle, id: string, action: string): Entry {
    const drawn = (): string[] => String(item.get('actions') ?? '').split(/\s+/).filter(Boolean);
    return this.checkbox(shape, `${id}-${action}`, `sv.${action}`, () => drawn().includes(action), (on) => {
      const kept = new Set(drawn());
      if (on) kept.add(action);
      else kept.delete(action);
      this.supervision.change(shape, item, { actions: ACTIONS.filter((one) => kept.has(one)).join(' ') });
    });
  }

  private of(shape: Shape, item: Moddle, id: string, name: string, kind: 'text' | 'area' | string[]): Entry {
    const get: Get = () => String(item.get(name) ?? '');
    const set: Set = (value) => this.supervision.change(shape, item, { [name]: value || undefined });
    return this.entry(shape, `${id}-${name}`, `sv.${name}`, kind, get, set);
  }

  private flag(shape: Shape, item: Moddle, id: string, name: string): Entry {
    return this.checkbox(shape, `${id}-${name}`, `sv.${name}`, () => item.get(name) === true, (on) => this.supervision.change(shape, item, { [name]: on }));
  }

  private entry(shape: Shape, id: string, label: string, kind: 'text' | 'area' | string[], get: Get, set: Set): Entry {
    const words = text(label as TextId);
    if (kind === 'text') return this.text(shape, id, words, get, set);
    if (kind === 'area') return { ...this.text(shape, id, words, get, set), component: TextAreaEntry, isEdited: isTextAreaEntryEdited, rows: 2 };
    const options = kind.map((value) => ({ value, label: text(`sv.${value}` as TextId) }));
    return this.select(shape, id, words, [{ value: '', label: '—' }, ...options], get, set);
  }

  private text(shape: Shape, id: string, label: string, getValue: Get, setValue: Set, description = ''): Entry {
    const debounce = this.injector.get('debounceInput');
    return { id, element: shape, component: TextFieldEntry, isEdited: isTextFieldEntryEdited, label, getValue, setValue, debounce, description };
  }

  private select(shape: Shape, id: string, label: string, options: { value: string; label: string }[], getValue: Get, setValue: Set): Entry {
    return { id, element: shape, component: SelectEntry, isEdited: isSelectEntryEdited, label, getOptions: () => options, getValue, setValue };
  }

  private checkbox(shape: Shape, id: string, label: string, getValue: () => boolean, setValue: (on: boolean) => void): Entry {
    return { id, element: shape, component: CheckboxEntry, isEdited: isCheckboxEntryEdited, label: text(label as TextId), getValue, setValue };
  }

  private free(shape: Shape, list: string, name: string, stem: string): string {
    const taken = new Set(this.supervision.items(shape, list).map((item) => item.get(name)));
    let number = 1;
    while (taken.has(`${stem}${number}`)) number += 1;
    return `${stem}${number}`;
  }
}
