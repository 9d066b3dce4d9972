import type { Driver } from './driver.ts';
import { launchFirefox } from './firefox.ts';
import { launchWebKitGtk } from './webkitgtk.ts';

/** The browsers that repeat what `tests/e2e` does on Chromium. */
export const BROWSERS: { name: string; launch: () => Promise<Driver> }[] = [
  { name: 'Firefox', launch: launchFirefox },
  { name: 'WebKitGTK', launch: launchWebKitGtk },
];
