"""manage.py step: builds the images of the built-in steps, and checks steps with their examples."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from composer.catalog.check import Checker
from composer.catalog.docker_cli import DockerFailed, docker, image_id
from composer.catalog.images import build_all, build_step, ensure, recipes
from composer.catalog.manifest import STEPS, Manifest, ManifestError, load


class Command(BaseCommand):
    """`step build` and `step check PATH`."""

    help = "Builds the images of the built-in steps; checks a step and runs its examples."
    requires_system_checks = ()  # needs no database and no urls

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        build = actions.add_parser("build", help="build the images of the built-in steps")
        build.add_argument("--first", nargs="+", metavar="slug", default=[], help="these before the others")
        build.add_argument("--only", nargs="+", metavar="slug", help="these and no others")
        check = actions.add_parser("check", help="check a step.yaml and run its examples in the container")
        check.add_argument("path", type=Path, metavar="PATH", help="a step.yaml or its folder")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["action"] == "build":
                self._build(options["first"], options["only"])
            else:
                self._check(options["path"])
        except (DockerFailed, FileNotFoundError, ValueError) as error:
            raise CommandError(str(error)) from error

    def _build(self, first: list[str], only: list[str] | None) -> None:
        began = time.monotonic()
        for reference in build_all(first, only=only, progress=self._progress):
            self.stdout.write(f"{reference} is ready")
        self._progress(f"{time.monotonic() - began:.1f} s")

    def _check(self, path: Path) -> None:
        folder = path if path.is_dir() else path.parent
        try:
            manifest = load(path)
        except ManifestError as error:
            for field, message in error.problems:
                self.stdout.write(self.style.ERROR(f"✗ {field}: {message}" if field else f"✗ {message}"))
            raise CommandError(f"{path} is not a manifest yet.") from error
        self.stdout.write(self.style.SUCCESS(f"✓ {manifest.title} ({manifest.slug} {manifest.version})"))
        failed = self._run_examples(manifest, self._image(folder, manifest))
        if failed:
            raise CommandError(f"{failed} of {len(manifest.examples)} examples came out otherwise.")
        if not manifest.examples:
            self.stdout.write(self.style.WARNING("It has no examples. Two would show people what it does."))

    def _image(self, folder: Path, manifest: Manifest) -> str:
        if manifest.build is not None:
            return build_step(folder, manifest, self._progress)
        reference = manifest.image or ""
        shared = {recipe.reference: recipe for recipe in recipes()}
        if folder.resolve().parent == STEPS and reference in shared:
            ensure(shared[reference], self._progress)
        elif image_id(reference) is None:
            self._progress(f"Getting {reference}")
            docker("pull", "--quiet", reference)
        return reference

    def _run_examples(self, manifest: Manifest, image: str) -> int:
        if any(example.pages for example in manifest.examples):
            for recipe in recipes():  # a page is served from one of them
                ensure(recipe, self._progress)
        checker = Checker(settings.COMPOSER_INSTALLATION, recipes()[0].reference)
        failed = 0
        for checked in checker.check(manifest, image):
            if checked.problem:
                failed += 1
                self.stdout.write(self.style.ERROR(f"✗ {checked.example.title}"))
                self.stdout.write("\n".join(f"  {line}" for line in checked.problem.splitlines()))
            else:
                self.stdout.write(self.style.SUCCESS(f"✓ {checked.example.title}"))
        return failed

    def _progress(self, words: str) -> None:
        self.stderr.write(words)
