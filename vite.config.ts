// How the page is served, built and tested. The cross-origin isolation headers give WASM its threads.
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { Marked } from 'marked';
import { defaultClientConditions, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { chromiumArgs, findChromium } from './tests/support/chromium.ts';

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Puts docs/model-card.md into model-card.html. Its links to files of the repository, which the page has not, become text. */
const modelCard: Plugin = {
  name: 'model-card',
  transformIndexHtml(html, { path }) {
    if (path !== '/model-card.html') return html;
    const marked = new Marked({
      renderer: {
        link({ href, tokens }) {
          const text = this.parser.parseInline(tokens);
          return href.startsWith('https:') ? `<a href="${href}">${text}</a>` : text;
        },
      },
    });
    const card = readFileSync('docs/model-card.md', 'utf8');
    return html.replace('<!-- docs/model-card.md -->', () => marked.parse(card, { async: false }));
  },
};

export default defineConfig({
  base: './',
  plugins: [svelte(), modelCard],
  server: { headers: isolation },
  preview: { headers: isolation, port: 4173 },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: ['index.html', 'model-card.html'] },
  },
  // The build of ONNX Runtime without its WebAssembly glue inlined: workers/browser-runtime.ts picks one.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  // ONNX Runtime finds its .wasm beside its own module; pre-bundling would break that.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        // What tests read: the repository, and the exports of other tools where they lie beside it.
        server: { fs: { allow: ['.', '../shared/fixtures'] } },
        test: {
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: findChromium(), args: chromiumArgs },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
