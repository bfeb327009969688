/** What environment.d gives the user managers of the machine, and with them every session's services. */
import type { Location } from '../../location.ts';
import type { EnvironmentD } from './environment-d.ts';

/** Variables with the line that counts and those it overrode; problems with the place in the file. */
export interface EnvironmentFact extends Pick<EnvironmentD, 'variables' | 'files' | 'masked'> {
  /** Lines that the generator refuses. */
  readonly problems: readonly { readonly message: string; readonly location: Location }[];
}
