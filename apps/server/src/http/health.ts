import { pingDatabase } from '@cruddur/db';
import { pingTable } from '@cruddur/ddb';
import type { FastifyInstance } from 'fastify';
import type { Services } from '../context.ts';

/** `/healthz`: the process runs. `/readyz`: PostgreSQL and DynamoDB answer. */
export function registerHealth(server: FastifyInstance, services: Pick<Services, 'db' | 'store'>): void {
  server.get('/healthz', async () => ({ status: 'ok' }));

  server.get('/readyz', async (request, reply) => {
    const signal = AbortSignal.timeout(3000);
    const [postgres, dynamodb] = await Promise.allSettled([
      pingDatabase(services.db),
      pingTable({ ...services.store, signal }),
    ]);
    const states = { postgres: stateOf(postgres), dynamodb: stateOf(dynamodb) };
    const isReady = postgres.status === 'fulfilled' && dynamodb.status === 'fulfilled';
    if (!isReady) request.log.warn(states, 'not ready');
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'unavailable', ...states });
  });
}

function stateOf(result: PromiseSettledResult<void>): 'ok' | 'unavailable' {
  return result.status === 'fulfilled' ? 'ok' : 'unavailable';
}
