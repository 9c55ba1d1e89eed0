import { z } from 'zod';
import { access } from './sections/access.ts';
import { compute } from './sections/compute.ts';
import { data } from './sections/data.ts';
import { gateway } from './sections/gateway.ts';
import { mesh } from './sections/mesh.ts';
import { observability } from './sections/observability.ts';
import { sla } from './sections/sla.ts';
import { name } from './terms.ts';

/** The whole document: the SLA table and the six sections, in the order of the blueprint's diagrams. */
export const documentSchema = z.strictObject({
  name,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as 'us-west-2'"),
  sla,
  access,
  gateway,
  compute,
  mesh,
  data,
  observability,
});

/** A blueprint as a person writes it. */
export type BlueprintDocument = z.input<typeof documentSchema>;

/** A blueprint with every scalar parsed and every default filled in, before names are resolved. */
export type ParsedDocument = z.output<typeof documentSchema>;
