/** Reading and writing the `supervision:` elements of an element, each change one step of undo. */

export interface Moddle {
  $type: string;
  $parent?: Moddle;
  $instanceOf?(type: string): boolean;
  get(name: string): unknown;
  set(name: string, value: unknown): void;
}

export interface Shape {
  id: string;
  type: string;
  labelTarget?: Shape;
  businessObject: Moddle & { name?: string };
}

export interface Injector {
  get<T>(name: string): T;
}

interface Step {
  element: Shape;
  moddleElement: Moddle;
  properties: Record<string, unknown>;
}

interface CommandStack {
  registerHandler(name: string, handler: unknown): void;
  execute(name: string, context: unknown): void;
}

interface BpmnFactory {
  create(type: string, properties: Record<string, unknown>): Moddle;
}

export const COMMAND = 'supervision.change';

const values = (box: Moddle | undefined, name = 'values'): Moddle[] => (box?.get(name) as Moddle[] | undefined) ?? [];

export class Supervision {
  static $inject = ['injector', 'commandStack'];

  constructor(
    private readonly injector: Injector,
    private readonly commands: CommandStack,
  ) {
    commands.registerHandler(COMMAND, Together);
  }

  /** The extension element of a type at a shape, for example `Basis`. */
  find(shape: Shape, type: string): Moddle | undefined {
    const extension = shape.businessObject.get('extensionElements') as Moddle | undefined;
    return values(extension).find((one) => one.$type === `supervision:${type}`);
  }

  /** The items of a list, for example of `Checks`. */
  items(shape: Shape, type: string): Moddle[] {
    return values(this.find(shape, type));
  }

  /** Set properties of a single extension element; it comes with the first value and goes with the last. */
  write(shape: Shape, type: string, properties: Record<string, unknown>): void {
    const found = this.find(shape, type);
    if (found && this.empties(found, properties)) return this.drop(shape, found);
    if (found) return this.run([{ element: shape, moddleElement: found, properties }]);
    this.run(this.adding(shape, this.create(type, properties)));
  }

  change(shape: Shape, item: Moddle, properties: Record<string, unknown>): void {
    this.run([{ element: shape, moddleElement: item, properties }]);
  }

  /** Append an item to a list, which comes with its first item. */
  append(shape: Shape, list: string, type: string, properties: Record<string, unknown>): void {
    const box = this.find(shape, list);
    const item = this.create(type, properties);
    if (box) {
      item.$parent = box;
      return this.run([{ element: shape, moddleElement: box, properties: { values: [...values(box), item] } }]);
    }
    const made = this.create(list, { values: [item] });
    item.$parent = made;
    this.run(this.adding(shape, made));
  }

  /** Take an item from a list, which goes with its last item. */
  remove(shape: Shape, list: string, item: Moddle): void {
    const box = this.find(shape, list);
    if (!box) return;
    const left = values(box).filter((one) => one !== item);
    if (!left.length && this.empties(box, {})) return this.drop(shape, box);
    this.run([{ element: shape, moddleElement: box, properties: { values: left } }]);
  }

  /** The parameter of a check: an attribute where there is one of that name, else a `supervision:parameter`. */
  parameter(check: Moddle, name: string): string {
    if (ATTRIBUTES.has(name)) return String(check.get(name) ?? '');
    const found = values(check, 'parameters').find((one) => one.get('name') === name);
    return String(found?.get('value') ?? '');
  }

  setParameter(shape: Shape, check: Moddle, name: string, value: string): void {
    if (ATTRIBUTES.has(name)) return this.change(shape, check, { [name]: value || undefined });
    const kept = values(check, 'parameters').filter((one) => one.get('name') !== name);
    const made = value ? [this.create('Parameter', { name, value })] : [];
    made.forEach((one) => (one.$parent = check));
    this.change(shape, check, { parameters: [...kept, ...made] });
  }

  create(type: string, properties: Record<string, unknown>): Moddle {
    return this.injector.get<BpmnFactory>('bpmnFactory').create(`supervision:${type}`, properties);
  }

  private empties(found: Moddle, properties: Record<string, unknown>): boolean {
    const after = (name: string): unknown => (name in properties ? properties[name] : found.get(name));
    return !values(found).length && ATTRIBUTES_OF_SINGLES.every((name) => !after(name));
  }

  private adding(shape: Shape, made: Moddle): Step[] {
    const owner = shape.businessObject;
    const extension = owner.get('extensionElements') as Moddle | undefined;
    if (extension) {
      made.$parent = extension;
      return [{ element: shape, moddleElement: extension, properties: { values: [...values(extension), made] } }];
    }
    const fresh = this.injector.get<BpmnFactory>('bpmnFactory').create('bpmn:ExtensionElements', { values: [made] });
    fresh.$parent = owner;
    made.$parent = fresh;
    return [{ element: shape, moddleElement: owner, properties: { extensionElements: fresh } }];
  }

  private drop(shape: Shape, found: Moddle): void {
    const extension = shape.businessObject.get('extensionElements') as Moddle;
    this.run([{ element: shape, moddleElement: extension, properties: { values: values(extension).filter((one) => one !== found) } }]);
  }

  private run(steps: Step[]): void {
    this.commands.execute(COMMAND, steps);
  }
}

const ATTRIBUTES_OF_SINGLES = [
  'law', 'post', 'legal', 'promised', 'unit', 'warn', 'warnUnit', 'from', 'actions', 'subject', 'numberPrefix', 'days', 'kind', 'reason', 'resultVariable',
  'countersign', 'share', 'weight', 'disagreement', 'everybody', 'returnTo', 'resume', 'selfApproval', 'fallback',
];  // prettier-ignore

const ATTRIBUTES = new Set(['value', 'operator', 'limit', 'unit']);

/** Several changes as one step of undo. */
class Together {
  static $inject = ['commandStack'];

  constructor(private readonly commands: CommandStack) {}

  preExecute(steps: Step[]): void {
    for (const step of steps) this.commands.execute('element.updateModdleProperties', step);
  }

  execute(): Shape[] {
    return [];
  }

  revert(): Shape[] {
    return [];
  }
}
