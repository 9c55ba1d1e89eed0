import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { CfnPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

import { bundle } from './bundle.ts';
import type { Deployment } from './layer.ts';
import type { Logs } from './logs.ts';

/** A function of the project as it runs in the account. */
export interface FunctionOptions {
  /** Its name in the account. */
  readonly name: string;
  /** The module that exports `handler`, from the project's folder: `functions/authorizer/handler.ts`. */
  readonly entry: string;
  readonly description: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout: number;
  /** MiB. */
  readonly memory: number;
  readonly logs: Logs;
}

/**
 * A Lambda function of one bundled file, on the runtime the project itself runs on. Its role may write its own log
 * and nothing else; grants add what it needs.
 */
export function createFunction(
  scope: Construct,
  id: string,
  deployment: Deployment,
  options: FunctionOptions,
): Lambda {
  const logGroup = options.logs.group(`/aws/lambda/${options.name}`);
  const role = new Role(scope, `${id}-role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: options.description,
  });
  logGroup.grantWrite(role);
  const lambda = new Lambda(scope, id, {
    functionName: options.name,
    description: options.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(bundled(deployment, Stack.of(scope), options)),
    environment: { ...options.environment },
    timeout: Duration.millis(options.timeout),
    memorySize: options.memory,
    logGroup,
    role,
  });
  // The library has it wait for its role too, which it names anyway.
  const policy = role.node.tryFindChild('DefaultPolicy')?.node.defaultChild;
  if (policy instanceof CfnPolicy && lambda.node.defaultChild instanceof CfnFunction) {
    lambda.node.defaultChild.addOverride('DependsOn', [policy.logicalId]);
  }
  return lambda;
}

/** Bundles a function into a folder of its own. @returns the folder */
function bundled({ app, root }: Deployment, stack: Stack, { name, entry }: FunctionOptions): string {
  const folder = join(app.outdir, 'functions', stack.stackName, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), bundle(root, entry));
  return folder;
}
