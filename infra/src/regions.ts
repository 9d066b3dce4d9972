import type { Settings } from './settings.ts';

type Regions = Pick<Settings, 'region' | 'homeRegion' | 'replicaRegion' | 'writingRegion'>;

/** Whether this deployment is the second region's: table and database are replicas, created from the home region. */
export const isReplicaRegion = ({ region, replicaRegion }: Regions): boolean =>
  replicaRegion !== undefined && region === replicaRegion;

/**
 * Whether this deployment waits for a failover: no tasks, both mappings of the stream disabled. Both regions are deployed with the same
 * `writingRegion`, a single name, so at most one of them is not on standby.
 */
export const isStandby = ({ region, homeRegion, writingRegion = homeRegion }: Regions): boolean =>
  writingRegion !== undefined && region !== writingRegion;
