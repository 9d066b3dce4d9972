/**
 * Lets an iterable fail while nobody waits for it. tRPC asks for the next event before the page has taken the last one;
 * where the page does not read and the stream fails meanwhile (it is dropped, its token expires), nothing has been attached
 * to that promise, and Node would end the process for an unhandled rejection. Whoever reads on still gets the failure.
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
