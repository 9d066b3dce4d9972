// Runs in the pages of delivery.ts.

/** Moments of a message's delivery in a page, in milliseconds since the epoch. */
export type Marks = Partial<
  Record<'entered' | 'requested' | 'acknowledged' | 'timed' | 'arrived' | 'seen' | 'painted', number>
>;

interface WatchedWindow {
  /** By text. */
  marks: Record<string, Marks>;
  awaited: { text: string; resolve: () => void } | undefined;
}

/** An init script that records the moments of texts such as `Delivery 7`. */
export function watchDelivery(): void {
  const page = window as unknown as WatchedWindow;
  const marks: Record<string, Marks> = {};
  Object.assign(page, { marks, awaited: undefined });
  // All processes share the machine's clock, which `Date` rounds to milliseconds: start `performance.now()` at the
  // beginning of one.
  let tick = Date.now();
  while (Date.now() === tick);
  tick = Date.now();
  const epoch = tick - performance.now();
  const now = () => epoch + performance.now();
  const textIn = (words: string) => /Delivery \d+/.exec(words)?.[0];
  const mark = (text: string, moments: Marks) => {
    // The first mark counts.
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
    // The first task after the work of the next frame starts when that frame is painted.
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

/** Runs in the reader's page. Resolves when a text is painted in the thread. */
export function expectText(text: string): Promise<void> {
  return new Promise((resolve) => {
    (window as unknown as WatchedWindow).awaited = { text, resolve };
  });
}

/** Runs in a page. */
export function allMarks(): Record<string, Marks> {
  return (window as unknown as WatchedWindow).marks;
}
