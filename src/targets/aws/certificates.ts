import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { trustDomainOf } from '../../mesh/platform-mesh.ts';
import type { Plan } from '../../model/plan.ts';
import { createFunction } from './function.ts';
import { type Keys, refuseGrantsToOthers } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import type { Logs } from './logs.ts';
import { meshTopology } from './mesh-topology.ts';

/** The certificates of the mesh's proxies. */
export interface Certificates {
  /** The ARN of the secret with one proxy's certificate. */
  readonly secretOf: (proxy: string) => string;
  /** Lets a role read one proxy's certificate, and no other's. */
  readonly grantRead: (grantee: IGrantable, proxy: string) => void;
}

/** The name of the secret with one proxy's certificate; the vendor adds six characters to it in the ARN. */
export function certificateSecretName({ name }: Pick<Plan, 'name'>, proxy: string): string {
  return `${name}/mesh/${proxy}`;
}

const day = 86_400_000;
/** A certificate is replaced twice before it ends; the authority outlives what it signs by far. Milliseconds. */
const validity = { certificate: 30 * day, authority: 3650 * day };
const rotationDays = 10;

/**
 * Makes a secret for each proxy of the mesh, with a certificate that a function issues and renews. The authority's
 * key is in KMS and never leaves it; who may read a certificate is who is its service, by IAM.
 * @returns undefined when the mesh is without mutual TLS
 */
export function createCertificatesStack(
  deployment: Deployment,
  plan: Plan,
  { keys, logs }: { keys: Keys; logs: Logs },
): Certificates | undefined {
  if (!plan.mesh.mutualTls) return undefined;
  const layer = new Layer(deployment, plan, {
    name: 'certificates',
    description: "the mesh's authority, and a certificate for each proxy",
  });
  const { gateway, nodes } = meshTopology(plan);
  const trustDomain = trustDomainOf(plan.mesh.resources.name);
  const authority = new Key(layer, 'authority', {
    alias: `${plan.name}/authority`,
    description: `${plan.name}: signs for the authority of the mesh`,
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
    // Another authority is as good as this one to proxies that come with it.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  refuseGrantsToOthers(authority);
  const secretName = (proxy: string) => certificateSecretName(plan, proxy);
  const proxies = [gateway.name, ...Object.keys(nodes)];
  const rotation = createFunction(layer, 'rotation', deployment, {
    name: `${plan.name}-certificates`,
    entry: 'functions/certificates/handler.ts',
    description: `${plan.name}: renews the certificates of the mesh`,
    environment: {
      AUTHORITY_KEY: authority.keyArn,
      TRUST_DOMAIN: trustDomain,
      CERTIFICATE_TTL: String(validity.certificate),
      AUTHORITY_TTL: String(validity.authority),
      SERVICES: JSON.stringify(Object.fromEntries(proxies.map((proxy) => [secretName(proxy), proxy]))),
    },
    timeout: 30_000,
    memory: 256,
    logs,
  });
  const permission = new CfnPermission(layer, 'rotation-permission', {
    action: 'lambda:InvokeFunction',
    functionName: rotation.functionArn,
    principal: 'secretsmanager.amazonaws.com',
    sourceAccount: layer.account,
  });
  authority.grant(rotation, 'kms:Sign', 'kms:GetPublicKey', 'kms:DescribeKey');
  keys.certificates.grant(rotation, 'kms:Decrypt', 'kms:GenerateDataKey');

  const secrets = new Map(
    proxies.map((proxy) => {
      const secret = new Secret(layer, `${proxy}-certificate`, {
        secretName: secretName(proxy),
        description: `${plan.name}: the certificate of ${proxy} in the mesh`,
        encryptionKey: keys.certificates,
        removalPolicy: RemovalPolicy.DESTROY,
      });
      const grant = Grant.addToPrincipal({
        grantee: rotation,
        actions: [
          'secretsmanager:DescribeSecret',
          'secretsmanager:GetSecretValue',
          'secretsmanager:PutSecretValue',
          'secretsmanager:UpdateSecretVersionStage',
        ],
        resourceArns: [secret.secretArn],
      });
      const schedule = new CfnRotationSchedule(layer, `${proxy}-rotation`, {
        secretId: secret.secretArn,
        rotationLambdaArn: rotation.functionArn,
        rotationRules: { automaticallyAfterDays: rotationDays },
      });
      // The first certificate is made as soon as the schedule is.
      grant.applyBefore(schedule);
      schedule.addResourceDependency(permission);
      return [proxy, secret];
    }),
  );
  const secretFor = (proxy: string): Secret => {
    const secret = secrets.get(proxy);
    if (secret === undefined) throw new Error(`the mesh has no proxy ${proxy}`);
    return secret;
  };
  return {
    secretOf: (proxy) => secretFor(proxy).secretArn,
    grantRead: (grantee, proxy) => {
      Grant.addToPrincipal({
        grantee,
        actions: ['secretsmanager:GetSecretValue'],
        resourceArns: [secretFor(proxy).secretArn],
      });
      keys.certificates.grantDecrypt(grantee);
    },
  };
}
