export const shells = ['bash', 'zsh'] as const;
export type Shell = (typeof shells)[number];

/** The argument by which a script asks for the words that may stand where the cursor is. */
export const askArgument = '--get-completions';

/**
 * What a shell runs to complete the command's arguments. It asks the very command that is typed, `./pipeline` as well as
 * `pipeline`, so that each clone answers for itself. Where nothing fits, the shell completes names of files.
 */
export function completionScript(shell: Shell): string {
  return shell === 'bash' ? bash : zsh;
}

const bash = `# Completes the arguments of pipeline. Add to ~/.bashrc:  source <(./pipeline completion bash)
_pipeline_completions() {
  local line="\${COMP_LINE:0:COMP_POINT}" current="\${COMP_WORDS[COMP_CWORD]}" word
  COMPREPLY=()
  while IFS= read -r word; do
    # Readline breaks words at = and :, and replaces only what stands behind.
    if [[ $current == '=' || $current == ':' ]]; then current=''; fi
    case $current in
      [\\'\\"]*) COMPREPLY+=("$word") ;;
      *) COMPREPLY+=("$(printf '%q' "$word")") ;;
    esac
  done < <("\${COMP_WORDS[0]}" ${askArgument} bash "$line" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -o bashdefault -o default -F _pipeline_completions pipeline
`;

const zsh = `#compdef pipeline
# Completes the arguments of pipeline. Add to ~/.zshrc, behind compinit:  source <(./pipeline completion zsh)
_pipeline_completions() {
  local -a reply
  reply=("\${(@f)$("\${(Q)words[1]}" ${askArgument} zsh "\${(j: :)words[1,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$reply" ]]; then
    compadd -S '' -- \${(M)reply:#*=}
    compadd -- \${reply:#*=}
  else
    _files
  fi
}
compdef _pipeline_completions pipeline
`;
