import { Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Plan } from '../../model/plan.ts';
import { type Keys, tableKeyUse } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import { createProtectedTable } from './protected-table.ts';

/** What the sessions give to the function that keeps them. */
export interface Sessions {
  /** The secret that its keys are made from. */
  readonly secretArn: string;
  /** Lets a role do what the function does with the one table and the one secret. */
  readonly grantUse: (grantee: IGrantable) => void;
}

/** What the function does with the table; see src/data/sessions/store.ts. */
const actions = [
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:Query',
];

/** Makes the table of sessions and the secret that what is in it is sealed and hashed with. */
export function createSessionsStack(deployment: Deployment, plan: Plan, { keys }: { keys: Keys }): Sessions {
  const layer = new Layer(deployment, plan, {
    name: 'sessions',
    description: 'the sessions of people who signed in',
    holdsData: true,
  });
  const table = createProtectedTable(layer, { ...plan.data.sessions.table, key: keys.sessions });
  const secret = new Secret(layer, 'secret', {
    description: 'What the keys of the sessions are made from',
    encryptionKey: keys.sessions,
    generateSecretString: { excludePunctuation: true, passwordLength: 64 },
    removalPolicy: layer.dataRemoval,
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'Another one ends every session: that is for a person to decide, and how is in docs/sessions.md.',
  });
  return {
    secretArn: secret.secretArn,
    grantUse: (grantee) => {
      Grant.addToPrincipal({ grantee, actions, resourceArns: [table.tableArn] });
      Grant.addToPrincipal({
        grantee,
        actions: ['secretsmanager:GetSecretValue'],
        resourceArns: [secret.secretArn],
      });
      keys.sessions.grant(grantee, ...tableKeyUse);
    },
  };
}
