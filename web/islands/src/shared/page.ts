/** What the page says about itself: language, person, CSRF token, props of an island. */

export const chinese = (): boolean => document.documentElement.lang !== 'en';

const meta = (name: string): HTMLMetaElement | null => document.querySelector(`meta[name="${name}"]`);

export const csrfToken = (): string => meta('csrf-token')?.content ?? '';

export const person = (): string => meta('person')?.content ?? '';

/** Props lie beside the island's placeholder as a data block, which a strict CSP allows. */
export function islandProps<T>(element: HTMLElement): T {
  const block = element.querySelector<HTMLScriptElement>(':scope > script[type="application/json"]');
  return JSON.parse(block?.textContent || '{}') as T;
}

/** Put a fresh token where the old one stood: the meta element and every form of the page. */
export function replaceCsrfToken(token: string): void {
  meta('csrf-token')?.setAttribute('content', token);
  document.querySelectorAll<HTMLInputElement>('input[name="csrf_token"]').forEach((input) => {
    input.value = token;
  });
}

/** Business time: Asia/Shanghai, whatever zone the browser is in. */
export function clock(moment: Date): string {
  return moment.toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false });
}

const SPRITE = '/static/img/icons.svg';

/** An icon of the sprite that templates use too. */
export function iconElement(name: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}
