import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { vi } from 'vitest';
import { awsVariables } from '../../../support/env.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'ca-central-1';

/** A call that a command made. */
export interface Call {
  /** `ECS.RunTask` */
  name: string;
  input: Record<string, unknown>;
}

type Answer = (input: never, region: string) => object | Promise<object>;

interface Client {
  config: { region: () => Promise<string> };
  send: (command: never) => Promise<unknown>;
  middlewareStack: { add: (middleware: never, options: never) => void };
}

interface StandIns {
  calls: Call[];
  /** Names of the calls that change something, in order; of all with `every`. */
  names(every?: 'every'): string[];
  /**
   * Answers the operations of a service from here on, also those of clients that exist. Called again, it adds to what is there.
   *
   * @param answers - by name, such as `RunTask`. The input is what the command sent; what is returned, or thrown, is AWS's answer
   */
  serve<Service extends Client>(Class: new (config: never) => Service, answers: Record<string, Answer>): void;
}

const READS = /\.(Describe|List|Get|Head|Filter)/;

/**
 * Replaces AWS for the commands that run in this process: region and credentials of the environment, and the answers of the
 * services. Only the network is replaced: the SDK still validates, signs, retries after throttling, and its waiters wait. A call
 * without an answer fails the command. Call it in `beforeEach`, and `vi.restoreAllMocks()` and `vi.unstubAllEnvs()` in `afterEach`.
 */
export function startStandIns(): StandIns {
  for (const name of awsVariables()) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 'the-secret-of-the-operator',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  })) {
    vi.stubEnv(name, value);
  }
  const calls: Call[] = [];
  const served = new Map<unknown, Record<string, Answer>>();
  const standIns: StandIns = {
    calls,
    names: (every) => calls.map(({ name }) => name).filter((name) => every === 'every' || !READS.test(name)),
    serve(Class, answers) {
      const before = served.get(Class);
      served.set(Class, { ...before, ...answers });
      if (before === undefined) intercept(Class, (operation) => served.get(Class)?.[operation], calls);
    },
  };
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  standIns.serve(STSClient, {
    [operationOf(new GetCallerIdentityCommand({}))]: () => ({
      Account: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:user/ada`,
      UserId: 'AIDA',
    }),
  });
  return standIns;
}

/** Adds the last middleware before the network to each client when it is first used. */
function intercept(
  Class: { prototype: unknown; name: string },
  answerOf: (operation: string) => Answer | undefined,
  calls: Call[],
): void {
  const prototype = Class.prototype as Client;
  const send = prototype.send;
  const service = Class.name.replace(/Client$/, '');
  const middlewareOf =
    (client: Client) => (_: unknown, context: { commandName: string }) => async (args: { input: never }) => {
      const operation = context.commandName.replace(/Command$/, '');
      calls.push({ name: `${service}.${operation}`, input: args.input });
      const answer = answerOf(operation);
      if (answer === undefined) throw awsError('NoStandIn', `No stand-in answers ${service}.${operation}`, 501);
      const output = await answer(args.input, await client.config.region());
      return { response: {}, output: { $metadata: { httpStatusCode: 200, attempts: 1 }, ...output } };
    };
  const prepared = new WeakSet<Client>();
  vi.spyOn(prototype, 'send').mockImplementation(function (this: Client, ...parameters) {
    if (!prepared.has(this)) {
      prepared.add(this);
      const options = { step: 'deserialize', priority: 'high', name: 'standIn' };
      this.middlewareStack.add(middlewareOf(this) as never, options as never);
    }
    return send.apply(this, parameters);
  });
}

const operationOf = (command: object): string => command.constructor.name.replace(/Command$/, '');

/** An error as the SDK throws it for AWS's answer. */
export function awsError(name: string, message: string, httpStatusCode = 400): Error {
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  return Object.assign(new Error(message), { name, $fault, $metadata: { httpStatusCode } });
}

/** What a service answers if it is asked too often. The SDK asks again. */
export const throttled = (): Error => awsError('ThrottlingException', 'Rate exceeded');

/** Answers with `error` so many times, then as before. */
export function failFirst(times: number, error: () => Error, answer: Answer): Answer {
  let left = times;
  return (input, region) => {
    if (left-- > 0) throw error();
    return answer(input, region);
  };
}
