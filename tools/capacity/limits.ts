import type { Assumptions } from './assumptions.ts';
import { type Demand, demandOf } from './demand.ts';

export interface Limit {
  what: string;
  /** A setting of the deployment, a quota that AWS raises on request, or a limit of the design. */
  kind: 'setting' | 'quota' | 'design';
  demand: number;
  limit: number;
}

/** The limits of the whole system. docs/scale.md explains each, and lists those of one person or conversation. */
function limitsOf({ peak, maxInvocations, maxBusEvents }: Demand, { settings, aws, bus }: Assumptions): Limit[] {
  const invocations = Math.min(maxInvocations, settings.streamConcurrency);
  const limit = (kind: Limit['kind'], what: string, demand: number, limit: number) => ({ kind, what, demand, limit });
  return [
    limit('setting', 'API tasks (`apiTasksMax`)', peak.tasks, settings.apiTasksMax),
    limit('setting', 'concurrent stream invocations (`streamConcurrency`)', peak.invocations, invocations),
    limit('quota', 'concurrent Lambda invocations of the account', peak.allInvocations, aws.lambdaConcurrency),
    limit('quota', 'write units per second, table and index', peak.writeUnits, aws.tableWriteUnits),
    limit('setting', 'PostgreSQL connections (`databaseAcuMin`)', peak.databaseConnections, aws.databaseConnections),
    limit('setting', 'PostgreSQL capacity (`databaseAcuMax`)', peak.acus, settings.databaseAcuMax),
    limit('quota', 'Cognito token refreshes per second', peak.tokenRefreshes, aws.tokenRefreshes),
    limit('setting', 'NOTIFY: events per second that every task receives (`bus`)', peak.busEvents, maxBusEvents),
    limit(
      'setting',
      'one shard of Valkey: events per second (`valkeyShards`)',
      peak.busEvents + peak.messages,
      bus.valkeyNode,
    ),
  ];
}

/** Each limit at the number of daily users that reaches it, the nearest first. */
export function limitsReached(assumptions: Assumptions): (Limit & { dailyUsers: number })[] {
  const at = (dailyUsers: number) => limitsOf(demandOf(dailyUsers, assumptions), assumptions);
  return at(1)
    .flatMap((_, i) => {
      // Demand only grows with users: a binary search finds where it reaches the limit.
      let [below, above] = [1, 1e12];
      while (above / below > 1.0001) {
        const middle = Math.sqrt(below * above);
        if (
          at(middle)
            .slice(i, i + 1)
            .every(({ demand, limit }) => demand < limit)
        )
          below = middle;
        else above = middle;
      }
      return at(above)
        .slice(i, i + 1)
        .map((limit) => ({ ...limit, dailyUsers: above }));
    })
    .sort((a, b) => a.dailyUsers - b.dailyUsers);
}
