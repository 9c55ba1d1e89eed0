import type { Finding, Origin } from '../found-resource.ts';

/** Whether a text is a template of Helm's: an expression in it is more than a name to fill in. */
export function isHelmTemplate(text: string): boolean {
  return /\{\{-?\s?(\.|\$|\/\*|(block|define|else|end|if|include|quote|range|template|toYaml|tpl|with)\b)/.test(
    text,
  );
}

/** What to tell about something that only Helm can fill in; `what` begins the sentence. */
export function helmFinding(what: string, origin: Origin): Finding {
  return {
    severity: 'error',
    code: 'helm-unresolved',
    message: `${what}, which is not evaluated here`,
    origin,
    remedy: 'Render the chart first, with helm template RELEASE CHART > rendered.yaml, and give that file.',
  };
}
