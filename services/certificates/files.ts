import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What the secret holds: PEM texts. Until its first rotation it holds something else. */
const material = z.object({
  chain: z.string().includes('BEGIN CERTIFICATE'),
  key: z.string().includes('BEGIN PRIVATE KEY'),
  authority: z.string().includes('BEGIN CERTIFICATE'),
});

/** A task's certificate. */
export type Material = z.output<typeof material>;

/** What is in the secret's text; undefined when it is no certificate. */
export function materialOf(text: string | undefined): Material | undefined {
  try {
    return material.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

/** Replaces the files, each as a whole and the certificate last: the proxy reads all of them when that one moves in. */
export async function writeMaterial(folder: string, { authority, key, chain }: Material): Promise<void> {
  for (const [name, content] of Object.entries({ authority, key, chain })) {
    const file = join(folder, `${name}.pem`);
    await writeFile(`${file}.new`, content, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}
