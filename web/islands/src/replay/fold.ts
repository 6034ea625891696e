/** Pure: recorded entries → the state after any of them. Nothing is run and nothing guessed; see engine/trace/replay.py. */
import { emptyGraph, type Graph } from './graph';

/** Kind (a activated, c completed, x terminated, ! failed, f flow taken), element or flow, instance, type, process. */
export type Moved = [string, string, string, string, string];

export interface Token {
  place: string;
  colour: number;
  failed: boolean;
}

/** A token that waits before a join. */
export interface Parked {
  flow: string;
  colour: number;
}

export interface State {
  seq: number;
  tokens: Map<string, Token>;
  visits: Map<string, number>;
  flows: Map<string, number>;
  cancelled: Map<string, number>;
  parked: Map<string, Parked[]>;
  /** Last colour that was seen at a place, for what follows without a flow: boundary events, inner starts. */
  colours: Map<string, number>;
  next: number;
}

/** A token on its way over a flow. Legs of one depth move at the same time. */
export interface Leg {
  flow: string;
  colour: number;
  depth: number;
}

export const placeOf = (process: string, element: string): string => `${process}/${element}`;

export function emptyState(): State {
  return { seq: 0, tokens: new Map(), visits: new Map(), flows: new Map(), cancelled: new Map(), parked: new Map(), colours: new Map(), next: 1 };
}

export function copyState(state: State): State {
  return {
    seq: state.seq,
    tokens: new Map(state.tokens),
    visits: new Map(state.visits),
    flows: new Map(state.flows),
    cancelled: new Map(state.cancelled),
    parked: new Map([...state.parked].map(([place, waiting]) => [place, [...waiting]])),
    colours: new Map(state.colours),
    next: state.next,
  };
}

const add = (counts: Map<string, number>, place: string): void => void counts.set(place, (counts.get(place) ?? 0) + 1);

/** Folds one entry into the state, and tells which tokens moved over which flows. */
export class Step {
  readonly legs: Leg[] = [];
  private readonly left = new Map<string, number>();
  private readonly colour = new Map<string, number>();
  private readonly depth = new Map<string, number>();
  private readonly arrival = new Map<string, number>();

  constructor(
    private readonly state: State,
    private readonly graphs: Map<string, Graph>,
  ) {}

  take([kind, element, instance, type, process]: Moved): void {
    const place = placeOf(process, element);
    if (kind === 'a') this.activate(place, element, instance, type, process);
    else if (kind === 'f') this.flow(place, element, instance, process);
    else if (kind === '!') this.state.tokens.set(instance, { place, colour: this.state.tokens.get(instance)?.colour ?? 0, failed: true });
    else this.end(kind, place, instance);
  }

  private activate(place: string, element: string, instance: string, type: string, process: string): void {
    const colour = this.arrived(place, type) ?? this.inherited(place, element, process);
    this.state.tokens.set(instance, { place, colour, failed: false });
    this.state.colours.set(place, colour);
    this.colour.set(instance, colour);
    this.depth.set(instance, this.arrival.get(place) ?? 0);
  }

  private end(kind: string, place: string, instance: string): void {
    const token = this.state.tokens.get(instance);
    if (token) this.colour.set(instance, token.colour);
    this.state.tokens.delete(instance);
    add(kind === 'x' ? this.state.cancelled : this.state.visits, place);
  }

  private flow(place: string, flow: string, instance: string, process: string): void {
    const count = this.left.get(instance) ?? 0;
    this.left.set(instance, count + 1);
    const colour = count ? this.state.next++ : (this.colour.get(instance) ?? 0);
    const depth = (this.depth.get(instance) ?? 0) + 1;
    add(this.state.flows, place);
    this.legs.push({ flow: place, colour, depth });
    const target = this.graphs.get(process)?.target.get(flow);
    if (!target) return;
    const to = placeOf(process, target);
    const waiting = this.state.parked.get(to) ?? [];
    waiting.push({ flow: place, colour });
    this.state.parked.set(to, waiting);
    this.arrival.set(to, Math.max(depth, this.arrival.get(to) ?? 0));
  }

  /** The colour of the token that came over a flow; a join takes one of each flow, an inclusive one all. */
  private arrived(place: string, type: string): number | null {
    const waiting = this.state.parked.get(place);
    if (!waiting?.length) return null;
    const taken = type === 'inclusiveGateway' ? waiting : type === 'parallelGateway' ? firstOfEach(waiting) : waiting.slice(0, 1);
    const rest = waiting.filter((one) => !taken.includes(one));
    if (rest.length) this.state.parked.set(place, rest);
    else this.state.parked.delete(place);
    return Math.min(...taken.map((one) => one.colour));
  }

  /** Without a flow: of the activity that a boundary event hangs on, of what is around it, or one of its own. */
  private inherited(place: string, element: string, process: string): number {
    const graph = this.graphs.get(process);
    const host = graph?.host.get(element);
    if (host !== undefined) return this.state.colours.get(placeOf(process, host)) ?? 0;
    for (const token of this.state.tokens.values()) if (token.place === place) return this.state.next++;
    const around = graph?.around.get(element);
    if (around !== undefined) return this.state.colours.get(placeOf(process, around)) ?? 0;
    return this.state.colours.get(place) ?? 0;
  }
}

function firstOfEach(waiting: Parked[]): Parked[] {
  const seen = new Set<string>();
  return waiting.filter((one) => !seen.has(one.flow) && seen.add(one.flow));
}

const EVERY = 100;

/** A whole case. A keyframe every hundred entries, so that a seek folds a hundred at most. */
export class Film {
  private readonly keyframes: State[] = [emptyState()];

  constructor(
    private readonly entries: { moved: Moved[] }[],
    private readonly graphs: Map<string, Graph> = new Map([['', emptyGraph()]]),
  ) {
    const state = emptyState();
    entries.forEach(({ moved }, index) => {
      this.fold(state, moved, index + 1);
      if ((index + 1) % EVERY === 0) this.keyframes.push(copyState(state));
    });
  }

  get length(): number {
    return this.entries.length;
  }

  /** The state after that many entries; 0 is before the first. */
  at(count: number): State {
    const wanted = Math.max(0, Math.min(count, this.entries.length));
    const state = copyState(this.keyframes[Math.floor(wanted / EVERY)]!);
    for (let index = wanted - (wanted % EVERY); index < wanted; index++) this.fold(state, this.entries[index]!.moved, index + 1);
    return state;
  }

  /** Which tokens move over which flows in the entry of that number (from 1). */
  legs(count: number): Leg[] {
    if (count < 1 || count > this.entries.length) return [];
    return this.fold(this.at(count - 1), this.entries[count - 1]!.moved, count);
  }

  private fold(state: State, moved: Moved[], seq: number): Leg[] {
    const step = new Step(state, this.graphs);
    for (const one of moved) step.take(one);
    state.seq = seq;
    return step.legs;
  }
}
