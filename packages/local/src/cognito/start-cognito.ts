import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { EMBEDDED_COGNITO } from '@cruddur/config/env';
import { createServer } from 'cognito-local/lib/server/server.js';
import pino from 'pino';
import type { ExitReport } from '../engines/errors.ts';
import { freePort } from '../engines/free-port.ts';
import { startLog } from '../engines/log-file.ts';
import { assertPortFree, EMBEDDED_PORTS, LOOPBACK } from '../engines/ports.ts';
import { type CognitoRequest, handleCall } from './calls.ts';
import { createEmulator } from './emulator.ts';

interface CognitoOptions {
  /** By default a free one. */
  port?: number;
  /** The folder of the accounts. */
  dataDir: string;
  logFile: string;
  /** Origins whose pages may call it; none by default. */
  webOrigins?: string[];
}

export type CognitoEngine = Awaited<ReturnType<typeof startCognito>>;

/**
 * Starts the Cognito emulator inside this process, with one user pool and one client. People sign in with their handle
 * (the user name) or their confirmed e-mail address, by USER_PASSWORD_AUTH, and sign up with the handle as user name.
 *
 * @throws {StackError} when the port is taken
 */
export async function startCognito(options: CognitoOptions) {
  const { dataDir, logFile, webOrigins = [] } = options;
  const port = options.port ?? (await freePort());
  await assertPortFree(port, EMBEDDED_PORTS.cognito);
  const logger = pino({ base: null }, pino.destination({ dest: startLog(logFile), sync: true }));
  const origin = `http://${LOOPBACK}:${port}`;
  const emulator = await createEmulator({ logger }, dataDir, origin);

  // One call at a time: the emulator reads, changes and writes whole accounts.
  let last: Promise<unknown> = Promise.resolve();
  const { application } = createServer(
    (name) => (context, request: CognitoRequest) => {
      const answer = last.then(() => handleCall(emulator, name, context, request));
      last = answer.catch(() => undefined);
      return answer;
    },
    logger,
    {},
  );
  const http = createHttpServer((request, response) => {
    const { origin } = request.headers;
    // The emulator itself allows every origin, so any page in this machine's browser could list all accounts.
    if (origin !== undefined && !webOrigins.includes(origin)) response.writeHead(403).end();
    else (application as RequestListener)(request, response);
  });
  let stopping = false;
  const exited = new Promise<ExitReport>((resolve) => {
    http.once('close', () => resolve({ name: 'Cognito', code: null, signal: null, expected: stopping, logFile }));
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, LOOPBACK, resolve);
  });
  return {
    name: 'Cognito',
    endpoint: origin,
    /** The tokens' `iss` claim. */
    issuer: `${origin}/${EMBEDDED_COGNITO.userPoolId}`,
    ...EMBEDDED_COGNITO,
    exited,
    async stop() {
      stopping = true;
      http.close();
      http.closeAllConnections();
      await Promise.all([exited, last]);
    },
  };
}
