/** One selection for the diagram and the trace list. Both only speak through `mingjing:select`. */

export const SELECT = 'mingjing:select';

export interface Selection {
  element: string;
  from: 'list' | 'diagram';
}

export function select(selection: Selection): void {
  document.dispatchEvent(new CustomEvent<Selection>(SELECT, { detail: selection }));
}

export function onSelect(react: (selection: Selection) => void): void {
  document.addEventListener(SELECT, (event) => react((event as CustomEvent<Selection>).detail));
}

export function startLinkedList(): void {
  const items = [...document.querySelectorAll<HTMLElement>('.trace-item[data-element], [data-linkable][data-element]')];
  document.addEventListener('click', (event) => {
    const pick = (event.target as HTMLElement).closest<HTMLElement>('[data-pick]');
    if (!pick) return;
    if (document.querySelector('[data-tabs] a[href="#diagram"]')) location.hash = '#diagram';
    select({ element: pick.dataset.pick ?? '', from: 'list' });
  });
  onSelect(({ element, from }) => {
    const chosen = items.filter((item) => item.dataset.element === element);
    for (const item of items) {
      item.toggleAttribute('data-selected', chosen.includes(item));
      item.querySelector('[data-pick]')?.setAttribute('aria-pressed', String(chosen.includes(item)));
    }
    if (from === 'diagram') chosen.at(-1)?.scrollIntoView({ block: 'nearest' });
  });
}
