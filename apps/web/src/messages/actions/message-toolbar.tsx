import { Check, Copy, Ellipsis, Link, type LucideIcon, Reply, SmilePlus } from 'lucide-react';
import { type ComponentProps, type RefObject, useEffect, useState } from 'react';
import { t } from '../../i18n/t.ts';
import { classes } from '../../ui/classes.ts';
import { schedule } from '../../ui/timers.ts';

/** How long the copy button shows that it has copied, in milliseconds. */
const COPIED_MS = 1_500;

interface MessageToolbarProps {
  /** A message that is not sent yet can only be copied. */
  isSent: boolean;
  /** The other person can be written to. */
  canWrite: boolean;
  /** Otherwise only assistive technology finds the last button. */
  isShown: boolean;
  isMenuOpen: boolean;
  tabIndex: number;
  more: RefObject<HTMLButtonElement | null>;
  onReact: () => void;
  onReply: () => void;
  /** Returns whether the browser has copied, as does `onCopyLink`. */
  onCopy: () => Promise<boolean>;
  onCopyLink: () => Promise<boolean>;
  onMore: () => void;
}

/** The buttons for one message. Where there is little room, some are only in the menu. Next to a long message they stay in view. */
export function MessageToolbar(props: MessageToolbarProps) {
  const { isSent, canWrite, isShown, isMenuOpen, tabIndex, more, onReact, onReply, onCopy, onCopyLink, onMore } = props;
  return (
    <div className={isShown ? SHOWN : 'sr-only opacity-0'}>
      {isShown && isSent && canWrite ? (
        <ToolbarButton label={t('actions.react')} tabIndex={tabIndex} className="hidden sm:@sm:flex" onClick={onReact}>
          <SmilePlus size={17} aria-hidden />
        </ToolbarButton>
      ) : null}
      {isShown && isSent && canWrite ? (
        <ToolbarButton label={t('actions.reply')} tabIndex={tabIndex} className={IF_WIDE} onClick={onReply}>
          <Reply size={17} aria-hidden className="rtl:-scale-x-100" />
        </ToolbarButton>
      ) : null}
      {isShown || !isSent ? (
        <CopyButton
          label={t('actions.copyMessage')}
          Icon={Copy}
          tabIndex={tabIndex}
          className={isSent ? IF_WIDE : 'flex'}
          onCopy={onCopy}
        />
      ) : null}
      {isShown && isSent ? (
        <CopyButton
          label={t('actions.link')}
          Icon={Link}
          tabIndex={tabIndex}
          className={IF_WIDEST}
          onCopy={onCopyLink}
        />
      ) : null}
      {isSent ? (
        <ToolbarButton
          ref={more}
          label={t('actions.more')}
          aria-haspopup="menu"
          aria-expanded={isMenuOpen}
          tabIndex={tabIndex}
          className="flex"
          onClick={onMore}
        >
          <Ellipsis size={17} aria-hidden />
        </ToolbarButton>
      ) : null}
    </div>
  );
}

const SHOWN = 'sticky top-1 flex rounded-full border border-line bg-surface shadow-pane';
const IF_WIDE = 'hidden sm:@xl:flex pointer-coarse:hidden';

// Where five buttons fit next to the widest bubble.
const IF_WIDEST = 'hidden sm:@[44rem]:flex pointer-coarse:hidden';

interface ToolbarButtonProps extends ComponentProps<'button'> {
  label: string;
}

function ToolbarButton({ label, className, ...rest }: ToolbarButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={classes(
        'size-8.5 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11',
        className,
      )}
      {...rest}
    />
  );
}

interface CopyButtonProps {
  label: string;
  Icon: LucideIcon;
  tabIndex: number;
  className: string;
  onCopy: () => Promise<boolean>;
}

function CopyButton({ label, Icon, tabIndex, className, onCopy }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => (copied ? schedule(() => setCopied(false), COPIED_MS) : undefined), [copied]);
  return (
    <ToolbarButton
      label={copied ? t('actions.isCopied') : label}
      tabIndex={tabIndex}
      className={className}
      onClick={() => void onCopy().then(setCopied)}
    >
      {copied ? <Check size={17} aria-hidden /> : <Icon size={17} aria-hidden />}
    </ToolbarButton>
  );
}
