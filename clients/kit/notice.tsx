import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** What stands where there is nothing to show: what happened and what to do next. */
export function Notice({
  icon,
  title,
  tone = 'plain',
  children,
  actions,
  live = false,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly tone?: 'plain' | 'warn' | 'bad';
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Whether it came without a change of page, so that a screen reader says it. */
  readonly live?: boolean;
}) {
  return (
    <div className={`notice ${tone}`} role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
      {actions && <div className="actions">{actions}</div>}
    </div>
  );
}
