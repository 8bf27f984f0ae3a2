// Builds the bench page as the page itself is built: minified, ONNX Runtime with external WebAssembly.
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: folder('.'),
  publicDir: folder('../public'),
  build: {
    target: 'es2023',
    outDir: folder('../dist/bench'),
    emptyOutDir: true,
    chunkSizeWarningLimit: 4000,
  },
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  preview: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
});
