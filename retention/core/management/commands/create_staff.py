from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from retention.core import clock
from retention.core.accounts.roles import Role
from retention.core.accounts.services.staff import create_staff
from retention.core.errors import DomainError


class Command(BaseCommand):
    help = "Make a member of staff, or bring an existing one to this role, branch, groups and password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--branch", required=True, help="code of the branch")
        parser.add_argument(
            "--groups", default="", help="codes of retention groups, separated by commas; made if missing"
        )
        parser.add_argument("--password", required=True)

    def handle(self, *, username: str, role: str, branch: str, groups: str, password: str, **options: Any) -> None:
        codes = [code.strip() for code in groups.split(",") if code.strip()]
        try:
            user = create_staff(
                username=username, role=role, branch=branch, groups=codes, password=password, now=clock.now()
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{user.username}: {user.get_role_display()}, {user.branch}, groups {', '.join(codes) or '-'}"
        )
