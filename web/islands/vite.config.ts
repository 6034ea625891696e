/// <reference types="vitest/config" />
import { defineConfig } from 'vite';

const here = (path: string): string => new URL(path, import.meta.url).pathname;

/* One entry. Islands are dynamic imports of it, so a page loads only what it mounts. No data: URIs, for the CSP. */
export default defineConfig({
  base: '/static/dist/',
  publicDir: false,
  resolve: { dedupe: ['diagram-js', 'min-dash', 'min-dom', 'preact'] },
  build: {
    outDir: here('../static/dist'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    cssTarget: ['chrome111', 'firefox113', 'safari16.4'],
    sourcemap: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { input: { app: here('src/app.ts') } },
  },
  test: { include: ['src/**/*.test.ts'] },
});
