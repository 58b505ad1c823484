"""`redactor policies`: which there are, what one says with its bases merged in, whether a file can be used."""

from __future__ import annotations

import click

from .echo import printable, tell, tell_json
from .faults import verbose_option


@click.group(invoke_without_command=True, short_help="List, show and check policies.")
@click.pass_context
@verbose_option
def policies(ctx: click.Context) -> None:
    """List the policies; show one with its bases merged in; check a file of your own.

    \b
    Examples:
      redactor policies
      redactor policies show newsroom
      redactor policies check our-policy.yaml
      redactor policies registers
      redactor policies plugins
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@policies.command("list")
@verbose_option
def list_() -> None:
    """Name and purpose of every policy that comes with the program.

    \b
    Example:
      redactor policies list
    """
    from .. import policy

    known = policy.policies()
    width = max(len(name) for name, _ in known)
    tell("\n".join(f"{name:<{width}}  {description}" for name, description in known))


@policies.command()
@click.argument("name", metavar="NAME|FILE")
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
@verbose_option
def show(name: str, as_json: bool) -> None:
    """Every setting in force, with what the policy extends merged in.

    \b
    Examples:
      redactor policies show iopc-report
      redactor policies show our-policy.yaml --json
    """
    import yaml

    from .. import policy

    found = policy.load_policy(name)
    if as_json:
        tell_json(found.merged())
    else:
        tell(f"# digest {found.digest}\n{yaml.safe_dump(found.merged(), sort_keys=False, allow_unicode=True)}".rstrip())


@policies.command()
@click.argument("file", metavar="FILE")
@verbose_option
def check(file: str) -> None:
    """Whether a policy file can be used: known keys only, and no rule weaker than its base without somebody's authority.

    \b
    Example:
      redactor policies check our-policy.yaml
    """
    from .. import policy

    found = policy.load_policy(file)
    weaker = [f"{w.key} is weaker than its base by authority of {w.who}, {w.when}" for w in found.weakened]
    tell("\n".join(map(printable, [f"{found.name}: this policy can be used", *weaker])))


@policies.command()
@click.argument("name", metavar="[NAME]", required=False)
@verbose_option
def registers(name: str | None) -> None:
    """What the registers of public office-holders hold: offices, how many holders, first and last year, and the source.

    A register frees nobody by itself: the text must give the office or its context too.

    \b
    Examples:
      redactor policies registers
      redactor policies registers ministers
    """
    from .. import policy_registers

    if name is None:
        found = [policy_registers.load(known) for known in policy_registers.names()]
        width = max(len(r.name) for r in found)
        tell("\n".join(f"{r.name:<{width}}  {sum(len(o.holders) for o in r.offices):>3} holders  {r.description}" for r in found))
        return
    register = policy_registers.load(name)
    lines = [
        f"{office}: {count} from {first} to {last or 'now'}; {source.source}"
        for (office, count, first, last), source in zip(policy_registers.said(name), register.offices, strict=True)
    ]
    tell("\n".join(map(printable, lines)))


@policies.command()
@verbose_option
def plugins() -> None:
    """The plug-ins of installed packages, with version and digest. None is used until a policy or --plugin names it.

    \b
    Example:
      redactor policies plugins
    """
    from .. import plugins as installed

    found = [plugin.said for plugin in installed.offered()]
    tell("\n".join(map(printable, found)) or "No installed package brings a plug-in")
