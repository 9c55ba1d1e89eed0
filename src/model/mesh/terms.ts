import { z } from 'zod';

/** A text of a length within bounds, in characters. */
export function text(min: number, max: number) {
  return z.string().min(min).max(max);
}

/** A whole number within bounds. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  return z.number().multipleOf(1, 'a whole number').min(min).max(max);
}

/** The name of a mesh, a node, a router, a route or a gateway. */
export const resourceName = text(1, 255);

/** The name of a virtual service: the host its callers ask for. The API sets no limit to it, DNS does. */
export const serviceName = text(1, 255);

/** A port a listener has or a target is reached on. */
export const port = whole(1, 65_535);

/** A file in the proxy's file system. */
export const filePath = text(1, 255);

/** A path of a request, from its first slash. */
export const httpPath = text(1, 255).regex(/^\//, "a path that starts with '/'");

/** The name of something in AWS; the partition, region and account are not looked at. */
export const arn = z.string().regex(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$/, "an ARN such as 'arn:aws:acm:…'");

/** What a port speaks. */
export const portProtocol = z.enum(['http', 'http2', 'grpc', 'tcp']);

/** What a virtual gateway's port speaks. */
export const gatewayProtocol = portProtocol.exclude(['tcp']);

/** The protocol of a port. */
export type PortProtocol = z.infer<typeof portProtocol>;

/** Which IP versions a name is resolved to. */
export const ipPreference = z.enum(['IPv4_ONLY', 'IPv4_PREFERRED', 'IPv6_ONLY', 'IPv6_PREFERRED']);
