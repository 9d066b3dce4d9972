/**
 * Memoizes the last result of a pure function for each first argument: the same arguments return the same object, so that its
 * row is not rendered again.
 */
export function memoizeLast<Key extends object, Args extends readonly unknown[], Result>(
  derive: (key: Key, ...args: Args) => Result,
): (key: Key, ...args: Args) => Result {
  const last = new WeakMap<Key, { args: Args; result: Result }>();
  return (key, ...args) => {
    const known = last.get(key);
    if (known?.args.length === args.length && known.args.every((arg, index) => arg === args[index]))
      return known.result;
    const result = derive(key, ...args);
    last.set(key, { args, result });
    return result;
  };
}
