import { Plus } from 'lucide-react';
import { useState } from 'react';
import { t } from '../../i18n/t.ts';
import { useMyself } from '../../session/me-context.ts';
import { classes } from '../../ui/classes.ts';
import { useEmojiChoices } from './emoji-choices.ts';
import { isNamed, nameOf } from './emoji-data.ts';
import { useEmojiData } from './emoji-store.ts';
import { hasReacted, type Reaction } from './reaction.ts';
import { useRowFocus } from './use-row-focus.ts';

interface QuickReactionsProps {
  message: { reactions: readonly Reaction[] };
  /** `isOn` is false for a reaction that the person already has. */
  onPick: (emoji: string, isOn: boolean) => void;
  /** Asks for the full picker. */
  onMore: () => void;
}

/** Six reactions in a row and a button for all others. */
export function QuickReactions({ message, onPick, onMore }: QuickReactionsProps) {
  const me = useMyself();
  const choices = useEmojiChoices();
  // Fixed while it is open: a pick must not move the others.
  const [emojis] = useState(() => choices.quick());
  const { state } = useEmojiData(!emojis.every(isNamed));
  const names = state.kind === 'ready' ? state.names : undefined;
  const { row, button } = useRowFocus(emojis.length + 1);
  return (
    <div {...row} role="toolbar" aria-label={t('actions.reactions.quick')} className="flex justify-between gap-0.5">
      {emojis.map((emoji, index) => {
        const isMine = hasReacted(message.reactions, me.uuid, emoji);
        const name = nameOf(emoji, names);
        return (
          <button
            key={emoji}
            {...button(index)}
            aria-label={name}
            title={name}
            aria-pressed={isMine}
            onClick={() => {
              if (!isMine) choices.use(emoji);
              onPick(emoji, !isMine);
            }}
            className={classes(BUTTON, 'text-2xl', isMine && 'bg-selected ring-1 ring-moss ring-inset')}
          >
            {emoji}
          </button>
        );
      })}
      <button
        {...button(emojis.length)}
        aria-label={t('actions.reactions.more')}
        title={t('actions.reactions.more')}
        onClick={onMore}
        className={classes(BUTTON, 'text-muted hover:text-ink')}
      >
        <Plus size={20} aria-hidden />
      </button>
    </div>
  );
}

// Seven fit at 320 px: where there is less room than 44 px for each, they shrink evenly.
const BUTTON =
  'flex h-10 w-10 min-w-8 shrink items-center justify-center rounded-full leading-none hover:bg-hover pointer-coarse:h-11 pointer-coarse:w-11';
