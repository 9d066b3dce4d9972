import { useMemo } from 'react';
import { EMOJI_PREFIX } from '../../outbox/unsent-storage.ts';
import { useMyself } from '../../session/me-context.ts';
import { type LocalStore, localStore } from '../../ui/local-store.ts';
import { DEFAULT_REACTIONS, SKIN_TONES, type SkinTone } from './emoji-data.ts';

const QUICK_REACTIONS = 6;

/** A person's recent reactions and skin tone, stored in this browser and deleted at sign-out. */
export function createEmojiChoices(store: LocalStore, userUuid: string) {
  const recentKey = `${EMOJI_PREFIX}recent:${userUuid}`;
  const toneKey = `${EMOJI_PREFIX}tone:${userUuid}`;
  const recent = () => (store.get(recentKey) ?? '').split(' ').filter((emoji) => emoji !== '');
  return {
    /** Six emoji: the most recent first, then the usual ones. */
    quick: (): string[] => [...new Set([...recent(), ...DEFAULT_REACTIONS])].slice(0, QUICK_REACTIONS),
    /** Remembers a reaction as the most recent. */
    use(emoji: string) {
      store.set(recentKey, [...new Set([emoji, ...recent()])].slice(0, QUICK_REACTIONS).join(' '));
    },
    tone: (): SkinTone | null => SKIN_TONES.find((tone) => tone === store.get(toneKey)) ?? null,
    setTone: (tone: SkinTone | null) => store.set(toneKey, tone),
  };
}

/** The choices of the person who is signed in. */
export function useEmojiChoices() {
  const { uuid } = useMyself();
  return useMemo(() => createEmojiChoices(localStore, uuid), [uuid]);
}
