// The public API as golden files, one per entry point: docs/api/*.api.md. `npm run api` fails where one differs, `npm run api:update` writes them.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { entryPoints } from './entryPoints.mjs';
import { root } from './run.mjs';

const { Extractor, ExtractorConfig, ExtractorLogLevel } = createRequire(import.meta.url)('@microsoft/api-extractor');
const update = process.argv.includes('--update');
const reports = join(root, 'docs', 'api');
const temp = join(root, 'temp', 'api');

/** `.` → `rx-esp-at.api.md`, `./transports/tcp` → `transports.tcp.api.md`. */
const reportName = (key) => `${key === '.' ? 'rx-esp-at' : key.slice(2).replaceAll('/', '.')}.api.md`;

const silent = { logLevel: ExtractorLogLevel.None };
const reported = { logLevel: ExtractorLogLevel.None, addToApiReportFile: true };

const configure = ({ key, types }) =>
  ExtractorConfig.prepare({
    configObjectFullPath: join(root, 'api-extractor.json'),
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, types),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: { target: 'ES2022', lib: ['ES2022', 'DOM'], module: 'nodenext', moduleResolution: 'nodenext', types: ['node'], strict: true, skipLibCheck: true },
          include: [join(root, types)],
        },
      },
      apiReport: { enabled: true, reportFileName: reportName(key), reportFolder: reports, reportTempFolder: temp },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: { default: reported, 'ae-missing-release-tag': silent, 'ae-undocumented': silent, 'ae-unresolved-link': silent, 'ae-internal-missing-underscore': silent },
        tsdocMessageReporting: { default: silent },
      },
    },
  });

mkdirSync(reports, { recursive: true });
mkdirSync(temp, { recursive: true });

let changed = 0;
let broken = 0;
const entries = entryPoints();
for (const entry of entries) {
  const name = reportName(entry.key);
  const known = existsSync(join(reports, name));
  const result = Extractor.invoke(configure(entry), {
    localBuild: update,
    messageCallback: (message) => {
      // Said below, once and in fewer words.
      if (message.messageId.startsWith('console-')) message.handled = true;
    },
  });
  if (result.errorCount > 0) broken += 1;
  if (result.apiReportChanged || (!known && !update)) {
    changed += 1;
    console.log(`${update ? 'written' : 'CHANGED'}: docs/api/${name}`);
  }
}

const wanted = new Set(entries.map(({ key }) => reportName(key)));
for (const name of readdirSync(reports).filter((file) => file.endsWith('.api.md') && !wanted.has(file))) {
  changed += 1;
  if (update) rmSync(join(reports, name));
  console.log(`${update ? 'removed' : 'STALE'}: docs/api/${name}`);
}

console.log(`api: ${entries.length} entry points, ${changed} reports ${update ? 'updated' : 'out of date'}`);
if (!update && changed > 0) console.log('If the change is meant, run `npm run api:update`, read the difference and commit it.');
process.exitCode = broken > 0 || (changed > 0 && !update) ? 1 : 0;
