import { useSyncExternalStore } from 'react';
import type { Entity } from '../api/entity.ts';
import { personalPrefix } from '../session/departure.ts';
import { idOf, type OwnWrite, withWrite } from './own-writes.ts';

const key = `${personalPrefix}writes`;
const none: readonly OwnWrite[] = [];
const listeners = new Set<() => void>();
let current: readonly OwnWrite[] | undefined;

/** This device's acknowledged writes, the latest first; they outlive a reload. */
export function useOwnWrites(): readonly OwnWrite[] {
  return useSyncExternalStore(subscribe, ownWrites, () => none);
}

/** What this device last wrote of an entity. */
export function useOwnWrite(id: string): OwnWrite | undefined {
  return useOwnWrites().find((write) => idOf(write) === id);
}

/** To be called when the platform acknowledged that an entity was created or changed. */
export function noteEntity(entity: Entity, created: boolean): void {
  note({ kind: 'entity', entity, created, at: Date.now() });
}

/** To be called when the platform acknowledged that an entity was deleted. */
export function noteDeletion(id: string, version: number): void {
  note({ kind: 'deleted', id, version, at: Date.now() });
}

function note(write: OwnWrite): void {
  current = withWrite(ownWrites(), write, Date.now());
  localStorage.setItem(key, JSON.stringify(current));
  tell();
}

function ownWrites(): readonly OwnWrite[] {
  if (current) return current;
  try {
    current = JSON.parse(localStorage.getItem(key) ?? '[]') as readonly OwnWrite[];
  } catch {
    current = none;
  }
  return current;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', readAgain);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) removeEventListener('storage', readAgain);
  };
}

/** Another tab wrote. */
function readAgain({ key: changed }: StorageEvent): void {
  if (changed !== key) return;
  current = undefined;
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}
