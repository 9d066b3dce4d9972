import type { Prices } from './prices.ts';
import type { Usage } from './usage.ts';

/** A part of the bill. */
export interface CostLine {
  what: string;
  /** How the amount comes about, in numbers. */
  arithmetic: string;
  dollars: number;
}

/** What a month is taken to have. */
const DAYS = 30;
const HOURS = 730;
const SECONDS = HOURS * 3600;
const GB = 1e9;

/** What so many daily users ask of the system: a month's sums, and the busiest second. */
export function loadOf(dailyUsers: number, usage: Usage) {
  const { messages, readMarks, listPages, threadPages, otherCalls, typingSignals, units, bytes } = usage;
  const monthly = (perDay: number) => dailyUsers * perDay * DAYS;
  const sent = monthly(messages);
  const typing = sent * typingSignals;
  const calls = monthly(messages + readMarks + listPages + threadPages + otherCalls) + typing;
  // What the instances tell each other.
  const events = sent + monthly(readMarks) + typing;
  const writeUnitsOfMessage = usage.loneShare * units.loneMessage + (1 - usage.loneShare) * units.burstMessage;
  const invocations = sent * (usage.loneShare + (1 - usage.loneShare) / 20);
  const atPeak = (perMonth: number) => (perMonth / SECONDS) * usage.peak;
  const peakStreams = ((dailyUsers * usage.minutesOnline) / (24 * 60)) * usage.peak;
  const peakTasks = Math.max(
    2,
    Math.ceil(peakStreams / usage.task.streams),
    Math.ceil(atPeak(calls) / usage.task.requestsPerSecond),
  );
  return {
    sent,
    calls,
    invocations,
    writeUnitsOfMessage,
    writeUnits: sent * writeUnitsOfMessage + monthly(readMarks) * units.readMark,
    readUnits: monthly(listPages) * units.listPage + monthly(threadPages) * units.threadPage + invocations * units.move,
    tableGb: (sent * usage.monthsKept * bytes.message) / GB,
    outGb:
      (monthly(listPages * bytes.listPage + threadPages * bytes.threadPage + messages * 2 * bytes.event) +
        typing * bytes.typingEvent +
        monthly(bytes.page) / 7) /
      GB,
    logGb: (calls * bytes.logLine) / GB,
    peakMessages: atPeak(sent),
    peakCalls: atPeak(calls),
    peakEvents: atPeak(events),
    peakStreams,
    peakTasks,
    // Tasks follow the hours, and never fall below two.
    tasks: Math.max(2, Math.ceil(peakTasks / 2)),
    acus: Math.max(0.5, atPeak(events) / usage.perAcu / 2),
    activeUsers: dailyUsers * usage.monthlyPerDaily,
  };
}

/** The bill of a month for so many daily users. */
export function monthlyCost(dailyUsers: number, usage: Usage, prices: Prices): CostLine[] {
  const load = loadOf(dailyUsers, usage);
  const { dynamodb, lambda, fargate, loadBalancer, nat, aurora, cloudFront, cognito, cloudWatch, secret } = prices;
  const millions = (value: number) => value / 1e6;
  // Of a balancer's units, open connections (two a stream, at half the peak) are what there is most of.
  const balancerUnits = Math.max(1, load.peakStreams / 3000, load.outGb / HOURS);
  return [
    line('DynamoDB writes', [millions(load.writeUnits), 'M units'], [dynamodb.writeMillion, 'M']),
    line('DynamoDB reads', [millions(load.readUnits), 'M units'], [dynamodb.readMillion, 'M']),
    line('DynamoDB storage, with recovery', [load.tableGb, 'GB'], [dynamodb.storageGb + dynamodb.recoveryGb, 'GB']),
    line('Lambda requests', [millions(load.invocations), 'M'], [lambda.requestMillion, 'M']),
    line(
      'Lambda time',
      [(load.invocations * usage.invocation.ms * usage.invocation.gb) / 1000, 'GB s'],
      [lambda.gbSecond, 'GB s'],
    ),
    line('Fargate', [load.tasks * HOURS, 'task hours'], [fargate.vcpuHour + 2 * fargate.gbHour, 'task hour']),
    line(
      'Load balancer',
      [HOURS, 'hours'],
      [loadBalancer.hour + balancerUnits * loadBalancer.capacityUnitHour, 'hour'],
    ),
    line('NAT gateways', [2 * HOURS, 'hours'], [nat.hour, 'hour']),
    line('NAT, the logs on their way', [load.logGb, 'GB'], [nat.gb, 'GB']),
    line('Aurora capacity, two instances', [2 * load.acus * HOURS, 'unit hours'], [aurora.acuHour, 'unit hour']),
    line(
      'Aurora storage',
      [Math.max(10, (load.activeUsers * usage.bytes.person) / GB), 'GB'],
      [aurora.storageGb, 'GB'],
    ),
    line('Aurora I/O', [millions(load.activeUsers * 10 * DAYS), 'M'], [aurora.ioMillion, 'M']),
    line('CloudFront, data out', [load.outGb, 'GB'], [cloudFront.gb, 'GB']),
    line('CloudFront requests', [millions(load.calls), 'M'], [cloudFront.requestMillion, 'M']),
    line('Cognito, with threat protection', [load.activeUsers, 'people'], [cognito.activeUser, 'person']),
    line('CloudWatch logs', [load.logGb, 'GB'], [cloudWatch.logGb, 'GB']),
    line('Alarms, dashboard, secrets', [1, 'set'], [16 * cloudWatch.alarm + cloudWatch.dashboard + 3 * secret, 'set']),
  ];
}

/** The sum of a bill, in dollars. */
export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

function line(what: string, [amount, unit]: [number, string], [price, per]: [number, string]): CostLine {
  const dollars = amount * price;
  return { what, dollars, arithmetic: `${short(amount)} ${unit} × $${Number(price.toPrecision(3))}/${per}` };
}

/** A number as one reads it: three digits that count. */
export function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 });
}
