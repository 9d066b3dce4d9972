/** Code that a form needs did not come. `authErrorWords` knows it by its name. */
class CodeNotLoaded extends Error {
  override name = 'NetworkError';
}

/**
 * Loads code that a form needs.
 *
 * @throws {CodeNotLoaded} where it does not come: without a network, that is why nobody can be signed in
 */
export async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new CodeNotLoaded('The code did not load.', { cause });
  }
}
