/** Finds the placeholders of the page and mounts their islands when they come into view. */
import { islandProps } from '../shared/page';

type Mount = (element: HTMLElement, props: never) => void | Promise<void>;

const ISLANDS: Record<string, () => Promise<{ mount: Mount }>> = {
  form: () => import('../form/mount'),
  diagram: () => import('../diagram/mount'),
  files: () => import('../files/mount'),
  'process-editor': () => import('../designer/process/mount'),
  'decision-editor': () => import('../designer/decision/mount'),
  'form-editor': () => import('../designer/form/mount'),
  replay: () => import('../replay/mount'),
  chart: () => import('../chart/mount'),
};

async function mountOne(element: HTMLElement): Promise<void> {
  const load = ISLANDS[element.dataset.island ?? ''];
  if (!load) return;
  const { mount } = await load();
  await mount(element, islandProps<never>(element));
}

export function startIslands(): void {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      void mountOne(entry.target as HTMLElement);
    }
  });
  document.querySelectorAll<HTMLElement>('[data-island]').forEach((element) => {
    if (['diagram', 'chart'].includes(element.dataset.island ?? '')) seen.observe(element);
    else void mountOne(element);
  });
}
