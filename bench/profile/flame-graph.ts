import type { Frame } from './call-tree.ts';

const WIDTH = 1200;
const ROW = 17;
const CHAR = 6.2;
const HEADER = 64;
/** Smaller frames are left out, as a share of all samples. */
const SHARE_MIN = 0.003;

/** Who runs, with a colour on which dark text is readable. The first one that matches counts. */
const KINDS: { name: string; matches: RegExp; color: string }[] = [
  { name: 'this project', matches: /^(apps|packages)\//, color: '#7cc4a4' },
  { name: 'AWS SDK', matches: /^@(aws|smithy)/, color: '#f2b56b' },
  { name: 'tRPC', matches: /^@trpc\//, color: '#8fb8f0' },
  { name: 'Fastify', matches: /^(@?fastify|avvio|find-my-way|light-my-request|pino|sonic-boom)/, color: '#c3a6e8' },
  { name: 'Node', matches: /^node:/, color: '#c9ced6' },
  { name: 'V8 and native code', matches: /^V8$/, color: '#e8a3a3' },
  { name: 'other packages', matches: /./, color: '#e5d98b' },
];

/** Draws a call tree as an SVG, callers above callees, as wide as their share of the samples. For light and dark pages. */
export function flameGraph(root: Frame, title: string): string {
  const parts: string[] = [];
  let depth = 0;
  const draw = (frame: Frame, x: number, level: number) => {
    const share = frame.total / root.total;
    if (share < SHARE_MIN) return;
    depth = Math.max(depth, level);
    if (level > 0) parts.push(box(frame, x, HEADER + (level - 1) * ROW, share));
    let left = x;
    for (const callee of [...frame.callees].sort((a, b) => b.total - a.total)) {
      draw(callee, left, level + 1);
      left += (callee.total / root.total) * WIDTH;
    }
  };
  draw(root, 0, 0);
  const height = HEADER + depth * ROW + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="10.5">
<title>${escapeXml(title)}</title>
<style>.h{fill:#1f2328}@media(prefers-color-scheme:dark){.h{fill:#e6edf3}}rect{rx:2px}</style>
<text class="h" x="2" y="18" font-size="15">${escapeXml(title)}</text>
${legend(root)}
${parts.join('\n')}
</svg>
`;
}

function box({ name, source, total, self }: Frame, x: number, y: number, share: number): string {
  const width = share * WIDTH;
  const percent = (samples: number) => `${((samples / total) * share * 100).toFixed(1)} %`;
  const title = `${name}, ${source}: ${percent(total)}, itself ${percent(self)}`;
  const chars = Math.floor((width - 5) / CHAR);
  const label = chars < 3 ? '' : shorten(`${name} ${source.replace(/^.*\/(?=[^/]+:\d+$)/, '')}`, chars);
  const at = `x="${x.toFixed(1)}" y="${y}"`;
  const rect = `<rect ${at} width="${Math.max(width - 0.6, 0.6).toFixed(1)}" height="${ROW - 1}" fill="${kindOf(source).color}"/>`;
  const text = label && `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escapeXml(label)}</text>`;
  return `<g><title>${escapeXml(title)}</title>${rect}${text}</g>`;
}

/** Each kind with the share of samples in its own functions. */
function legend(root: Frame): string {
  const shares = new Map<string, number>();
  const add = (frame: Frame) => {
    const { name } = kindOf(frame.source);
    shares.set(name, (shares.get(name) ?? 0) + frame.self / root.total);
    frame.callees.forEach(add);
  };
  add(root);
  return KINDS.map(({ name, color }, i) => {
    const x = (i % 7) * (WIDTH / 7);
    const label = `${name} ${((shares.get(name) ?? 0) * 100).toFixed(0)} %`;
    return `<rect x="${x.toFixed(1)}" y="34" width="12" height="12" fill="${color}"/><text class="h" x="${(x + 17).toFixed(1)}" y="44">${label}</text>`;
  }).join('\n');
}

function kindOf(source: string) {
  const kind = KINDS.find(({ matches }) => matches.test(source));
  if (!kind) throw new Error('a frame has no source');
  return kind;
}

const shorten = (text: string, chars: number) => (text.length > chars ? `${text.slice(0, chars - 1)}…` : text);

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
