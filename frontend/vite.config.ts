/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Django serves the build under /static/app/ and finds the files through dist/.vite/manifest.json:
// `src/main.tsx` is the app, `src/pages.css` the look of the pages Django draws itself (sign-in, errors).
// `public/theme.js` and `public/logo.svg` keep their names.
const backend = process.env.COMPOSER_BACKEND ?? 'http://127.0.0.1:8000'

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/static/app/' : '/',
  plugins: [react()],
  resolve: {
    alias: {
      '@rjsf/validator-ajv8': fileURLToPath(new URL('./src/lib/noAjv.ts', import.meta.url)),
      '@': fileURLToPath(new URL('./src', import.meta.url)),
    },
  },
  build: {
    manifest: true,
    target: 'es2022',
    // Nothing as data: addresses, so that the page's content policy can stay at 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: ['src/main.tsx', 'src/pages.css'] },
  },
  server: {
    port: 5173,
    proxy: {
      // The host stays as the browser knows it, else Django takes the requests for another site's.
      '/api': { target: backend, changeOrigin: false },
      '/sign-in': { target: backend, changeOrigin: false },
      '/ws': { target: backend, changeOrigin: false, ws: true },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    unstubGlobals: true,
    server: { deps: { inline: [/@rjsf\//] } },
  },
}))
