import { z } from 'zod';

/** What CloudFormation asks (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html). */
export const customResourceEvent = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  RequestId: z.string().min(1),
  StackId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  /** Where the answer is put, once. */
  ResponseURL: z.url(),
  ResourceProperties: z.object({
    Cluster: z.string(),
    TaskDefinition: z.string(),
    Subnets: z.array(z.string()),
    SecurityGroups: z.array(z.string()),
  }),
});

/** A custom resource's request. */
export type CustomResourceEvent = z.output<typeof customResourceEvent>;

/** Tells CloudFormation how it went. @throws Error when the answer could not be put there */
export async function answer(event: CustomResourceEvent, failure?: string): Promise<void> {
  const body = JSON.stringify({
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    // At most 1,024 bytes are shown.
    ...(failure === undefined ? {} : { Reason: failure.slice(0, 1000) }),
    PhysicalResourceId: event.PhysicalResourceId ?? 'migration',
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  });
  const put = await fetch(event.ResponseURL, { method: 'PUT', body });
  if (!put.ok) throw new Error(`the answer was refused with ${put.status}`);
}
