import { type Command, Option } from 'commander';
import type { TlsConfig } from 'rx-esp-at';
import { Exit, exitCode } from './exitCode.js';
import { whole } from './whole.js';

/** Who proves itself by a certificate in TLS, and by which of those in the module's flash. */
export interface ProofOptions {
  readonly verify?: NonNullable<TlsConfig['verify']>;
  readonly ca?: number;
  readonly cert?: number;
}

/** Adds the options of a command that connects by TLS. */
export const withProof = (command: Command): Command =>
  command
    .addOption(new Option('--verify <who>', 'https: who must prove itself by a certificate: none (as without it), server, client (the module), both').choices(['none', 'server', 'client', 'both']))
    .option('--ca <number>', 'https: which authority in the flash of the module judges the server (0 unless given)', whole(0, 255))
    .option('--cert <number>', 'https: which certificate in its flash the module shows (0 unless given)', whole(0, 255));

/** How the module opens a TLS connection to `name`, which is undefined for an address. */
export const proofOf = ({ verify = 'none', ca, cert }: ProofOptions, name: string | undefined): Pick<TlsConfig, 'verify' | 'authority' | 'certificate' | 'commonName'> => {
  const judges = verify === 'server' || verify === 'both';
  return {
    verify,
    ...(ca === undefined ? {} : { authority: ca }),
    ...(cert === undefined ? {} : { certificate: cert }),
    // Without it every server whose certificate the authority has signed would do.
    ...(judges && name !== undefined ? { commonName: name } : {}),
  };
};

/** Throws exit code 2 for options that would have no effect. */
export const checkProof = ({ verify = 'none', ca, cert }: ProofOptions, url: URL): void => {
  const wrong = (text: string): never => {
    throw new Exit(exitCode.usage, text);
  };
  if (verify !== 'none' && url.protocol !== 'https:') wrong('--verify is for https:// only');
  if (ca !== undefined && verify !== 'server' && verify !== 'both') wrong('--ca needs --verify server or --verify both');
  if (cert !== undefined && verify !== 'client' && verify !== 'both') wrong('--cert needs --verify client or --verify both');
};
