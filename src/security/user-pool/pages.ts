import { createHash } from 'node:crypto';

/** A page and the Content-Security-Policy under which it works. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

/** What the sign-in page shows. */
export interface SignInForm {
  readonly username?: string;
  /** Why the last attempt did not succeed. */
  readonly problem?: string;
  /** What to do without a name and a password. */
  readonly hint?: string;
  /** Origin the finished sign-in leads to: browsers apply `form-action` to the redirects after a form too. */
  readonly destination?: string;
}

const style = `
:root { color-scheme: light dark; --ink: #16202e; --soft: #566275; --line: #8a96a8; --page: #f4f6f9; --card: #fff;
  --accent: #2257d6; --accent-ink: #fff; --bad: #b3261e; --bad-page: #fdeceb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf5; --soft: #a3afc2; --line: #66738a; --page: #0d131c;
  --card: #151d29; --accent: #8ab0ff; --accent-ink: #0b1730; --bad: #ffb4ab; --bad-page: #3b1715; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 384px; background: var(--card); border-radius: 16px; padding: 32px;
  box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 12px 32px rgb(0 0 0 / .08); }
.mark { display: block; margin-bottom: 20px; color: var(--accent); }
h1 { margin: 0 0 4px; font-size: 24px; line-height: 1.25; letter-spacing: -.01em; }
p { margin: 0 0 20px; color: var(--soft); }
label { display: block; margin: 16px 0 6px; font-weight: 600; font-size: 14px; }
input { width: 100%; padding: 11px 12px; border: 1px solid var(--line); border-radius: 8px; background: transparent;
  color: inherit; font: inherit; }
button { width: 100%; margin-top: 24px; padding: 12px; border: 0; border-radius: 8px; background: var(--accent);
  color: var(--accent-ink); font: inherit; font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.problem { margin: 0; padding: 12px 14px; border-radius: 8px; background: var(--bad-page); color: var(--bad);
  font-size: 14px; }
code { font-size: 14px; }
.hint { margin: 20px 0 0; font-size: 14px; }
`;
const styleHash = createHash('sha256').update(style).digest('base64');
const mark =
  '<svg class="mark" width="36" height="36" viewBox="0 0 24 24" fill="none" stroke="currentColor" ' +
  'stroke-width="1.8" stroke-linejoin="round" aria-hidden="true">' +
  '<path d="m12 3 9 4.5-9 4.5-9-4.5z"/><path d="m3 12 9 4.5 9-4.5"/><path d="m3 16.5 9 4.5 9-4.5"/></svg>';

/** The sign-in page: a plain form that works without script. */
export function signInPage({ username = '', problem, hint, destination }: SignInForm): Page {
  const alert = problem ? `<p class="problem" role="alert" id="problem">${escapeHtml(problem)}</p>` : '';
  const advice = hint ? `<p class="hint">${escapeHtml(hint)}</p>` : '';
  const describedBy = problem ? ' aria-describedby="problem"' : '';
  const focus = { username: username ? '' : ' autofocus', password: username ? ' autofocus' : '' };
  return page(
    'Sign in · Strata',
    `${mark}<h1>Sign in</h1><p>to Strata’s user pool</p>${alert}
<form method="post" action="/login">
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required
 maxlength="128" value="${escapeHtml(username)}"${describedBy}${focus.username}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
 maxlength="256"${describedBy}${focus.password}>
<button>Sign in</button>
</form>${advice}`,
    destination,
  );
}

/** A page that says why a sign-in cannot go on. */
export function errorPage(error: string, description = 'Go back to the application and start again.'): Page {
  return page(
    'Sign-in stopped · Strata',
    `${mark}<h1>This sign-in cannot go on</h1><p>${escapeHtml(description)}</p><code>${escapeHtml(error)}</code>`,
  );
}

function page(title: string, body: string, destination?: string): Page {
  return {
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><meta name="description" content="Sign in to what runs on Strata."><style>${style}</style></head>
<body><main>${body}</main></body>
</html>
`,
    policy: [
      "default-src 'none'",
      `style-src 'sha256-${styleHash}'`,
      `form-action 'self'${destination ? ` ${destination}` : ''}`,
      // There is no script to connect; who checks pages asks for robots.txt as the page would.
      "connect-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
