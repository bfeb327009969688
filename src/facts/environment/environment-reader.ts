/** The fact `environment`: environment.d(5) as systemd's user managers take it. EnvironmentFile= of a unit is the unit's. */
import { confDirectories } from '../conf-files/conf-files.ts';
import type { FactReader } from '../fact.ts';
import { readEnvironmentD } from './environment-d.ts';

export const environmentReader: FactReader<'environment'> = {
  id: 'environment',
  title: 'environment variables that environment.d gives to user services',
  reads: confDirectories('environment.d').map((directory) => `${directory}/*.conf`),
  needs: [],
  read(view) {
    const { gaps, problems, variables, files, masked } = readEnvironmentD(view);
    return {
      value: { variables, files, masked, problems: problems.map(({ message, location }) => ({ message, location })) },
      diagnostics: gaps.map(({ cause }) => cause),
      gaps,
    };
  },
};
