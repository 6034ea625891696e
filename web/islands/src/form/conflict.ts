/** Both versions of a draft side by side, so that the person can choose between them with open eyes. */
import { send } from '../shared/http';
import { text, type TextId } from '../shared/texts';
import type { DraftBody } from './copies';
import type { Component } from './schema';
import { differences } from './versions';

function cell(tag: 'th' | 'td', words: string, scope = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = words;
  if (scope) made.setAttribute('scope', scope);
  return made;
}

function row(...cells: HTMLElement[]): HTMLTableRowElement {
  const made = document.createElement('tr');
  made.append(...cells);
  return made;
}

const outcomeNames = (): Record<string, string> =>
  Object.fromEntries(
    [...document.querySelectorAll<HTMLInputElement>('#completion input[name="action"]')].map((input) => [input.value, input.nextElementSibling?.textContent ?? input.value]),
  );

export async function showVersions(address: string, components: readonly Component[], here: DraftBody): Promise<void> {
  const place = document.querySelector<HTMLElement>('[data-conflict-versions]');
  if (!place) return;
  const there = (await (await send(address)).json()) as DraftBody;
  const words = { outcome: text('conflict.outcome'), opinion: text('conflict.opinion'), row: text('conflict.row'), names: outcomeNames() };
  const found = differences(components, here, there, words);
  if (!found.length) {
    place.textContent = text('conflict.none');
    return;
  }
  const table = document.createElement('table');
  table.className = 'changes';
  const heads: TextId[] = ['conflict.field', 'conflict.here', 'conflict.there'];
  const head = document.createElement('thead');
  head.append(row(...heads.map((id) => cell('th', text(id), 'col'))));
  const body = document.createElement('tbody');
  body.append(...found.map((one) => row(cell('th', one.label, 'row'), cell('td', one.here), cell('td', one.there))));
  table.append(head, body);
  place.replaceChildren(table);
}
