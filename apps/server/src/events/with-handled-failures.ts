/**
 * Lets an iterable fail while no one awaits it. tRPC requests the next event before the page has read the last one. If
 * the stream fails while the page does not read (it is dropped, its token expires), nothing handles that promise yet,
 * and Node would end the process because of an unhandled rejection. A page that keeps reading receives the failure.
 */
export function withHandledFailures<T>(iterable: AsyncIterable<T, void>): AsyncIterable<T, void> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = iterable[Symbol.asyncIterator]();
      return {
        next() {
          const next = iterator.next();
          next.catch(() => undefined);
          return next;
        },
        return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
