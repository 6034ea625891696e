/** A flag with the number of checks on every supervised node, in the colour of the highest level. */
import { text, type TextId } from '../../shared/texts';
import type { Supervision, Shape } from './model';

interface Overlays {
  add(element: Shape, type: string, overlay: object): void;
  remove(filter: object): void;
}

interface Registry {
  get(id: string): Shape | undefined;
  forEach(visit: (element: Shape) => void): void;
}

interface EventBus {
  on(event: string, react: (event: { elements: Shape[] }) => void): void;
}

const LEVELS = ['low', 'medium', 'high', 'critical'];

export class SupervisionBadges {
  static $inject = ['eventBus', 'overlays', 'elementRegistry', 'supervision'];

  constructor(
    events: EventBus,
    private readonly overlays: Overlays,
    private readonly registry: Registry,
    private readonly supervision: Supervision,
  ) {
    events.on('import.done', () => this.registry.forEach((shape) => this.draw(shape)));
    events.on('elements.changed', ({ elements }) => elements.filter((shape) => this.registry.get(shape.id)).forEach((shape) => this.draw(shape)));
  }

  private draw(shape: Shape): void {
    if (shape.labelTarget || shape.type === 'label') return;
    this.overlays.remove({ element: shape, type: 'supervision' });
    const checks = this.supervision.items(shape, 'Checks');
    if (!checks.length) return;
    const level = LEVELS[Math.max(...checks.map((check) => LEVELS.indexOf(String(check.get('level')))), 0)] ?? 'low';
    const badge = document.createElement('span');
    badge.className = `mj-badge mj-badge-${level}`;
    badge.textContent = text('sv.badge', { count: checks.length });
    badge.title = text(`risk.${level}` as TextId);
    this.overlays.add(shape, 'supervision', { position: { top: -12, left: -8 }, html: badge, scale: { min: 0.7, max: 1.1 } });
  }
}
