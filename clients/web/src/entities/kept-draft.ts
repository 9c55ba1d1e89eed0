import { useEffect, useState } from 'react';
import type { Entity } from '../api/entity.ts';
import { personalPrefix } from '../session/departure.ts';
import type { Draft } from './draft.ts';

/** What is being typed, and what it began from. */
export interface KeptDraft {
  readonly draft: Draft;
  /** The entity as it was then; absent where one is created. */
  readonly base?: Entity;
  /** Stays the same while it is sent again and again, so that it is carried out once. */
  readonly idempotencyKey: string;
}

/**
 * What is being typed, kept in this tab: it is there again after a reload, a sign-in or an error.
 * @param subject who types; nobody else sees it
 * @param place of what is typed, one each
 */
export function useKeptDraft(
  subject: string,
  place: string,
): readonly [KeptDraft | undefined, (kept: KeptDraft | undefined) => void] {
  const key = `${personalPrefix}draft ${subject} ${place}`;
  const [kept, setKept] = useState<KeptDraft | undefined>(() => readKept(key));
  useEffect(() => {
    if (kept) sessionStorage.setItem(key, JSON.stringify(kept));
    else sessionStorage.removeItem(key);
  }, [key, kept]);
  return [kept, setKept];
}

function readKept(key: string): KeptDraft | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '') as KeptDraft;
  } catch {
    return undefined;
  }
}
