import type { Output } from '../frame/output.ts';
import { count } from '../frame/text.ts';
import type { OperatorTable } from '../frame/with-table.ts';

/** Prints the capacity that a reading command consumed, as its last line. */
export async function printConsumed(out: Output, table: OperatorTable): Promise<void> {
  const consumed = table.consumed();
  const units = consumed.reduce((sum, use) => sum + use.units, 0);
  const calls = consumed.map((use) => `${use.calls} × ${use.operation}`).join(', ');
  await out.line(
    { consumedCapacity: { units, calls: consumed } },
    () => `Consumed ${count(units, 'read unit')} (${calls})`,
  );
}
