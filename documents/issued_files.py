"""The files of a certificate: each kept by itself, named and known by its hash, never written over."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CertificateFileQuerySet(models.QuerySet["CertificateFile"]):
    def handed_out(self) -> Self:
        """What leaves the house: never the copy that only waits for the agency's signature."""
        return self.exclude(kind=CertificateFile.Kind.BASE)

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("A file that was issued is never changed.")


class CertificateFile(models.Model):
    """One file of one certificate, as it was made or as it came back from the agency's signing service."""

    class Kind(models.TextChoices):
        COPY = "copy", _("Bản chưa ký số")  # says so on its face
        BASE = "base", _("Bản trình ký")  # bears no such mark: the bytes that are to be signed
        SIGNED = "signed", _("Bản đã ký số")

    certificate = models.ForeignKey(
        "documents.Certificate", models.PROTECT, related_name="files", verbose_name=_("giấy chứng nhận")
    )
    kind = models.CharField(_("loại tệp"), max_length=10, choices=Kind)
    file = models.CharField(max_length=200)  # a stored name, named by its hash
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveIntegerField(_("dung lượng"))
    made_at = models.DateTimeField(_("lập lúc"), default=timezone.now)
    # Of a signed one: as its signature says.
    signer = models.CharField(_("người ký số"), max_length=300, blank=True)
    signed_at = models.DateTimeField(_("ký lúc"), null=True, blank=True)

    objects = CertificateFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp giấy chứng nhận")
        verbose_name_plural = pgettext_lazy("plural", "tệp giấy chứng nhận")
        ordering = ("certificate", "pk")
        constraints = (models.UniqueConstraint(fields=("certificate", "kind"), name="certificate_file_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.certificate}"
