import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from retention.core import clock
from retention.core.accounts.models import Branch
from retention.core.api.scopes import SCOPES
from retention.core.api.services.clients import create_client
from retention.core.errors import DomainError


class Command(BaseCommand):
    help = "Make an API client. Its key and signing secret are printed once and cannot be read again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--scopes", required=True, help=f"separated by commas, of: {', '.join(sorted(SCOPES))}")
        parser.add_argument("--branch", default="", help="code of the branch whose lines it may see; all when missing")
        parser.add_argument("--signed", action="store_true", help="its requests must be signed")
        parser.add_argument(
            "--accept-signature-v1",
            action="store_true",
            help="the older signature, over the body only, is accepted too",
        )
        parser.add_argument("--networks", default="", help="addresses it may call from, separated by commas")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, name: str, scopes: str, **options: Any) -> None:
        try:
            made = create_client(
                name=name,
                scopes=scopes.split(","),
                now=clock.now(),
                branch=_branch(options["branch"]),
                require_signature=options["signed"],
                accept_signature_v1=options["accept_signature_v1"],
                allowed_networks=[text for text in options["networks"].split(",") if text.strip()],
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        if options["as_json"]:
            found = {"name": made.client.name, "scopes": made.client.scopes, "key": made.key, "secret": made.secret}
            self.stdout.write(json.dumps(found | {"signing_secret": made.secret}))
            return
        self.stdout.write(f"client  {made.client.name}\nscopes  {', '.join(made.client.scopes)}")
        self.stdout.write(f"key     {made.key}\nsecret  {made.secret}")


def _branch(code: str) -> Branch | None:
    if not code:
        return None
    branch = Branch.objects.filter(code=code).first()
    if branch is None:
        raise CommandError(f"There is no branch {code}.")
    return branch
