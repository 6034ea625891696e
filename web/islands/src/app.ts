/** The one entry of every page: styles, small helps, islands. */
import './styles/app.css';
import { startBell } from './app/bell';
import { startIslands } from './app/islands';
import { startLinkedList } from './app/linked';
import { startCopying, startFilling, startMenus, startOnce } from './app/small';
import { startOutcomes } from './app/outcome';
import { startPhrases } from './app/phrases';
import { startShortcuts } from './app/shortcuts';
import { startTabs } from './app/tabs';
import { startViewer } from './app/viewer';
import { startWorklist } from './app/worklist';
import { forgetCopies } from './form/copies';

async function startHtmx(): Promise<void> {
  if (document.querySelector('[hx-post], [hx-get]')) await import('htmx.org');
}

document.querySelectorAll<HTMLElement>('[data-tabs]').forEach(startTabs);
startCopying();
startFilling();
startMenus();
startLinkedList();
startWorklist();
startShortcuts();
startBell();
startPhrases();
startViewer();
startOutcomes();
startIslands();
startOnce();
void startHtmx();

document.querySelectorAll('form[data-forget-drafts]').forEach((form) => form.addEventListener('submit', () => forgetCopies()));
document.querySelector<HTMLElement>('#problem')?.focus();
document.documentElement.dataset.ready = 'app';
