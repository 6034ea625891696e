/** Links of `[data-tabs]` to sections of the page become tabs. Without script the sections simply follow each other. */

function choose(tabs: HTMLAnchorElement[], chosen: HTMLAnchorElement): void {
  for (const tab of tabs) {
    const on = tab === chosen;
    tab.setAttribute('aria-selected', String(on));
    tab.tabIndex = on ? 0 : -1;
    const panel = document.querySelector<HTMLElement>(tab.hash);
    if (panel) panel.hidden = !on;
  }
}

function arrow(event: KeyboardEvent, tabs: HTMLAnchorElement[]): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = tabs[(tabs.indexOf(event.target as HTMLAnchorElement) + step + tabs.length) % tabs.length];
  next?.focus();
  next?.click();
}

export function startTabs(root: HTMLElement): void {
  const tabs = [...root.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')];
  root.setAttribute('role', 'tablist');
  root.dataset.tabsReady = '';
  for (const tab of tabs) {
    tab.setAttribute('role', 'tab');
    const panel = document.querySelector<HTMLElement>(tab.hash);
    panel?.setAttribute('role', 'tabpanel');
    if (panel) tab.setAttribute('aria-controls', panel.id);
    tab.addEventListener('click', (event) => {
      event.preventDefault();
      history.replaceState(null, '', tab.hash);
      choose(tabs, tab);
    });
  }
  root.addEventListener('keydown', (event) => arrow(event, tabs));
  const follow = (): void => {
    const wanted = tabs.find((tab) => tab.hash === location.hash) ?? tabs[0];
    if (wanted) choose(tabs, wanted);
  };
  addEventListener('hashchange', follow);
  follow();
}
