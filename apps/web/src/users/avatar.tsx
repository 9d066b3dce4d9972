import { classes } from '../ui/classes.ts';
import { graphemes } from '../ui/text.ts';

interface AvatarProps {
  handle: string;
  displayName: string;
  className?: string;
}

/** Decorative: the name is next to it. */
export function Avatar({ handle, displayName, className = 'size-11' }: AvatarProps) {
  const { hue, pattern } = avatarLook(handle);
  return (
    <span
      aria-hidden="true"
      // Generated content: text would become part of the name of the button around it.
      data-initials={initials(displayName)}
      style={{ '--avatar': avatarColor(hue), '--avatar-shade': avatarShade(hue), color: INITIALS_COLOR } as object}
      className={classes(
        'flex shrink-0 select-none overflow-hidden before:content-[attr(data-initials)] items-center justify-center rounded-full text-sm font-semibold tracking-wide',
        'bg-(--avatar) forced-colors:bg-none',
        PATTERNS[pattern],
        className,
      )}
    />
  );
}

const HUES = 12;
/** How the two colours meet: people with the same initials and nearly the same colour differ. Forced colors leave the border. */
const PATTERNS = [
  'forced-colors:border-2',
  'bg-linear-to-br from-(--avatar) from-50% to-(--avatar-shade) to-50% forced-colors:border-3 forced-colors:border-dashed',
  'bg-linear-to-t from-(--avatar-shade) from-30% to-(--avatar) to-30% forced-colors:border-3 forced-colors:border-dotted',
  'bg-radial from-(--avatar) from-57% to-(--avatar-shade) to-58% forced-colors:border-5 forced-colors:border-double',
];

export const INITIALS_COLOR = 'oklch(0.985 0.01 90)';
export const avatarColor = (hue: number): string => `oklch(0.5 0.1 ${hue})`;
export const avatarShade = (hue: number): string => `oklch(0.37 0.085 ${hue + 40})`;

export function initials(displayName: string): string {
  const words = displayName.trim().split(/\s+/u);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word = '') => [...graphemes(word)][0]?.toLocaleUpperCase() ?? '').join('') || '?';
}

/** A person's hue in degrees, and the number of their pattern, computed from the handle regardless of its case. */
export function avatarLook(handle: string): { hue: number; pattern: number } {
  // FNV-1a is short, and spreads handles that differ in one letter.
  let hash = 0x811c9dc5;
  for (const char of handle.toLowerCase()) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  const number = hash >>> 0;
  return { hue: (number % HUES) * (360 / HUES), pattern: Math.floor(number / HUES) % PATTERNS.length };
}
