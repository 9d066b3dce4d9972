/** Why a command failed, in one sentence for a person. */
export class CommandError extends Error {
  override name = 'CommandError';
  /** 1: refused, or used wrongly. 2: a service did not answer, or said no. */
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The command was refused, or used wrongly. */
export function refused(message: string, options?: ErrorOptions): CommandError {
  return new CommandError(1, message, options);
}

/** A service did not answer, or said no. */
export function failed(message: string, options?: ErrorOptions): CommandError {
  return new CommandError(2, message, options);
}

const NETWORK_CODE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/;

/** Whether a service did not answer, rather than refused. */
export function saysUnanswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'TimeoutError') return true;
  if ('code' in error && typeof error.code === 'string' && NETWORK_CODE.test(error.code)) return true;
  return error instanceof AggregateError && error.errors.some(saysUnanswered);
}
