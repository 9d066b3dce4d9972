import { createRedisBus } from '../../../apps/server/src/live/redis-bus.ts';
import type { BusInstance } from '../../../apps/server/tests/bus-contract.ts';

/** An instance's bus over Redis, and the errors that it reported. */
export function createInstance(url: string, network: BusInstance['network']): BusInstance {
  const errors: Error[] = [];
  return { bus: createRedisBus({ url, onError: (error) => errors.push(error) }), errors, network };
}
