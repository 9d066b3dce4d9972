import { renderToStaticMarkup } from 'react-dom/server';
import type { Plugin } from 'vite';
import { MessagesShape } from './src/ui/skeletons.tsx';

/** Puts the shape of the messages page into the HTML, so that it is drawn before React has loaded. `main.ts` shows it. */
export const shell: Plugin = {
  name: 'shell',
  transformIndexHtml: () => [
    {
      tag: 'div',
      attrs: { id: 'shell', 'aria-hidden': 'true' },
      children: renderToStaticMarkup(
        <>
          <div data-shape="list" className="h-full">
            <MessagesShape isOpen={false} />
          </div>
          <div data-shape="open" className="h-full">
            <MessagesShape isOpen />
          </div>
        </>,
      ),
      injectTo: 'body',
    },
  ],
};
