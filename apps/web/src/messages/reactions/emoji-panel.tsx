import { type EmojiPickerListComponents, EmojiPicker as Primitive, type EmojiData as PrimitiveData } from 'frimousse';
import {
  Apple,
  CarFront,
  Flag,
  Hand,
  Hash,
  Lightbulb,
  type LucideIcon,
  PawPrint,
  Search,
  Smile,
  Trophy,
} from 'lucide-react';
import { type AriaAttributes, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { language, t } from '../../i18n/t.ts';
import { isTouchOnly } from '../../ui/browser.ts';
import { useEmojiChoices } from './emoji-choices.ts';
import type { EmojiData } from './emoji-data.ts';
import { SkinTones } from './skin-tones.tsx';
import { useRowFocus } from './use-row-focus.ts';

export interface EmojiPanelProps {
  data: EmojiData;
  onPick: (emoji: string) => void;
}

/** All emoji, with search, categories and skin tones. It fills its container. */
export default function EmojiPanel({ data, onPick }: EmojiPanelProps) {
  const choices = useEmojiChoices();
  const [tone, setTone] = useState(choices.tone);
  const [search, setSearch] = useState('');
  const viewport = useRef<HTMLDivElement>(null);
  const all = useMemo(() => toPrimitive(data), [data]);
  const resolve = useCallback(() => all, [all]);
  const toCategory = (index: number) => {
    const category = viewport.current?.querySelectorAll<HTMLElement>('[frimousse-list-sizer] > [frimousse-category]')[
      index
    ];
    if (category !== undefined) viewport.current?.scrollTo({ top: category.offsetTop });
  };
  return (
    <Primitive.Root
      resolveEmojiData={resolve}
      columns={isTouchOnly() ? 7 : 8}
      skinTone={tone ?? 'none'}
      onEmojiSelect={({ emoji, label }) => {
        // The list may still be that of the text before the last key.
        if (!isHit(all, label, search)) return;
        choices.use(emoji);
        onPick(emoji);
      }}
      className="flex min-h-0 grow flex-col"
    >
      <SearchField search={search} onSearch={setSearch} />
      {search === '' ? <Categories data={data} onChoose={toCategory} /> : null}
      <Primitive.Viewport ref={viewport} tabIndex={-1} className="min-h-0 grow px-2 outline-none">
        <Primitive.Empty>
          <span role="status" className="block px-3 py-8 text-center text-muted">
            {t('composer.emoji.none')}
          </span>
        </Primitive.Empty>
        <Primitive.List components={PARTS} aria-label={t('composer.emoji')} className="select-none" />
      </Primitive.Viewport>
      <div className="flex min-h-12 items-center gap-2 border-t border-line px-2">
        <Primitive.ActiveEmoji>
          {({ emoji }) => (
            <span
              aria-hidden
              className="min-w-0 grow truncate text-sm text-muted first-letter:uppercase pointer-coarse:hidden"
            >
              {emoji?.label}
            </span>
          )}
        </Primitive.ActiveEmoji>
        <SkinTones
          tone={tone}
          onChoose={(next) => {
            setTone(next);
            choices.setTone(next);
          }}
        />
      </div>
    </Primitive.Root>
  );
}

function SearchField({ search, onSearch }: { search: string; onSearch: (search: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // On a touch screen it would open the keyboard, over the emoji.
    if (!isTouchOnly()) field.current?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the library's field is inside
    <label className="m-2 flex items-center gap-2 rounded-full border border-edge bg-paper px-3 ring-moss focus-within:border-moss focus-within:ring-1">
      <Search size={16} aria-hidden className="text-muted" />
      <Primitive.Search
        ref={field}
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        placeholder={t('composer.emoji.search')}
        aria-label={t('composer.emoji.search')}
        className="h-10 min-w-0 grow bg-transparent outline-none placeholder:text-muted pointer-coarse:h-11"
      />
    </label>
  );
}

/** The library searches names and tags: shortcodes become tags. */
function toPrimitive({ categories, emojis }: EmojiData): PrimitiveData {
  return {
    locale: language(),
    categories: categories.map((label, index) => ({ index, label })),
    emojis: emojis.map((entry) => ({ ...entry, tags: [...entry.tags, ...entry.shortcodes] })),
    // Only used by the library's own selector.
    skinTones: { light: '', 'medium-light': '', medium: '', 'medium-dark': '', dark: '' },
  };
}

/** Whether an emoji fits a search, as the library decides it. */
function isHit({ emojis }: PrimitiveData, label: string, search: string): boolean {
  const words = search.toLowerCase().trim();
  const entry = emojis.find((each) => each.label === label);
  return [label, ...(entry?.tags ?? [])].some((each) => each.toLowerCase().includes(words));
}

/** ARIA counts rows and columns from 1, the library from 0. It finds rows by this attribute, except the first. */
function countFromOne<P extends AriaAttributes>(props: P): P {
  const { 'aria-rowindex': row, 'aria-colindex': column } = props;
  return {
    ...props,
    'aria-rowindex': row || undefined,
    'aria-colindex': column === undefined ? undefined : column + 1,
  };
}

const PARTS: EmojiPickerListComponents = {
  CategoryHeader: ({ category, ...props }) => (
    <div {...props} className="bg-surface px-1 py-1.5 text-xs font-medium text-muted first-letter:uppercase">
      {category.label}
    </div>
  ),
  Row: (props) => <div {...countFromOne(props)} className="scroll-my-1" />,
  Emoji: ({ emoji, ...props }) => (
    <button
      type="button"
      {...countFromOne(props)}
      className="flex h-10 min-w-0 flex-[0_0_calc(100%/var(--frimousse-list-columns))] items-center justify-center rounded-xl text-2xl leading-none data-active:bg-hover data-active:ring-1 data-active:ring-edge data-active:ring-inset forced-colors:data-active:outline-2 pointer-coarse:h-11"
    >
      {emoji.emoji}
    </button>
  ),
};

// In the order of the data.
const CATEGORY_ICONS: readonly LucideIcon[] = [Smile, Hand, PawPrint, Apple, CarFront, Trophy, Lightbulb, Hash, Flag];

function Categories({ data, onChoose }: { data: EmojiData; onChoose: (index: number) => void }) {
  // On a device that draws no flags, there is no such category.
  const shown = data.categories.flatMap((label, category) => {
    const Icon = CATEGORY_ICONS[category];
    return Icon && data.emojis.some((entry) => entry.category === category) ? [{ label, Icon }] : [];
  });
  const { row, button } = useRowFocus(shown.length);
  return (
    <div
      {...row}
      role="toolbar"
      aria-label={t('composer.emoji.categories')}
      className="mx-2 flex border-b border-line pb-1"
    >
      {shown.map(({ label, Icon }, index) => (
        <button
          key={label}
          {...button(index)}
          aria-label={label}
          title={label}
          onClick={() => onChoose(index)}
          className="flex h-9 min-w-0 grow items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-ink pointer-coarse:h-11"
        >
          <Icon size={17} aria-hidden />
        </button>
      ))}
    </div>
  );
}
