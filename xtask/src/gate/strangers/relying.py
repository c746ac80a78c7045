"""Authlib (PyPI) as a relying party, with joserfc to compare signatures: from discovery to signing out."""

import os
import re
import secrets
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken, UserInfo
from joserfc import jwt
from joserfc.jwk import KeySet

ISSUER = os.environ["ISSUER"]
BACK = os.environ["REDIRECT"]
BYE = os.environ["LOGOUT_REDIRECT"]
LOGIN = os.environ["LOGIN"]
ALGORITHM = os.environ["ALGORITHM"]
# Authlib asks for https unless it is told that this is a trial on one machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

browser = requests.Session()


def page(url, form=None):
    """Opens an address without scripts, and stops where it leads to the application."""
    for _ in range(20):
        if url.startswith((BACK, BYE)):
            return url, ""
        headers = {"accept": "text/html"}
        if form is not None:
            headers["origin"] = ISSUER
        method = "GET" if form is None else "POST"
        answer = browser.request(method, url, data=form, headers=headers, allow_redirects=False)
        refresh = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.text)
        to = answer.headers.get("location") or (refresh and unescape(refresh[1]))
        if not to:
            assert answer.status_code == 200, f"{url} answers {answer.status_code}"
            return url, answer.text
        url, form = urljoin(url, to), None
    raise AssertionError(f"{url} leads from page to page without an end")


def submit(url, text, path, **values):
    """Sends the form of a page as it is filled in, with some values changed."""
    form = re.search(rf'<form[^>]*action="([^"]*{path})"[^>]*>(.*?)</form>', text, re.DOTALL)
    assert form, f"{url} has no form to {path}"
    for tag in re.findall(r"<input[^>]*>", form[2]):
        name, value = (re.search(rf'{it}="([^"]*)"', tag) for it in ("name", "value"))
        if name:
            values.setdefault(name[1], unescape(value[1]) if value else "")
    return page(urljoin(url, unescape(form[1])), values)


def refused(code, ask):
    try:
        ask()
    except OAuthError as error:
        assert error.error == code, error
    else:
        raise AssertionError(f"{code} was expected")


description = requests.get(f"{ISSUER}/.well-known/openid-configuration").json()
assert description["issuer"] == ISSUER
keys = KeySet.import_key_set(requests.get(description["jwks_uri"]).json())
session = OAuth2Session(
    os.environ["CLIENT_ID"],
    os.environ["CLIENT_SECRET"],
    scope="openid profile roles offline_access",
    redirect_uri=BACK,
    code_challenge_method="S256",
    token_endpoint_auth_method="client_secret_basic",
)


def ask(**more):
    """A request: its address, its nonce and its proof."""
    nonce, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
    address, _ = session.create_authorization_url(
        description["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **more
    )
    return address, nonce, verifier


def exchange(answer, verifier):
    return session.fetch_token(
        description["token_endpoint"], authorization_response=answer, code_verifier=verifier
    )


def claims(token, nonce):
    """What the ID token says, when its signature and all of its claims hold."""
    opened = jwt.decode(token["id_token"], keys, algorithms=[ALGORITHM])
    options = {"iss": {"value": ISSUER}, "aud": {"value": os.environ["CLIENT_ID"]}}
    params = {"nonce": nonce, "access_token": token["access_token"]}
    params["client_id"] = os.environ["CLIENT_ID"]
    said = CodeIDToken(opened.claims, opened.header, options, params)
    said.validate()
    assert said["nonce"] == nonce
    return said


# Signing in, agreeing, and seeing what was agreed to.
address, nonce, verifier = ask()
url, text = page(address)
(filled_in,) = [it for it in re.findall(r'href="([^"]*)"', text) if f"as={LOGIN}&" in unescape(it)]
url, text = submit(*page(urljoin(url, unescape(filled_in))), "/sign-in")
answer, _ = submit(url, text, "/openid/consent", answer="yes")
assert parse_qs(urlsplit(answer).query)["iss"] == [ISSUER]
token = exchange(answer, verifier)
said = claims(token, nonce)
person = UserInfo(session.get(description["userinfo_endpoint"]).json())
assert person["sub"] == said["sub"] and person["preferred_username"] == LOGIN
assert [it["role"] for it in person["roles"]], "the roles are not told"

# Refreshing turns the token over; the one before ends all of them.
first = token["refresh_token"]
token = session.refresh_token(description["token_endpoint"], refresh_token=first)
second = token["refresh_token"]
assert second != first
assert session.get(description["userinfo_endpoint"]).status_code == 200
for gone in (first, second):
    refused(
        "invalid_grant",
        lambda: session.refresh_token(description["token_endpoint"], refresh_token=gone),
    )
assert requests.get(
    description["userinfo_endpoint"], headers={"authorization": f"Bearer {token['access_token']}"}
).status_code == 401

# Without a word to the person; then the tokens are looked at and given back.
address, nonce, verifier = ask(prompt="none")
token = exchange(page(address)[0], verifier)
assert claims(token, nonce)["sub"] == said["sub"]


def is_active(text):
    return session.introspect_token(description["introspection_endpoint"], token=text).json()["active"]


assert is_active(token["refresh_token"])
revoked = session.revoke_token(description["revocation_endpoint"], token=token["refresh_token"])
assert revoked.status_code == 200
assert not is_active(token["refresh_token"]) and not is_active(token["access_token"])

# Signing out where the application asks for it.
out = {"id_token_hint": token["id_token"], "post_logout_redirect_uri": BYE, "state": "x"}
out = requests.Request("GET", description["end_session_endpoint"], params=out).prepare().url
assert page(out)[0] == f"{BYE}?state=x"
answer, _ = page(ask(prompt="none")[0])
assert parse_qs(urlsplit(answer).query)["error"] == ["login_required"]
