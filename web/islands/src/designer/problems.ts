/** The list of problems below every editor: errors first, each leads to its element. */
import type { Finding } from './session';
import { iconElement } from '../shared/page';
import { text } from '../shared/texts';

const ORDER: Record<Finding['severity'], number> = { error: 0, warning: 1, info: 2 };
const ICONS: Record<Finding['severity'], () => SVGSVGElement> = {
  error: () => iconElement('alert-octagon'),
  warning: () => iconElement('alert-triangle'),
  info: () => iconElement('info-circle'),
};

export const sorted = (findings: Finding[]): Finding[] => [...findings].sort((one, other) => ORDER[one.severity] - ORDER[other.severity]);

export function showProblems(findings: Finding[], nameOf: (element: string) => string, go: (element: string) => void): void {
  const box = document.querySelector<HTMLElement>('[data-problems]');
  const list = box?.querySelector('ol');
  if (!box || !list) return;
  const count = box.querySelector<HTMLElement>('[data-problem-count]');
  if (count) count.textContent = findings.length ? String(findings.length) : '';
  box.dataset.worst = sorted(findings)[0]?.severity ?? 'none';
  list.replaceChildren(...(findings.length ? sorted(findings).map((finding) => row(finding, nameOf, go)) : [none()]));
}

function none(): HTMLLIElement {
  const item = document.createElement('li');
  item.className = 'quiet';
  item.textContent = text('designer.no_problems');
  return item;
}

function row(finding: Finding, nameOf: (element: string) => string, go: (element: string) => void): HTMLLIElement {
  const item = document.createElement('li');
  item.dataset.severity = finding.severity;
  item.dataset.rule = finding.rule;
  const place = document.createElement('button');
  place.type = 'button';
  place.className = 'designer-place';
  const severity = ICONS[finding.severity]();
  const word = document.createElement('span');
  word.className = 'visually-hidden';
  word.textContent = text(`designer.${finding.severity}`);
  const name = document.createElement('b');
  name.textContent = nameOf(finding.element) || finding.element || text('designer.file');
  place.append(severity, word, name);
  place.disabled = !finding.element;
  place.addEventListener('click', () => go(finding.element));
  const words = document.createElement('span');
  words.textContent = finding.title ? `${finding.title}：` : '';
  const detail = document.createElement('span');
  detail.className = finding.title ? 'quiet' : '';
  detail.lang = 'en';
  detail.textContent = `${finding.message} ${finding.cure}`.trim();
  const rule = document.createElement('code');
  rule.className = 'quiet';
  rule.textContent = finding.rule;
  item.append(place, words, detail, rule);
  return item;
}
