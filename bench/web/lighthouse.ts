import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';

/**
 * `node bench/web/lighthouse.ts URL…`: Lighthouse's marks of pages of a running platform, on an emulated phone. The
 * machine's own speed is printed beside them: its index is about 1,500 on an idle desktop, and performance means
 * little where other programs take it below 1,000.
 */
const port = 24_990;
const browser = await chromium.launch({
  executablePath: process.env.STRATA_CHROMIUM ?? '/usr/bin/chromium',
  // The platform's own authority need not be trusted by the machine.
  args: [
    '--ignore-certificate-errors',
    `--remote-debugging-port=${port}`,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
});
try {
  const cores = execFileSync('nproc', { encoding: 'utf8' }).trim();
  for (const url of process.argv.slice(2)) {
    const result = await lighthouse(url, { port, output: 'json', logLevel: 'error' });
    if (!result) throw new Error(`${url} was not measured`);
    const { categories, audits, environment } = result.lhr;
    const marks = Object.values(categories).map(({ id, score }) => `${id} ${Math.round((score ?? 0) * 100)}`);
    const times = [
      'first-contentful-paint',
      'largest-contentful-paint',
      'total-blocking-time',
      'cumulative-layout-shift',
    ].map((id) => `${id} ${audits[id]?.displayValue}`);
    const machine = `index ${environment.benchmarkIndex} on ${cores} cores, load ${loadavg()[0]?.toFixed(1)}`;
    process.stdout.write(`${url}\n  ${marks.join(', ')}\n  ${times.join(', ')}\n  ${machine}\n`);
  }
} finally {
  await browser.close();
}
