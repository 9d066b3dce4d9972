import { classes } from '../ui/classes.ts';
import { avatarHue, initials } from './avatar-face.ts';

export interface AvatarProps {
  handle: string;
  displayName: string;
  className?: string;
}

/** A person's initials on their own colour. Decorative: the name is next to it. */
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
