import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const server = process.env['TRIPTYCH_SERVER'] ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../src/triptych/web',
    emptyOutDir: true,
    // The policy of the pages forbids data: fonts and scripts; files are cached for ever anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  // The server compares Origin with Host: the host stays that of the page.
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
  // A test that needs a document asks for one: `@vitest-environment jsdom` at its top.
  test: { environment: 'node', isolate: false, globals: true, setupFiles: ['src/testing/setup.ts'] },
})
