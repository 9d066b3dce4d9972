// What runs in the pages of `delivery`: moments of a message's way, by its text, in milliseconds since the epoch.

/** Moments that a page has seen of a message. */
export type Marks = Partial<
  Record<'entered' | 'requested' | 'acknowledged' | 'timed' | 'arrived' | 'seen' | 'painted', number>
>;

interface Watched {
  marks: Record<string, Marks>;
  /** The text that is to appear, and what to do once it is painted. */
  awaited: { text: string; resolve: () => void } | undefined;
}

/** Sent to each page before its own scripts: notes what happens to texts such as `Delivery 7`. */
export function watchDelivery(): void {
  const page = window as unknown as Watched;
  const marks: Record<string, Marks> = {};
  Object.assign(page, { marks, awaited: undefined });
  // Both pages, the servers and this program share the machine's clock, which `Date` rounds down to milliseconds: at
  // the beginning of one, the finer clock is set by it.
  let tick = Date.now();
  while (Date.now() === tick);
  tick = Date.now();
  const epoch = tick - performance.now();
  const now = () => epoch + performance.now();
  const textIn = (words: string) => /Delivery \d+/.exec(words)?.[0];
  const mark = (text: string, moments: Marks) => {
    // What is told again, in the list for instance, came later.
    marks[text] = { ...moments, ...marks[text] };
  };

  window.addEventListener(
    'keydown',
    (event) => {
      const text = textIn((event.target as HTMLTextAreaElement).value ?? '');
      if (event.key === 'Enter' && text) mark(text, { entered: epoch + event.timeStamp });
    },
    { capture: true },
  );

  const tap = () => {
    const decoder = new TextDecoder();
    return new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const words = decoder.decode(chunk, { stream: true });
        const text = textIn(words);
        if (text) {
          const [, millis = '', micros = '0'] = /"createdAt":"([^"]{23})(\d{3})Z"/.exec(words) ?? [];
          mark(text, { arrived: now(), timed: Date.parse(`${millis}Z`) + Number(micros) / 1000 });
        }
        controller.enqueue(chunk);
      },
    });
  };
  const original = window.fetch;
  window.fetch = async (input, init) => {
    const text = textIn(typeof init?.body === 'string' ? init.body : '');
    if (text) mark(text, { requested: now() });
    const response = await original.call(window, input, init);
    if (text) mark(text, { acknowledged: now() });
    if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
      Object.defineProperty(response, 'body', { value: response.body.pipeThrough(tap()) });
    }
    return response;
  };

  new MutationObserver(() => {
    const { awaited } = page;
    if (!awaited || !document.querySelector('[role=log]')?.textContent?.includes(awaited.text)) return;
    page.awaited = undefined;
    mark(awaited.text, { seen: now() });
    // The first task after the next frame's own work begins when that frame is drawn.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        mark(awaited.text, { painted: now() });
        awaited.resolve();
      };
      port2.postMessage(null);
    });
  }).observe(document, { childList: true, subtree: true, characterData: true });
}

/** Run in the reader's page: resolves when a text is painted in the thread. */
export function expectText(text: string): Promise<void> {
  return new Promise((resolve) => {
    (window as unknown as Watched).awaited = { text, resolve };
  });
}

/** Run in a page: what it has seen, by text. */
export function allMarks(): Record<string, Marks> {
  return (window as unknown as Watched).marks;
}
