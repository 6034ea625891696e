// One SVG sprite with the icons that templates and islands name, and the brand mark.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BRAND =
  '<symbol id="brand" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">' +
  '<circle cx="12" cy="12" r="9.25" stroke-width="2"/><circle cx="12" cy="12" r="6.25" stroke-width="1.1" opacity=".55"/>' +
  '<path d="M8.6 12.3l2.4 2.4 4.6-5" stroke-width="2"/></symbol>';

function sources(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

const text = [...sources('../templates', '.html'), ...sources('src', '.ts'), ...sources('../pages', '.py')].join('\n');
const names = new Set([...text.matchAll(/\bicon[A-Za-z]*\(?\s*[=:(]?\s*['"]([a-z0-9-]+)['"]/g)].map((match) => match[1]));
names.delete('brand');

const symbols = [...names].sort().map((name) => {
  const svg = readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, 'utf8');
  const body = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '').trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
});
mkdirSync('../static/img', { recursive: true });
writeFileSync('../static/img/icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${BRAND}${symbols.join('\n')}</svg>\n`);
console.log('icons.svg', names.size, 'icons');
