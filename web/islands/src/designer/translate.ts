/** The words of the editors' own libraries, in the language of the page. */
import { chinese } from '../shared/page';

export type Words = Record<string, string>;

/** Texts that no dictionary has; a test of the pages demands that it stays empty. */
export const missing = new Set<string>();

/** diagram-js' service `translate`, which bpmn-js, the properties panel and dmn-js ask for every text. */
export function translateModule(words: Words): object {
  const translated = (template: string): string => {
    if (!chinese()) return template;
    const found = words[template];
    if (found === undefined && /[A-Za-z]{2}/.test(template)) missing.add(template);
    return found ?? template;
  };
  const translate = (template: string, replacements: Record<string, unknown> = {}): string =>
    translated(template ?? '').replace(/{([^}]+)}/g, (whole: string, name: string) => String(replacements[name] ?? whole));
  Object.assign(window, { mingjingUntranslated: missing });
  return { translate: ['value', translate] };
}

/** Texts that a library writes itself: replaced in its own chrome, never in what people write. */
export function translateChrome(root: HTMLElement, words: Words, skip: string): void {
  if (!chinese()) return;
  const attributes = ['title', 'placeholder', 'aria-label', 'data-placeholder'];
  const visit = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) {
      const key = node.nodeValue?.trim() ?? '';
      const found = words[key];
      if (found && !node.parentElement?.closest(skip)) node.nodeValue = (node.nodeValue ?? '').replace(key, found);
      return;
    }
    if (!(node instanceof Element)) return;
    for (const name of attributes) {
      const found = words[node.getAttribute(name) ?? ''];
      if (found) node.setAttribute(name, found);
    }
    node.childNodes.forEach(visit);
  };
  visit(root);
  const watched = { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: attributes };
  new MutationObserver((changes) => {
    for (const change of changes) change.type === 'childList' ? change.addedNodes.forEach(visit) : visit(change.target);
  }).observe(root, watched);
}
