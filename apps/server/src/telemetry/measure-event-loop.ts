import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';

/** Interval between two samples, in milliseconds. The measured values include it. */
const RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;

/**
 * Measures the delay of the event loop between two exports.
 *
 * @returns a function that stops it
 */
export function measureEventLoop(meter: Meter): () => void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const gauge = (name: string) => meter.createObservableGauge(`nodejs.eventloop.delay.${name}`, { unit: 's' });
  const [p50, p99, max] = [gauge('p50'), gauge('p99'), gauge('max')];
  meter.addBatchObservableCallback(
    (result) => {
      if (histogram.count > 0) {
        result.observe(p50, histogram.percentile(50) / NANOSECONDS);
        result.observe(p99, histogram.percentile(99) / NANOSECONDS);
        result.observe(max, histogram.max / NANOSECONDS);
      }
      histogram.reset();
    },
    [p50, p99, max],
  );
  return () => histogram.disable();
}
