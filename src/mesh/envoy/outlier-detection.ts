import type { OutlierDetection } from '../proxy-model.ts';
import { seconds } from './vocabulary.ts';

/** A host that fails again and again stays out for at most this many times the definition's duration. */
const longestEjection = 3;

/**
 * Ejection after consecutive server errors, App Mesh's only kind: a failed connection or a timeout counts as one.
 * Envoy's statistical detectors are off; at least one host is ejected whatever the percentage, as in App Mesh.
 */
export function outlierDetection(definition: OutlierDetection) {
  const { maxServerErrors, interval, baseEjectionDuration, maxEjectionPercent } = definition;
  return {
    consecutive_5xx: maxServerErrors,
    enforcing_consecutive_5xx: 100,
    enforcing_consecutive_gateway_failure: 0,
    enforcing_success_rate: 0,
    interval: seconds(interval),
    base_ejection_time: seconds(baseEjectionDuration),
    max_ejection_time: seconds(longestEjection * baseEjectionDuration),
    max_ejection_percent: maxEjectionPercent,
    always_eject_one_host: true,
    // A health path can answer while requests fail: only time brings a host back.
    successful_active_health_check_uneject_host: false,
  };
}
