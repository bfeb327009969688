/** Completion for bash and zsh: one function that finds the command in the words before, and offers its words and options. */
import type { CompletedCommand } from './command-words.ts';

/** To be sourced by bash. */
export function formatBashCompletion(commands: readonly CompletedCommand[]): string {
  return `_check_image() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= words= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${command:+$command }\${COMP_WORDS[i]}" in
      ${pathPattern(commands)}) command="\${command:+$command }\${COMP_WORDS[i]}" ;;
    esac
  done
${formatCases(commands)}
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o bashdefault -o default -F _check_image check-image
`;
}

/** To be put into a folder of zsh's fpath as \`_check-image\`. */
export function formatZshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef check-image
_check_image() {
  local before=\${words[CURRENT-1]} command= offered= i
  for ((i = 2; i < CURRENT; i++)); do
    case "\${command:+$command }\${words[i]}" in
      ${pathPattern(commands)}) command="\${command:+$command }\${words[i]}" ;;
    esac
  done
${formatCases(commands).replaceAll('words=', 'offered=')}
  compadd -- \${=offered}
  _files
}
if [ "$funcstack[1]" = _check-image ]; then _check_image "$@"; else compdef _check_image check-image; fi
`;
}

function pathPattern(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ path }) => path.length > 0).map(({ path }) => `'${path.join(' ')}'`);
  return paths.join(' | ');
}

/** Sets \`words\` by \`command\` and \`before\`; after an option with a value that is free, to nothing. */
function formatCases(commands: readonly CompletedCommand[]): string {
  const values = commands.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ names, values }) => {
        const patterns = names.map((name) => `'${path.join(' ')}:${name}'`);
        return `    ${patterns.join(' | ')}) words='${values.join(' ')}' ;;`;
      }),
  );
  const own = commands.map(({ path, words, options }) => {
    const all = [...words, ...options.flatMap(({ names }) => names), '--help'];
    return `      '${path.join(' ')}') words='${all.join(' ')}' ;;`;
  });
  return ['  case "$command:$before" in', ...values, '    *) case "$command" in', ...own, '    esac ;;', '  esac'].join(
    '\n',
  );
}
