/** Keys of the replay, those of token simulation where it has one, and the help that lists them. */
import { make } from './dom';
import { say, type ReplayText } from './texts';

export type KeyAction = 'play' | 'back' | 'forward' | 'first' | 'last' | 'again' | 'alert' | 'compare' | 'slower' | 'faster' | 'help';

const KEYS: Record<string, KeyAction> = {
  ' ': 'play', ArrowLeft: 'back', ArrowRight: 'forward', Home: 'first', End: 'last', r: 'again', a: 'alert', c: 'compare', '-': 'slower', '+': 'faster', '=': 'faster', '?': 'help',
};

export function onKeys(act: (action: KeyAction) => void): void {
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('select, textarea, dialog, input:not([type=range])')) return;
    if (target.closest('input[type=range]') && /^(Arrow|Home|End)/.test(event.key)) event.preventDefault();
    if (event.key === ' ' && target.closest('button, summary, a')) return;
    const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    act(action);
  });
}

export function helpDialog(): HTMLDialogElement {
  const dialog = document.createElement('dialog');
  dialog.className = 'keys-help';
  const rows: [string, ReplayText][] = [
    ['␣', 'help_space'], ['← →', 'help_arrows'], ['Home End', 'help_home'], ['R', 'help_r'], ['A', 'help_a'], ['C', 'help_c'], ['− +', 'help_speed'],
  ];
  const list = make('dl', 'pairs', ...rows.map(([key, words]) => make('div', '', make('dt', '', make('kbd', '', key)), make('dd', '', say(words)))));
  const close = make('button', 'btn', say('help_close')) as HTMLButtonElement;
  close.addEventListener('click', () => dialog.close());
  dialog.append(make('h2', '', say('help_title')), list, close);
  document.body.append(dialog);
  return dialog;
}
