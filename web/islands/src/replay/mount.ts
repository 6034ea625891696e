/** The replay of a case: diagram in the middle, entries left, the moment right, time below. It folds, it never runs. */
import './replay.css';
import { send } from '../shared/http';
import { iconElement } from '../shared/page';
import { toolButton } from '../diagram/viewer';
import { momentOf } from './clock';
import { beijing, type Entry, type Replay } from './data';
import { Detail, type Addresses } from './detail';
import { make } from './dom';
import { Film, placeOf } from './fold';
import { graphOf } from './graph';
import { helpDialog, onKeys, type KeyAction } from './keys';
import { EventList } from './list';
import { levelsAt } from './marks';
import { Player } from './player';
import { Scrubber } from './scrubber';
import { Stage } from './stage';
import { say, type ReplayText } from './texts';
import { Transport } from './transport';

interface Props extends Addresses {
  dataUrl: string;
}

class Desk {
  private readonly film: Film;
  private readonly player: Player;
  private readonly stage: Stage;
  private readonly list: EventList;
  private readonly detail: Detail;
  private readonly scrubber: Scrubber;
  private readonly transport: Transport;
  private readonly help = helpDialog();
  private readonly notice = make('p', 'replay-notice small');
  private readonly warned: Entry[];
  private readonly names: Map<string, string>;
  private kept: number | null = null;
  private laid: unknown = null;

  constructor(
    private readonly box: HTMLElement,
    private readonly replay: Replay,
    addresses: Addresses,
  ) {
    const graphs = new Map(replay.models.map((model) => [model.id, graphOf(new DOMParser().parseFromString(model.xml, 'application/xml'))]));
    this.film = new Film(replay.entries, graphs);
    this.warned = replay.entries.filter((entry) => entry.level);
    this.names = new Map(replay.entries.filter((entry) => entry.name).map((entry) => [placeOf(entry.process ?? '', entry.element), entry.name]));
    this.player = new Player(this.film, replay.entries, (stepped) => this.draw(stepped));
    const events = make('div', 'replay-events');
    const middle = make('section', 'replay-stage diagram-box');
    const right = make('section', 'replay-detail');
    right.setAttribute('aria-label', say('detail'));
    right.tabIndex = 0;
    this.stage = new Stage(middle, replay.models, (process, element) => this.toElement(process, element));
    this.scrubber = new Scrubber(replay.entries, (v) => this.player.scrub(v));
    this.transport = new Transport((action) => this.act(action), {
      speed: (speed) => void (this.player.speed = speed),
      compress: (on) => this.player.compress(on),
    });
    this.notice.setAttribute('role', 'status');
    const centre = make('div', 'replay-centre', middle, this.notice, this.scrubber.element, this.transport.element);
    box.append(events, centre, right);
    this.list = new EventList(events, replay.entries, replay.brokenAt, (count) => this.player.seek(count));
    this.detail = new Detail(right, addresses, replay.brokenAt);
    middle.prepend(this.fold('events', 'hide_events', 'show_events'), this.fold('detail', 'hide_detail', 'show_detail'));
    onKeys((action) => this.act(action));
  }

  async begin(): Promise<void> {
    await this.stage.open('');
    const link = new URL(location.href).searchParams.get('t');
    this.player.seek(momentOf(link, this.replay.entries.map((entry) => Date.parse(entry.at))));
  }

  private act(action: KeyAction): void {
    const player = this.player;
    const acts: Record<KeyAction, () => void> = {
      play: () => player.toggle(),
      back: () => player.step(-1),
      forward: () => player.step(1),
      first: () => player.seek(0),
      last: () => player.seek(this.film.length),
      again: () => {
        player.seek(0);
        player.play();
      },
      alert: () => this.say(player.nextAlert() ? '' : say('no_alert')),
      compare: () => this.compare(),
      slower: () => player.faster(-1),
      faster: () => player.faster(1),
      help: () => this.help.showModal(),
    };
    acts[action]();
  }

