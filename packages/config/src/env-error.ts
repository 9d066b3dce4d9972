/** An environment that cannot be used; the message names each variable. */
export class EnvError extends Error {
  override name = 'EnvError';
}
