"""The import that an address names, for those who may see it."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from customers.models import Upload


def upload_of(request: HttpRequest, pk: int) -> Upload:
    return get_object_or_404(Upload.objects.visible_to(request.user).select_related("job", "owner", "corrects"), pk=pk)
