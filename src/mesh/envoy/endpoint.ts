import type { Address } from '../environment.ts';
import { fileName } from './file-name.ts';
import { discoveryResponse, socketAddress, typed } from './vocabulary.ts';

/** The file a cluster's endpoints are in. */
export function endpointFileOf(clusterName: string): string {
  return fileName('endpoints', clusterName);
}

/** The endpoint file's content: where a cluster's sidecars listen. Write it beside the file and rename it into place. */
export function endpointsOf(clusterName: string, addresses: readonly Address[]) {
  return discoveryResponse([
    typed('envoy.config.endpoint.v3.ClusterLoadAssignment', loadAssignment(clusterName, addresses)),
  ]);
}

/** Endpoints as a cluster holds them. */
export function loadAssignment(clusterName: string, addresses: readonly Address[]) {
  return {
    cluster_name: clusterName,
    endpoints: [
      { lb_endpoints: addresses.map((address) => ({ endpoint: { address: socketAddress(address) } })) },
    ],
  };
}
