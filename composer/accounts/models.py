"""People, the workspaces they share, and the secrets that let them and their programs in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes users; an e-mail address is who they are."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Nobody minds capitals in an e-mail address."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        """A user, without a password where none is given: then only a link signs them in."""
        user = self.model(email=email.strip().lower(), name=name)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save()
        return user


class User(AbstractBaseUser):
    """A person."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters for the corner of the screen."""
        words = (self.name or self.email).replace("@", " ").split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @property
    def membership(self) -> "Membership | None":
        """Where this person works: the workspace joined first."""
        if not hasattr(self, "_membership"):
            self._membership = self.memberships.select_related("workspace").order_by("id").first()
        return self._membership

    @property
    def workspace(self) -> "Workspace":
        """The person's workspace. Raises LookupError where there is none."""
        if self.membership is None:
            raise LookupError(f"{self.email} is in no workspace")
        return self.membership.workspace


class Workspace(models.Model):
    """What a team shares: steps, workflows, runs, connections."""

    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do; each may also do what the later ones may."""

    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    RUNNER = "runner", "Runner"
    VIEWER = "viewer", "Viewer"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what the other one may."""
        ranks = list(Role)
        return ranks.index(self) <= ranks.index(other)


class Membership(models.Model):
    """A person in a workspace."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "workspace"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} of {self.workspace}"


class ApiToken(models.Model):
    """Lets a program in as a person. Only a hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Token of {self.user}, {self.created_at:%Y-%m-%d}"


class SignInLink(models.Model):
    """Signs a person in once. Only a hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Link for {self.user}"


class Connection(models.Model):
    """A secret that steps may be given. The value is encrypted and is never shown again."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="connections")
    name = models.CharField(max_length=100)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="connection_name")]

    def __str__(self) -> str:
        return self.name
