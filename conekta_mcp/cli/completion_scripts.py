"""Writes completion scripts for bash, zsh and fish; the scripts start no process."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT_COMMAND = "serve"
PLAIN = re.compile(r"[A-Za-z0-9_.,/-]+")
"""Characters that need no quoting in any of these shells."""

BASH = """# bash completion of conekta-mcp: eval "$(conekta-mcp completion bash)"
_conekta_mcp() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
    local command="{default}" place=0 word words="" number head=""
    # Bash takes --flag=value apart at the sign.
    [[ $before == "=" ]] && before="${{COMP_WORDS[COMP_CWORD-2]}}"
    [[ $current == "=" ]] && current=""
    case "${{COMP_WORDS[1]}}" in
        {commands}) command="${{COMP_WORDS[1]}}" ;;
    esac
    for ((number = 2; number < COMP_CWORD; number++)); do
        word="${{COMP_WORDS[number]}}"
        case "$command ${{COMP_WORDS[number-1]}}" in
            {valued}) continue ;;
        esac
        [[ $word == -* || $word == "=" || ${{COMP_WORDS[number-1]}} == "=" ]] || ((place++))
    done
    case "$command $before" in
{values}
        {valued}) compopt -o default; return ;;
        *) if [[ $current == -* ]]; then
            case "$command" in
{flags}
            esac
        elif ((COMP_CWORD == 1)); then
            words="{names}"
        else
            case "$command $place" in
{positions}
                *) compopt -o default; return ;;
            esac
        fi ;;
    esac
    # Of a list such as orders,refunds its last name.
    [[ $current == *,* ]] && head="${{current%,*}}," current="${{current##*,}}"
    COMPREPLY=($(compgen -P "$head" -W "$words" -- "$current"))
}}
complete -F _conekta_mcp conekta-mcp"""

ZSH = """#compdef conekta-mcp
# zsh completion of conekta-mcp: write it to a file _conekta-mcp in a folder of $fpath
_conekta_mcp() {{
    local -a commands=(
{commands}
    )
    local command={default}
    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
        _describe command commands
        return
    fi
    if [[ $words[2] != -* ]]; then
        command=$words[2]
        words=("${{(@)words[2,-1]}}")
        (( CURRENT-- ))
    fi
    case $command in
{cases}
    esac
}}
if [[ $funcstack[1] == _conekta-mcp ]]; then
    _conekta_mcp "$@"
else
    compdef _conekta_mcp conekta-mcp
fi"""


FISH_START = """# fish completion of conekta-mcp
complete -c conekta-mcp -e
function __conekta_mcp_list -d 'the values of a list, after those that are typed'
    set -l typed (commandline -ct | string replace -r -- '^--[^=]*=' '' | string match -r -- '.*,')
    for value in $argv
        echo $typed$value
    end
end"""


@dataclass(frozen=True)
class Flag:
    """One flag of a command."""

    name: str
    takes_value: bool
    values: tuple[str, ...]
    """The possible values; () means a file or any text."""
    is_list: bool
    """Whether it takes several values, separated by commas."""
    purpose: str


@dataclass(frozen=True)
class Completions:
    """What can follow one command."""

    command: str
    purpose: str
    flags: tuple[Flag, ...]
    positions: tuple[tuple[str, ...], ...]
    """The values of the first argument, the second, and so on."""


def write_bash(commands: Sequence[Completions]) -> str:
    values, flags, positions, valued = [], [], [], []
    for one in commands:
        flags.append(f'{" " * 16}{one.command}) words="{" ".join(flag.name for flag in one.flags)}" ;;')
        for flag in one.flags:
            if flag.takes_value:
                valued.append(f'"{one.command} {flag.name}"')
            if flag.values:
                words = " ".join(flag.values)
                values.append(f'{" " * 8}"{one.command} {flag.name}") words="{words}" ;;')
        for place, found in enumerate(one.positions):
            if found:
                positions.append(f'{" " * 16}"{one.command} {place}") words="{" ".join(found)}" ;;')
    names = [one.command for one in commands]
    return BASH.format(
        default=DEFAULT_COMMAND,
        commands="|".join(names),
        names=" ".join(names),
        valued="|".join(valued),
        values="\n".join(values),
        flags="\n".join(flags),
        positions="\n".join(positions),
    )


def write_zsh(commands: Sequence[Completions]) -> str:
    cases = []
    for one in commands:
        specs = [_describe_zsh_flag(flag) for flag in one.flags]
        specs += [
            f"':argument:({' '.join(found)})'" if found else "':argument:_files'" for found in one.positions
        ]
        lines = " \\\n".join(f"{' ' * 12}{spec}" for spec in specs)
        cases.append(f"        {one.command}) _arguments -S \\\n{lines} ;;")
    listed = [f"        {_quote(f'{one.command}:{one.purpose}')}" for one in commands]
    return ZSH.format(default=DEFAULT_COMMAND, commands="\n".join(listed), cases="\n".join(cases))


def write_fish(commands: Sequence[Completions]) -> str:
    lines = [FISH_START]
    names = " ".join(one.command for one in commands)
    lines += [
        f"complete -c conekta-mcp -f -n 'not __fish_seen_subcommand_from {names}' -a {one.command}"
        f" -d {_quote(one.purpose)}"
        for one in commands
    ]
    for one in commands:
        place = f"__fish_seen_subcommand_from {one.command}"
        if one.command == DEFAULT_COMMAND:  # which is meant too where none is named
            others = " ".join(other.command for other in commands if other is not one)
            place = f"not __fish_seen_subcommand_from {others}"
        start = f"complete -c conekta-mcp -n {_quote(place)}"
        for flag in one.flags:
            name = f"-l {flag.name[2:]}" if flag.name.startswith("--") else f"-s {flag.name[1:]}"
            lines.append(f"{start} {name}{_describe_fish_value(flag)} -d {_quote(flag.purpose)}")
        lines += [f"{start} -f -a {_quote(' '.join(found))}" for found in one.positions if found]
    return "\n".join(lines)


def _describe_fish_value(flag: Flag) -> str:
    if not flag.values:
        return " -r" if flag.takes_value else ""
    words = " ".join(flag.values)
    return f" -x -a {_quote(f'(__conekta_mcp_list {words})' if flag.is_list else words)}"


def _describe_zsh_flag(flag: Flag) -> str:
    shown = re.sub(r"([\[\]:])", r"\\\1", flag.purpose)
    if not flag.takes_value:
        return _quote(f"{flag.name}[{shown}]")
    words = " ".join(flag.values)
    value = f"_sequence compadd - {words}" if flag.is_list and words else f"({words})" if words else "_files"
    # The sign lets a value follow it too: --flag=value.
    sign = "=" if flag.name.startswith("--") else ""
    return _quote(f"*{flag.name}{sign}[{shown}]:value:{value}")


def _quote(text: str) -> str:
    """Return a word in single quotes, with quotes inside it escaped."""
    return text if PLAIN.fullmatch(text) else "'" + text.replace("'", "'\\''") + "'"
