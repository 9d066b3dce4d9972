// npm run icons: draws the installed app's icons from apps/web/public/favicon.svg, into the same folder.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { launchBrowser } from '../../tests/e2e/support/browser.ts';

const PUBLIC_DIR = path.join(ROOT_DIR, 'apps/web/public');
const MOSS = '#2c6a4c';
const PAPER = '#fdfbf6';

/** The logo, and how much of the icon it fills. Without a background, the system's shows. */
interface Icon {
  file: string;
  size: number;
  scale: number;
  background?: string;
}

const ICONS: Icon[] = [
  { file: 'icon-192.png', size: 192, scale: 1 },
  { file: 'icon-512.png', size: 512, scale: 1 },
  // Systems cut a maskable icon to their own form: only the inner 80 % are always visible.
  { file: 'icon-maskable-192.png', size: 192, scale: 0.62, background: MOSS },
  { file: 'icon-maskable-512.png', size: 512, scale: 0.62, background: MOSS },
  // iOS rounds the corners, and paints black behind what is transparent.
  { file: 'apple-touch-icon.png', size: 180, scale: 0.7, background: MOSS },
];

const logo = await readFile(path.join(PUBLIC_DIR, 'favicon.svg'), 'utf8');
const browser = await launchBrowser();
try {
  for (const icon of ICONS) await draw(icon);
} finally {
  await browser.close();
}

async function draw({ file, size, scale, background = 'transparent' }: Icon): Promise<void> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  // On moss, the bubble has the letter's colour and the letter the bubble's.
  const drawn = background === MOSS ? logo.replace(MOSS, 'letter').replace(PAPER, MOSS).replace('letter', PAPER) : logo;
  await page.setContent(
    `<style>body { margin: 0; height: 100vh; display: grid; place-items: center; background: ${background} }
    svg { width: ${size * scale}px }</style>${drawn}`,
  );
  await page.screenshot({ path: path.join(PUBLIC_DIR, file), omitBackground: true });
  await page.close();
}
