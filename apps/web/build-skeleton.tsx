import { renderToStaticMarkup } from 'react-dom/server';
import type { Plugin } from 'vite';
import { MessagesSkeleton } from './src/ui/skeletons.tsx';

/** Puts the skeleton of the messages page into the HTML, so that it is drawn before React has loaded. `main.ts` shows it. */
export const skeleton: Plugin = {
  name: 'skeleton',
  transformIndexHtml: () => [
    {
      tag: 'div',
      // Without its styles everyone would see it: in development they load with the program.
      attrs: { id: 'skeleton', 'aria-hidden': 'true', hidden: true },
      children: renderToStaticMarkup(
        <>
          <div data-for="list" className="h-full">
            <MessagesSkeleton isOpen={false} />
          </div>
          <div data-for="open" className="h-full">
            <MessagesSkeleton isOpen />
          </div>
        </>,
      ),
      injectTo: 'body',
    },
  ],
};
