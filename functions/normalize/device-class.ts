import type { Headers } from './event.ts';

/** The field that says a viewer's class of device. */
const name = 'x-device-class';

/**
 * Folds User-Agent into one of four classes, as the CDN's own fields for devices have them: `desktop`, `mobile`,
 * `tablet`, `smart-tv`. What a viewer says itself is overwritten; User-Agent stays as it is.
 */
export function setDeviceClass(headers: Headers): void {
  const agent = headers['user-agent']?.[0]?.value ?? '';
  headers[name] = [{ key: 'X-Device-Class', value: deviceClass(agent) }];
}

/** Tablets say less than phones, so they are looked for first. */
function deviceClass(agent: string): 'desktop' | 'mobile' | 'tablet' | 'smart-tv' {
  if (/smart-?tv|hbbtv|appletv|googletv|bravia|\baft[a-z]\w*|web0s|tizen.*\btv\b/i.test(agent))
    return 'smart-tv';
  if (/ipad|tablet|kindle|silk\/|playbook/i.test(agent)) return 'tablet';
  if (/android/i.test(agent) && !/mobile/i.test(agent)) return 'tablet';
  if (/mobi|iphone|ipod|android|windows phone|opera mini/i.test(agent)) return 'mobile';
  return 'desktop';
}
