import { classes } from '../ui/classes.ts';
import { graphemes } from '../ui/text.ts';

interface AvatarProps {
  handle: string;
  displayName: string;
  className?: string;
}

/** Decorative: the name is next to it. */
export function Avatar({ handle, displayName, className = 'size-11' }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      // Generated content: text would become part of the name of the button around it.
      data-initials={initials(displayName)}
      style={{ backgroundColor: `oklch(0.47 0.085 ${avatarHue(handle)})`, color: 'oklch(0.985 0.01 90)' }}
      className={classes(
        'flex shrink-0 select-none overflow-hidden before:content-[attr(data-initials)] items-center justify-center rounded-full text-sm font-semibold tracking-wide',
        className,
      )}
    />
  );
}

const HUES = 12;

export function initials(displayName: string): string {
  const words = displayName.trim().split(/\s+/u);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word = '') => [...graphemes(word)][0]?.toLocaleUpperCase() ?? '').join('') || '?';
}

/** A person's hue in degrees, computed from the handle regardless of its case. */
export function avatarHue(handle: string): number {
  // FNV-1a is short, and spreads handles that differ in one letter.
  let hash = 0x811c9dc5;
  for (const char of handle.toLowerCase()) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  return ((hash >>> 0) % HUES) * (360 / HUES);
}
