import { type App, Fn, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import type { Plan } from '../../model/plan.ts';

/** What every layer of one platform is made in. */
export interface Deployment {
  readonly app: App;
  /** The project's folder, absolute: Dockerfiles, functions and services are found from here. */
  readonly root: string;
  /** Twelve digits, when known; templates fit any account without it. */
  readonly account: string | undefined;
  /** Whether removing a stack removes its data, too: only ever true on the way to `strata destroy --delete-data`. */
  readonly deleteData: boolean;
  /** Whether it goes to an emulator, which does not know protection from deletion. */
  readonly emulated?: boolean;
}

/** How one layer's stack is made. */
export interface LayerOptions {
  /** The layer's file in this folder, and the last part of the stack's name. */
  readonly name: string;
  readonly description: string;
  /** The plan's region when left out. */
  readonly region?: string;
  /** Whether it names what a layer of another region made. */
  readonly refersAcrossRegions?: boolean;
  /**
   * Whether it holds data, or something that data can't do without. Such a stack is protected from deletion, and
   * `strata destroy` leaves it alone.
   */
  readonly holdsData?: boolean;
}

/** The tag that says of a stack that `strata destroy` leaves it. */
export const holdsDataTag = 'strata:holds-data';

/** The stack of one layer: `cloud-native-network`. */
export class Layer extends Stack {
  /** What happens to this stack's data when the stack goes. */
  readonly dataRemoval: RemovalPolicy;
  /** Whether data may not be deleted for as long as the stack stands. */
  readonly protectsData: boolean;
  readonly #zones: number;

  constructor({ app, account, deleteData, emulated }: Deployment, plan: Plan, options: LayerOptions) {
    const tags = {
      'strata:platform': plan.name,
      'strata:layer': options.name,
      ...(options.holdsData === true ? { [holdsDataTag]: 'true' } : {}),
    };
    super(app, `${plan.name}-${options.name}`, {
      tags,
      description: `${plan.name}: ${options.description}`,
      env: { region: options.region ?? plan.region, ...(account === undefined ? {} : { account }) },
      terminationProtection: options.holdsData === true && !deleteData && emulated !== true,
      crossRegionReferences: options.refersAcrossRegions === true,
    });
    this.dataRemoval = deleteData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.protectsData = !deleteData;
    this.#zones = plan.compute.network.zones;
    for (const [name, value] of Object.entries(tags)) Tags.of(this).add(name, value);
  }

  /**
   * The region's first zones as the account has them, found at deployment: names differ by account (Tokyo has no
   * `b` for most), and nothing has to be looked up to synthesize.
   */
  override get availabilityZones(): string[] {
    return Array.from({ length: this.#zones }, (_, index) => Fn.select(index, Fn.getAzs()));
  }
}
