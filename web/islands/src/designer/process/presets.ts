/** Ready-made supervision in the menu that creates and appends elements: plain BPMN, born with what the engine reads. */
import { text, type TextId } from '../../shared/texts';
import type { Injector, Moddle, Shape } from './model';

interface Preset {
  id: string;
  type: 'bpmn:ExclusiveGateway' | 'bpmn:UserTask';
  checks: Record<string, unknown>[];
  materials?: Record<string, unknown>[];
}

const check = (id: string, code: string, name: TextId, more: Record<string, unknown>): Record<string, unknown> => ({
  id,
  code,
  name: text(name),
  blocking: false,
  ...more,
});

const PRESETS = (): Preset[] => [
  {
    id: 'threshold',
    type: 'bpmn:ExclusiveGateway',
    checks: [check('threshold', 'THR-01', 'preset.threshold', { level: 'medium', phase: 'entry', actions: 'prompt_clerk alert_unit', value: '=amount', operator: '<=', limit: '=limit' })],
  },
  {
    id: 'separation',
    type: 'bpmn:UserTask',
    checks: [check('separation', 'SEP-01', 'preset.separation', { level: 'high', phase: 'submit', actions: 'prompt_clerk alert_unit', blocking: true })],
  },
  {
    id: 'site',
    type: 'bpmn:UserTask',
    checks: [],
    materials: [{ code: 'site_photo', name: text('preset.photo'), kind: 'photo', minimum: '2' }],
  },
];

interface PopupMenu {
  registerProvider(id: string, priority: number, provider: object): void;
}

interface Services {
  elementFactory: { createShape(what: object): Shape };
  bpmnFactory: { create(type: string, properties: object): Moddle };
  autoPlace: { append(source: Shape, shape: Shape): void };
  create: { start(event: Event | null, shape: Shape, context?: object): void };
  mouse: { getLastMoveEvent(): Event | null };
}

export class SupervisionPresets {
  static $inject = ['popupMenu', 'injector'];

  constructor(
    menu: PopupMenu,
    private readonly injector: Injector,
  ) {
    const provide = (source: Shape | null) => (entries: object) => ({ ...this.entries(source), ...entries });
    menu.registerProvider('bpmn-create', 600, { getPopupMenuEntries: () => provide(null) });
    menu.registerProvider('bpmn-append', 600, { getPopupMenuEntries: (source: Shape) => provide(source) });
  }

  private service<Name extends keyof Services>(name: Name): Services[Name] {
    return this.injector.get<Services[Name]>(name);
  }

  private entries(source: Shape | null): Record<string, object> {
    const made = PRESETS().map((preset) => {
      const click = (event: Event): void => {
        const shape = this.shape(preset);
        if (source) this.service('autoPlace').append(source, shape);
        else this.service('create').start(this.service('mouse').getLastMoveEvent() ?? event, shape);
      };
      const dragstart = (event: Event): void => this.service('create').start(event, this.shape(preset), source ? { source } : undefined);
      const icon = preset.type === 'bpmn:UserTask' ? 'bpmn-icon-user-task' : 'bpmn-icon-gateway-xor';
      const label = text(`preset.${preset.id}` as TextId);
      return [`supervision-${preset.id}`, { label, className: icon, group: { id: 'supervision', name: text('preset.group') }, action: { click, dragstart } }] as const;
    });
    return Object.fromEntries(made);
  }

  private shape(preset: Preset): Shape {
    const create = (type: string, properties: object): Moddle => this.service('bpmnFactory').create(type, properties);
    const list = (box: string, type: string, items: Record<string, unknown>[] | undefined): Moddle[] =>
      items?.length ? [own(create(`supervision:${box}`, { values: items.map((item) => create(`supervision:${type}`, item)) }), 'values')] : [];
    const extension = own(
      create('bpmn:ExtensionElements', { values: [...list('Checks', 'Check', preset.checks), ...list('Materials', 'Material', preset.materials)] }),
      'values',
    );
    const businessObject = own(create(preset.type, { name: text(`preset.${preset.id}.name` as TextId), extensionElements: extension }), 'extensionElements');
    return this.service('elementFactory').createShape({ type: preset.type, businessObject });
  }
}

/** Tell children who their parent is; moddle does so only for what it reads from a file. */
function own(parent: Moddle, name: string): Moddle {
  const inside = parent.get(name) as Moddle | Moddle[];
  for (const child of Array.isArray(inside) ? inside : [inside]) child.$parent = parent;
  return parent;
}
