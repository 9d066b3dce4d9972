/** Why a command failed, in one sentence. */
export class CommandError extends Error {
  override name = 'CommandError';
  /** 1: refused or invalid usage. 2: a service is unavailable or failed. */
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

export function refused(message: string, options?: ErrorOptions): CommandError {
  return new CommandError(1, message, options);
}

export function failed(message: string, options?: ErrorOptions): CommandError {
  return new CommandError(2, message, options);
}

interface FailedService {
  name: string;
  prod: boolean;
  embedded: boolean;
  /** Its URL, or `host:port`. */
  address: string;
  /** The environment variable that sets the address. */
  variable: string;
}

/** Explains that a service does not answer, and how to start it. */
export function unanswered({ name, prod, embedded, address, variable }: FailedService, cause: unknown): Error {
  const problem = `${name} does not answer at ${address}`;
  if (prod) return failed(`${problem}.`, { cause });
  if (embedded) return failed(`${problem}: start the local stack with \`npm run dev\`.`, { cause });
  return failed(
    `${problem}, which ${variable} names: start it there, or unset the variable and start the local stack with \`npm run dev\`.`,
    { cause },
  );
}

interface FailedAwsService extends Omit<FailedService, 'address'> {
  region: string;
  endpoint?: string | undefined;
  /** The message if the table or user pool does not exist. */
  missing: (address: string) => string;
}

/** Explains an error of an AWS client. Returns other errors as they are. */
export function explainAwsError(cause: unknown, { region, endpoint, missing, ...service }: FailedAwsService): unknown {
  if (cause instanceof CommandError || !(cause instanceof Error)) return cause;
  const address = endpoint ?? `AWS in ${region}`;
  if (isConnectionError(cause)) return unanswered({ ...service, address }, cause);
  if (cause.name === 'ResourceNotFoundException') return failed(missing(address), { cause });
  if (cause.name === 'CredentialsProviderError') {
    return refused(`No AWS credentials were found for ${address}: ${cause.message}`, { cause });
  }
  return '$metadata' in cause ? failed(`${service.name} failed: ${cause.name}: ${cause.message}`, { cause }) : cause;
}

const NETWORK_CODE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/;

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'TimeoutError') return true;
  if ('code' in error && typeof error.code === 'string' && NETWORK_CODE.test(error.code)) return true;
  return error instanceof AggregateError && error.errors.some(isConnectionError);
}