  private say(words: string): void {
    this.notice.textContent = words;
  }

  private compare(): void {
    this.kept = this.kept === null ? this.player.count : null;
    this.say(this.kept === null ? '' : say('compare_hint', { seq: this.kept }));
    this.draw(true);
  }

  /** A click on the diagram goes to the next entry of that element, and from the last one on to the first. */
  private toElement(process: string, element: string): void {
    const of = this.replay.entries.filter((entry) => (entry.process ?? '') === process && entry.element === element);
    const found = of.find((entry) => entry.seq > this.player.count) ?? of[0];
    if (found) this.player.seek(found.seq);
  }

  private fold(side: 'events' | 'detail', hide: ReplayText, show: ReplayText): HTMLElement {
    const icon = side === 'events' ? iconElement('layout-sidebar-left-collapse') : iconElement('layout-sidebar-right-collapse');
    const button = toolButton(icon, say(hide), () => {
      const hidden = this.box.toggleAttribute(`data-no-${side}`);
      button.title = say(hidden ? show : hide);
      button.setAttribute('aria-label', button.title);
      button.setAttribute('aria-expanded', String(!hidden));
    });
    button.classList.add('replay-fold', `replay-fold--${side}`);
    button.setAttribute('aria-expanded', 'true');
    return button;
  }

  private draw(stepped: boolean): void {
    const { player } = this;
    const count = player.count;
    if (this.laid !== player.clock) this.scrubber.lay((this.laid = player.clock));
    const progress = player.clock.progress(player.v);
    const next = progress > 0 ? this.replay.entries[count] : undefined;
    const gone = new Set((next?.moved ?? []).filter(([kind]) => kind === 'c' || kind === 'x').map(([, , instance]) => instance));
    const state = this.film.at(count);
    const between = this.kept === null ? null : this.film.at(this.kept);
    this.stage.draw({ state, legs: next ? this.film.legs(count + 1) : [], progress, gone, levels: levelsAt(this.warned, count), between });
    const time = this.replay.entries.length ? beijing(player.clock.instant(player.v)) : '';
    const words = `${time} · ${count}/${this.film.length}`;
    this.scrubber.show(player.v, `${time} · ${say('position', { seq: count, count: this.film.length })}`);
    this.scrubber.keep(this.kept === null ? null : player.clock.after(this.kept), player.clock);
    this.transport.show(player.playing, player.speed, this.kept !== null, words);
    if (stepped) this.stepped(count);
  }

  private stepped(count: number): void {
    const entry = this.player.entry;
    this.list.show(count);
    if (this.kept !== null) this.detail.compare(this.replay.entries[this.kept - 1] ?? null, entry);
    else this.detail.show(entry, this.stands(count));
    if (entry?.element) void this.stage.follow(entry.process ?? '', entry.element);
    const url = new URL(location.href);
    url.searchParams.set('t', String(count));
    if (!this.player.playing) history.replaceState(null, '', url);
    this.box.dataset.count = String(count);
  }

  /** Where the case stood then, by the names of the elements. */
  private stands(count: number): string {
    const places = new Set([...this.film.at(count).tokens.values()].map((token) => token.place));
    const found = [...places].map((place) => this.names.get(place)).filter(Boolean);
    if (found.length) return say('waiting', { names: found.join('、') });
    return places.size || !this.replay.ended ? beijing(this.player.clock.instant(this.player.v)) : say('at_end');
  }
}

export async function mount(element: HTMLElement, props: Props): Promise<void> {
  const loading = element.querySelector<HTMLElement>('[data-loading]');
  try {
    const replay = (await (await send(props.dataUrl)).json()) as Replay;
    loading?.remove();
    const desk = new Desk(element, replay, props);
    await desk.begin();
    element.dataset.ready = 'replay';
  } catch (error) {
    console.error(error);
    if (loading) loading.textContent = say('failed');
  }
}
