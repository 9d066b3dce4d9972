import { createHash } from 'node:crypto';
import { readStackEnv } from '@cruddur/config/env';
import { PAGE_CONFIG_FILE, pageConfigScript } from '@cruddur/config/page-config';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { chunkGroups } from './build-chunks.ts';
import { serviceWorker } from './build-service-worker.ts';
import { skeleton } from './build-skeleton.tsx';
import { LANGUAGES, type Language } from './src/i18n/choose-language.ts';
import { de } from './src/i18n/de/index.ts';
import { en } from './src/i18n/en/index.ts';
import { buildEmojiData } from './src/messages/reactions/build-emoji-data.ts';

const stack = readStackEnv();
const api = { '/trpc': { target: `http://127.0.0.1:${stack.apiPort}` } };

/** Serves the page's configuration. The build contains this environment's; a deployment replaces that one file. */
const pageConfig: Plugin = {
  name: 'page-config',
  configureServer({ middlewares }) {
    middlewares.use(`/${PAGE_CONFIG_FILE}`, (_request, response) => {
      response.setHeader('content-type', 'text/javascript');
      response.setHeader('cache-control', 'no-cache');
      response.end(pageConfigScript(stack.cognito));
    });
  },
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: PAGE_CONFIG_FILE, source: pageConfigScript(stack.cognito) });
  },
};

/** Preloads React, which the entry imports first: saves 0.4 s of a first load on slow 4G (decision 0014). */
const preloadRoutes: Plugin = {
  name: 'preload-routes',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) => {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
      const routes = chunks.find(({ name, isDynamicEntry }) => isDynamicEntry && name === 'routes');
      const isEntry = (file: string) => chunks.some(({ fileName, isEntry }) => isEntry && fileName === file);
      const files = routes === undefined ? [] : [routes.fileName, ...routes.imports.filter((file) => !isEntry(file))];
      return files.map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
        injectTo: 'head',
      }));
    },
  },
};

/** Preloads the typeface, which the page would otherwise request when it has drawn its first text. After the scripts: they are needed for any text. */
const preloadTypeface: Plugin = {
  name: 'preload-typeface',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((file) => /figtree-latin-wght-normal-[^/]*\.woff2$/.test(file))
        .map((file) => ({
          tag: 'link',
          attrs: {
            rel: 'preload',
            as: 'font',
            type: 'font/woff2',
            crossorigin: true,
            fetchpriority: 'low',
            href: `/${file}`,
          },
          injectTo: 'head',
        })),
  },
};

const emojiFiles = LANGUAGES.map((language) => {
  const json = JSON.stringify(buildEmojiData(language));
  const hash = createHash('sha256').update(json).digest('hex').slice(0, 8);
  // Among the assets, which browsers keep for good.
  return { language, json, file: `assets/emoji-${language}-${hash}.json` };
});
const emojiUrls = Object.fromEntries(emojiFiles.map(({ language, file }) => [language, `/${file}`]));

/** Serves the emoji data, of which the page loads its language's when it first needs it. */
const emojiData: Plugin = {
  name: 'emoji-data',
  config: () => ({ define: { EMOJI_DATA_URLS: JSON.stringify(emojiUrls) } }),
  configureServer({ middlewares }) {
    for (const { file, json } of emojiFiles) {
      middlewares.use(`/${file}`, (_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(json);
      });
    }
  },
  generateBundle() {
    for (const { file, json } of emojiFiles) this.emitFile({ type: 'asset', fileName: file, source: json });
  },
};

const TEXTS = { en, de } satisfies Record<Language, unknown>;

/** Compiles the texts of each language, so that the page needs no parser of ICU messages. In development it has one. */
const catalogues: Plugin = {
  name: 'catalogues',
  apply: 'build',
  load(id) {
    const [, folder, set = ''] = /\/src\/i18n\/([a-z]+)\/(first|auth|later)(?:\/index)?\.ts$/.exec(id) ?? [];
    const language = LANGUAGES.find((each) => each === folder);
    if (language === undefined) return;
    const { [set]: texts = {} }: Record<string, Record<string, string>> = TEXTS[language];
    const compiled = Object.entries(texts).map(([key, message]) => [key, compileMessage(message)]);
    return `export const texts = ${JSON.stringify(Object.fromEntries(compiled))};`;
  },
};

/**
 * The code of subscriptions is in a module of `@trpc/client` that a first thread needs. With a copy for `stream-link.ts`, each part gets
 * only what it uses. Its package doesn't say that it has no side effects, so that even WebSockets would stay. Both save 3 kB of the
 * first thread, gzipped.
 */
const separateStreamLink: Plugin = {
  name: 'separate-stream-link',
  apply: 'build',
  enforce: 'pre',
  async resolveId(source, importer = '') {
    const isStream = source === '@trpc/client' && importer.endsWith('/src/trpc/stream-link.ts');
    if (!isStream && !importer.includes('/node_modules/@trpc/client/')) return;
    const resolved = await this.resolve(source, importer, { skipSelf: true });
    return resolved && { ...resolved, id: isStream ? `${resolved.id}?stream` : resolved.id, moduleSideEffects: false };
  },
};

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    pageConfig,
    catalogues,
    skeleton,
    emojiData,
    preloadRoutes,
    preloadTypeface,
    separateStreamLink,
    serviceWorker(),
  ],
  // Wouter brings a copy of this hook for React 17.
  resolve: { alias: { 'use-sync-external-store/shim/index.js': 'react' } },
  server: { host: '127.0.0.1', port: stack.webPort, strictPort: true, proxy: api },
  build: {
    sourcemap: true,
    // Browsers that do not preload modules load them a little later. Saves 0.2 kB of each page.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: chunkGroups,
          // Sign-in needs what they import, but not them.
          includeDependenciesRecursively: false,
        },
      },
    },
  },
});
