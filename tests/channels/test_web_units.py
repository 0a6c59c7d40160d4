"""Small parts of the gateway on their own."""

from pathlib import Path

import pytest
from starlette.requests import Request

from channels.web.firm import FirmError, read_firm, telephone_link
from channels.web.rate_limit import address_of
from channels.web.recent import Recent
from channels.web.settings import Settings, SettingsError, read_settings
from channels.web.tokens import Press, Tokens
from channels.web.views import day, paragraphs

_ROOT = Path(__file__).resolve().parent.parent.parent


class TestSettings:
    """One table, told in docs/gateway.md, refused in one sentence."""

    def test_are_documented(self) -> None:
        page = (_ROOT / "docs" / "gateway.md").read_text(encoding="utf-8")
        for name, field in Settings.model_fields.items():
            assert field.description
            assert f"| `{name.upper()}` |" in page

    @pytest.mark.parametrize("secret", [None, "short", "x" * 31])
    def test_production_needs_a_secret(
        self, monkeypatch: pytest.MonkeyPatch, secret: str | None
    ) -> None:
        monkeypatch.setenv("ASSISTANT_ENV", "production")
        if secret:
            monkeypatch.setenv("SESSION_SECRET", secret)
        with pytest.raises(SettingsError, match="^SESSION_SECRET must be 32 random") as raised:
            read_settings()
        assert str(raised.value).count("\n") == 0

    def test_production_with_a_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ASSISTANT_ENV", "production")
        monkeypatch.setenv("SESSION_SECRET", "x" * 32)
        assert read_settings().secret == "x" * 32

    def test_a_rate_that_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RATE_LIMIT_SESSION", "often")
        with pytest.raises(SettingsError, match="RATE_LIMIT_SESSION: is not a rate"):
            read_settings()


class TestTokens:
    """Good for one use, one session and one secret."""

    tokens = Tokens("secret", 1)

    def test_session(self) -> None:
        token = self.tokens.sign_session("id")
        assert self.tokens.read_session(token) == "id"
        assert Tokens("other", 1).read_session(token) is None
        assert Tokens("secret", -1).read_session(token) is None
        assert self.tokens.read_session(self.tokens.sign_form("id")) is None

    def test_form(self) -> None:
        token = self.tokens.sign_form("id")
        assert self.tokens.is_form_of("id", token)
        assert not self.tokens.is_form_of("other", token)
        assert not self.tokens.is_form_of("id", self.tokens.sign_session("id"))

    def test_button(self) -> None:
        press = Press('/help{"topic":"safety"}', "Seguridad ✓")
        token = self.tokens.sign_button("id", press)
        assert self.tokens.read_button("id", token) == press
        assert self.tokens.read_button("other", token) is None

    @pytest.mark.parametrize("token", ["", "/restart", "a.b.c", "é", "\ud800", "." * 9999])
    def test_garbage(self, token: str) -> None:
        assert self.tokens.read_button("id", token) is None
        assert self.tokens.read_session(token) is None

    def test_sender_id_is_the_keyed_hash(self) -> None:
        # echo -n id | openssl dgst -sha256 -hmac secret
        assert self.tokens.sender_id("id") == (
            "0da5b4052abdeb0bbd119978c49479893059d51a19522a70e4672259a6d720b5"
        )
        assert self.tokens.new_session() != self.tokens.new_session()


def _request(peer: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("9.9.9.9", [], 0, "9.9.9.9"),
        ("9.9.9.9", ["1.1.1.1"], 0, "9.9.9.9"),
        ("9.9.9.9", ["1.1.1.1"], 1, "1.1.1.1"),
        ("9.9.9.9", ["6.6.6.6, 1.1.1.1"], 1, "1.1.1.1"),
        ("9.9.9.9", ["6.6.6.6, 1.1.1.1", "2.2.2.2"], 2, "1.1.1.1"),
        ("9.9.9.9", ["1.1.1.1"], 2, "1.1.1.1"),
        ("9.9.9.9", [], 1, "9.9.9.9"),
        ("9.9.9.9", ["<script>"], 1, "9.9.9.9"),
        ("2001:db8::1", [], 0, "2001:db8::/64"),
        ("2001:db8::2:1", [], 0, "2001:db8::/64"),
        ("::ffff:1.2.3.4", [], 0, "1.2.3.4"),
    ],
)
def test_address(peer: str, forwarded: list[str], proxies: int, expected: str) -> None:
    assert address_of(_request(peer, *forwarded), proxies) == expected


def test_recent_forgets_by_number_and_by_time() -> None:
    now = [0.0]
    recent: Recent[int] = Recent(2, 10, clock=lambda: now[0])
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)  # b was unused for longest
    assert [recent.get(key) for key in "abc"] == [1, None, 3]
    now[0] = 6
    assert recent.get("a") == 1
    now[0] = 11
    recent.sweep()
    assert len(recent) == 1
    recent.forget("a")
    recent.forget("a")
    assert len(recent) == 0


def test_firm(tmp_path: Path) -> None:
    firm = read_firm(_ROOT / "content")
    assert telephone_link(firm.phone) == "tel:+17184581489"
    assert telephone_link("1-800-566-7636") == "tel:+18005667636"
    assert telephone_link("911") == "tel:911"
    with pytest.raises(FirmError, match="must have `name` and `phone`"):
        read_firm(tmp_path)


def test_paragraphs_and_days() -> None:
    assert paragraphs("a\nb\n\n \n\nc\n") == ["a\nb", "c"]
    assert day("2026-03-31", "es") == "31 de marzo de 2026"
    assert day("2026-03-31", "en") == "March 31, 2026"
    assert day("2025-09 / 2026-02", "en") == "2025-09 / 2026-02"
