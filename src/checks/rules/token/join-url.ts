/** An agent knows the server it joins: `https://<host>:6443`, from the command line, K3S_URL, or the key `server`. */
import { at, fail, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

const form = /^https:\/\/(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):6443\/?$/;

export const joinUrl: Rule<Record<string, never>> = {
  id: 'join-url',
  title: 'The URL of the server to join is set and has the form https://<host>:6443',
  needs: ['k3s'],
  options: {},
  evaluate: (_, facts) => {
    const { settings, unit = 'the k3s service' } = facts.get('k3s', '', [
      'arguments',
      'environment',
      'settings',
      'server',
    ]);
    const server = settings.server;
    const value = server?.values.at(-1);
    const expected = 'https://<host>:6443';
    if (!server || value === undefined || value === '')
      return fail(`${unit} has no server to join: neither --server, K3S_URL nor the key server is set`, {
        expected,
        found: 'none',
      });
    const evidence = [
      at(server.location, 'set by'),
      ...server.beats.map(({ location, value: text }) => at(location, 'beats', text)),
    ];
    if (form.test(value)) return pass(undefined, evidence);
    return fail(`the server to join is ${value}, ${expected} wanted`, { expected, found: value, evidence });
  },
};
