// Tabler (640 kB) reduced to what our templates and islands use. `.empty` is dropped: it collides with bpmn.io's own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { PurgeCSS } from 'purgecss';

const [result] = await new PurgeCSS().purge({
  css: ['node_modules/@tabler/core/dist/css/tabler.min.css'],
  content: ['../templates/**/*.html', 'src/**/*.ts'],
  variables: true,
  keyframes: true,
  fontFace: true,
  blocklist: ['empty', 'page', 'entry', 'group', 'label', 'open', /^theme-/],
  safelist: [/^is-/, /^was-/, 'disabled', 'active'],
});
mkdirSync('src/styles/gen', { recursive: true });
writeFileSync('src/styles/gen/tabler-slim.css', result.css);
console.log('tabler-slim.css', result.css.length, 'bytes,', gzipSync(result.css).length, 'gzip');
