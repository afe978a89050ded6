#!/usr/bin/env python3
"""nginx with the module: who is let in, with what, how often, and what reaches the model."""

import socket
import time
import unittest

import records
import tap
from client import Client, exchange, request_bytes
from gated import State, gated
from harness import Model, wait_until
from mmdb import database

CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"
ASK = {"model": "standin-large", "messages": [{"role": "user", "content": "Say something."}]}
ASK_MESSAGES = {**ASK, "max_tokens": 100}
ASK_RESPONSES = {"model": "standin-large", "input": "Say something."}


class Gate(unittest.TestCase):
    def setUp(self):
        self.model = self.enterContext(Model())
        self.state = self.enterContext(State())

    def open(self, rules="version: 1\n", key=None, **options):
        self.nginx = self.enterContext(gated(self.model, self.state, rules, **options))
        return self.enterContext(Client(self.nginx.port, key))

    def refused(self, answer, status, code=None):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.json()["error"]["status"], status)
        if code:
            self.assertEqual(answer.json()["error"]["code"], code)

    # Identity

    def test_a_good_key_passes_in_every_api(self):
        client = self.open(key=self.state.key("acct_1"))
        for path, body in ((CHAT, ASK), (RESPONSES, ASK_RESPONSES), (MESSAGES, ASK_MESSAGES)):
            for stream in (False, True):
                self.assertEqual(client.post(path, {**body, "stream": stream}).status, 200)

    def test_no_key_and_an_unknown_key_are_401_in_the_envelope_of_the_api(self):
        client = self.open()
        self.refused(client.post(CHAT, ASK), 401, "missing_api_key")
        self.refused(client.post(CHAT, ASK, authorization="Bearer sk-nothing-like-it"), 401, "invalid_api_key")
        answer = client.post(MESSAGES, ASK_MESSAGES, x_api_key="sk-nothing-like-it")
        self.assertEqual((answer.status, answer.json()["type"], answer.json()["error"]["type"]),
                         (401, "error", "authentication_error"))
        answer = client.get("/v1/files")
        self.assertEqual((answer.status, answer.headers["content-type"]), (401, "application/problem+json"))
        self.assertEqual(self.model.n_requests(), 0)

    def test_a_revoked_and_an_expired_key_are_401(self):
        key = self.state.key("acct_1", id="key_a")
        client = self.open(key=key)
        self.assertEqual(client.post(CHAT, ASK).status, 200)
        self.state.run("key", "revoke", "key_a")
        self.refused(client.post(CHAT, ASK), 401, "invalid_api_key")
        client.key = self.state.key("acct_1", "--expires", "2026-01-01T00:00:00Z")
        self.refused(client.post(CHAT, ASK), 401, "invalid_api_key")

    def test_two_keys_that_differ_are_refused_and_two_that_agree_are_not(self):
        one, other = self.state.key("acct_1"), self.state.key("acct_2")
        client = self.open(key=one)
        self.assertEqual(client.post(CHAT, ASK, x_api_key=one).status, 200)
        self.refused(client.post(CHAT, ASK, x_api_key=other), 400)
        self.refused(client.post(CHAT, ASK, x_api_key="sk-unknown-to-all"), 400)

    def test_the_scheme_is_read_in_any_case_and_other_schemes_carry_no_key(self):
        client, key = self.open(), self.state.key("acct_1")
        self.assertEqual(client.post(CHAT, ASK, authorization=f"bearer  {key}").status, 200)
        self.refused(client.post(CHAT, ASK, authorization=f"Basic {key}"), 401, "missing_api_key")
        self.assertEqual(client.post(CHAT, ASK, X_API_KEY=key).status, 200)

    # Tiers

    TIERS = """
version: 1
step_up_url: https://example.com/verify
tiers:
  free: {models: [standin-small, "mini-*"], deny: [logprobs], choices: 2, output_tokens: 50, body_bytes: 2000}
verify: {reasoning: [card, business]}
"""

    def free(self, **options):
        self.state.account("acct_free", tier="free", **options)
        return self.open(self.TIERS, key=self.state.key("acct_free"))

    def test_a_model_that_the_tier_may_not_use_is_403(self):
        client = self.free()
        self.refused(client.post(CHAT, ASK), 403, "model_not_allowed")
        for model in ("standin-small", "mini-2"):
            self.assertEqual(client.post(CHAT, {**ASK, "model": model}).status, 200)
        self.refused(client.post(CHAT, {**ASK, "model": "STANDIN-SMALL"}), 403, "model_not_allowed")

    def test_uses_and_sizes_beyond_the_tier_are_403(self):
        client, small = self.free(), {**ASK, "model": "standin-small"}
        self.refused(client.post(CHAT, {**small, "logprobs": True}), 403, "capability_not_allowed")
        self.refused(client.post(CHAT, {**small, "n": 3}), 403, "request_over_limit")
        self.assertEqual(client.post(CHAT, {**small, "n": 2}).status, 200)
        self.refused(client.post(CHAT, {**small, "max_tokens": 51}), 403, "request_over_limit")
        self.refused(client.post(RESPONSES, {**ASK_RESPONSES, "model": "mini-1", "include": ["message.output_text.logprobs"]}),
                     403, "capability_not_allowed")
        self.refused(client.post(CHAT, {**small, "padding": "x" * 2000}), 413)

    def test_a_request_without_a_size_gets_that_of_the_tier(self):
        client = self.free()
        self.assertEqual(client.post(CHAT, {**ASK, "model": "standin-small"}).status, 200)
        self.assertEqual(self.model.last()["json"]["max_completion_tokens"], 50)

    def test_a_use_that_asks_for_verification_is_403_with_the_way(self):
        client = self.free()
        body = {**ASK_RESPONSES, "model": "mini-1", "reasoning": {"effort": "high"}}
        answer = client.post(RESPONSES, body)
        self.assertEqual((answer.status, answer.json()["error"]["step_up_url"]), (403, "https://example.com/verify"))
        self.state.account("acct_free", tier="free", verified=["card"])
        self.assertEqual(client.post(RESPONSES, body).status, 200)

    # Places

    def test_country_and_network_come_from_behind_trusted_proxies_only(self):
        self.state.account("acct_free", tier="free")
        key = self.state.key("acct_free")
        rules = "version: 1\ntiers: {free: {deny_networks: [anonymiser]}}\n"
        networks = "anonymiser 198.51.100.0/24;\nanonymiser 2001:db8::/32;\n"
        options = {"http": "stillwatch_networks networks.conf;", "files": {"networks.conf": networks}}
        client = self.open(rules, key=key, **options)
        self.assertEqual(client.post(CHAT, ASK, x_forwarded_for="198.51.100.7").status, 200)  # nobody asked for it
        client = self.open(rules, key=key, directives="stillwatch_trusted_proxy 127.0.0.1 203.0.113.0/24;", **options)
        self.refused(client.post(CHAT, ASK, x_forwarded_for="198.51.100.7"), 403, "network_not_allowed")
        self.refused(client.post(CHAT, ASK, x_forwarded_for="192.0.2.1, 198.51.100.7, 203.0.113.9"), 403)
        self.assertEqual(client.post(CHAT, ASK, x_forwarded_for="198.51.100.7, 192.0.2.1").status, 200)
        self.refused(client.post(CHAT, ASK, x_forwarded_for="2001:db8::5"), 403, "network_not_allowed")
        self.refused(client.post(CHAT, ASK, x_forwarded_for="::ffff:198.51.100.7"), 403, "network_not_allowed")

    # Volume

    def test_beyond_the_rate_429_says_when_to_come_back(self):
        self.state.account("acct_free", tier="free")
        client = self.open("version: 1\ntiers: {free: {requests_per_minute: 60, burst_seconds: 3}}\n",
                           key=self.state.key("acct_free"))
        answers = [client.post(CHAT, ASK) for _ in range(4)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 200, 429])
        self.assertEqual(answers[0].headers["ratelimit-policy"], '"account";q=3;w=3;qu="requests"')
        self.assertEqual(answers[0].headers["ratelimit"], '"account";r=2;t=1')
        self.assertEqual(answers[3].headers["retry-after"], "1")
        self.refused(answers[3], 429, "rate_limit_exceeded")
        time.sleep(1.1)
        self.assertEqual(client.post(CHAT, ASK).status, 200)

    def test_tokens_are_reserved_before_and_settled_after(self):
        self.state.account("acct_free", tier="free")
        client = self.open("version: 1\ntiers: {free: {output_tokens_per_minute: 60, burst_seconds: 1000}}\n",
                           key=self.state.key("acct_free"))
        body = {**ASK, "max_tokens": 900}
        for _ in range(3):  # 900 are reserved each time, few are used
            answer = client.post(CHAT, body)
            self.assertEqual(answer.status, 200)
            self.assertLess(answer.json()["usage"]["completion_tokens"], 300)
        for _ in range(40):
            answer = client.post(CHAT, {**body, "stream": True})
            if answer.status == 429:
                break
        self.assertEqual(answer.status, 429)

    def test_keys_of_one_account_share_its_rate_and_a_key_may_have_its_own(self):
        self.state.account("acct_free", tier="free")
        rules = "version: 1\ntiers: {free: {requests_per_minute: 6, burst_seconds: 30}}\nlimits: {key: {requests_per_minute: 2, burst_seconds: 60}}\n"
        keys = [self.state.key("acct_free") for _ in range(2)]
        client = self.open(rules)
        statuses = [client.post(CHAT, ASK, authorization=f"Bearer {key}").status for key in (keys[0],) * 3 + (keys[1],) * 2]
        self.assertEqual(statuses, [200, 200, 429, 200, 429])

    def test_a_refusal_by_the_keys_limit_tells_nothing_of_the_accounts(self):
        self.state.account("acct_free", tier="free")
        client = self.open("version: 1\ntiers: {free: {requests_per_minute: 60}}\nlimits: {key: {requests_per_minute: 1}}\n",
                           key=self.state.key("acct_free"))
        answers = [client.post(CHAT, ASK) for _ in range(2)]
        self.assertEqual([answer.status for answer in answers], [200, 429])
        self.assertEqual(["ratelimit" in answer.headers for answer in answers], [True, False])

    def test_what_one_limit_refuses_costs_nothing_in_the_others(self):
        self.state.account("acct_1", organization="org_1", tier="free")
        self.state.account("acct_2", organization="org_1", tier="paid")
        rules = "version: 1\ntiers: {free: {requests_per_minute: 1}}\nlimits: {organization: {requests_per_minute: 3}}\n"
        client, keys = self.open(rules), [self.state.key("acct_1"), self.state.key("acct_2")]
        statuses = [client.post(CHAT, ASK, authorization=f"Bearer {key}").status for key in [keys[0]] * 4 + [keys[1]] * 3]
        self.assertEqual(statuses, [200, 429, 429, 429, 200, 200, 429])

    TOKENS = "version: 1\ntiers: {free: {output_tokens_per_minute: 1}}\n"

    def test_an_absurd_size_is_not_given_back_as_more_than_was_taken(self):
        self.state.account("acct_free", tier="free")
        client = self.open(self.TOKENS, key=self.state.key("acct_free"))
        self.assertEqual([client.post(CHAT, {**ASK, "max_tokens": 100000}).status for _ in range(3)], [200, 429, 429])

    def test_what_a_client_aborts_stays_charged(self):
        self.state.account("acct_free", tier="free")
        client = self.open("version: 1\ntiers: {free: {output_tokens_per_minute: 100}}\n", key=self.state.key("acct_free"))
        with socket.create_connection(("127.0.0.1", self.nginx.port)) as sock:
            sock.sendall(request_bytes(CHAT, {**ASK, "max_tokens": 100}, f"Authorization: Bearer {client.key}",
                                       "Content-Type: application/json", "x-standin-fault: hang"))
            wait_until(lambda: self.model.n_requests() == 1, what="the request")
        facts = 1  # of the account
        wait_until(lambda: records.read_rings(self.state).ring["written"] == facts + 1, what="its record")
        self.assertEqual(client.post(CHAT, {**ASK, "max_tokens": 100}).status, 429)

    def test_subrequests_neither_settle_nor_record(self):
        self.state.account("acct_free", tier="free")
        client = self.open(self.TOKENS, key=self.state.key("acct_free"), directives="log_subrequest on; auth_request /auth;",
                           locations="location = /auth { stillwatch off; auth_request off; internal; return 204; }")
        self.assertEqual([client.post(CHAT, {**ASK, "max_tokens": 60}).status for _ in range(3)], [200, 429, 429])
        facts = 1  # of the account
        self.assertEqual(records.read_rings(self.state).ring["written"], facts + 3)

    # Decisions

    def test_decisions_count_at_once_and_a_release_ends_them(self):
        client = self.open(key=self.state.key("acct_1"))
        for action, status in (("suspend", 403), ("verify", 403), ("observe", 200)):
            self.state.decide("acct_1", action)
            self.assertEqual(client.post(CHAT, ASK).status, status, action)
        self.state.decide("acct_1", "suspend")
        self.state.run("decision", "release", "acct_1", "--reason", "A mistake.")
        self.assertEqual(client.post(CHAT, ASK).status, 200)

    def test_a_clock_that_steps_lifts_no_rate_and_binds_decisions_by_their_end(self):
        client = self.open("version: 1\nlimits: {key: {requests_per_minute: 3}}\n", directives="stillwatch_time $http_x_time;",
                           key=self.state.key("acct_1"))
        self.state.run("decision", "set", "acct_1", "suspend", "--days", "1", "--reason", "For a test.")
        now, day = int(time.time() * 1000), 86400000
        asked = [client.post(CHAT, ASK, x_time=str(now + days * day)).status for days in (0, -10, 2, 2, -10, 2, 2)]
        self.assertEqual(asked, [403, 403, 200, 200, 403, 200, 429])

    def test_throttle_lets_few_pass(self):
        client = self.open("version: 1\nthrottle: {requests_per_minute: 2, burst_seconds: 60}\n", key=self.state.key("acct_1"))
        self.state.decide("acct_1", "throttle")
        self.assertEqual([client.post(CHAT, ASK).status for _ in range(3)], [200, 200, 429])

    def test_restrict_rewrites_what_reaches_the_model(self):
        client = self.open("version: 1\nrestrict: {output_tokens: 30}\n", key=self.state.key("acct_1"))
        self.state.decide("acct_1", "restrict")
        full = {**ASK, "logprobs": True, "top_logprobs": 5, "n": 4, "max_tokens": 9000, "temperature": 0.5, "seed": 7}
        self.assertEqual(client.post(CHAT, full).status, 200)
        self.assertEqual(self.model.last()["json"], {**ASK, "max_tokens": 30, "temperature": 0.5, "seed": 7})
        self.assertEqual(client.post(CHAT, {**ASK, "max_tokens": 20}).status, 200)
        self.assertEqual(self.model.last()["json"], {**ASK, "max_tokens": 20})
        self.assertEqual(client.post(CHAT, ASK).status, 200)
        self.assertEqual(self.model.last()["json"], {**ASK, "max_completion_tokens": 30})
        thinking = {**ASK_MESSAGES, "max_tokens": 4000, "thinking": {"type": "enabled", "budget_tokens": 1024}}
        self.assertEqual(client.post(MESSAGES, thinking).status, 200)
        self.assertEqual(self.model.last()["json"], {**ASK_MESSAGES, "max_tokens": 30})
        encrypted = {**ASK_RESPONSES, "include": ["reasoning.encrypted_content"], "reasoning": {"effort": "high"}}
        self.assertEqual(client.post(RESPONSES, encrypted).status, 200)
        self.assertEqual(self.model.last()["json"], {**ASK_RESPONSES, "max_output_tokens": 30})

    def test_a_dry_run_changes_nothing(self):
        client = self.open("version: 1\nthrottle: {requests_per_minute: 1}\n", directives="stillwatch dry_run on;",
                           key=self.state.key("acct_1"))
        full = {**ASK, "logprobs": True, "n": 2}
        for action in ("suspend", "restrict", "throttle", "throttle"):
            self.state.decide("acct_1", action)
            self.assertEqual(client.post(CHAT, full).status, 200, action)
            self.assertEqual(self.model.last()["json"], full)
        self.assertIsNone(client.post(CHAT, full).headers["ratelimit"])
        client.key = None
        self.assertEqual(client.post(CHAT, full).status, 200)
        self.assertIn("dry run: urn:stillwatch:problem:suspended", self.nginx.error_log())

    # The same question, asked by another proxy

    def test_the_check_endpoint_answers_200_401_and_403_and_says_the_rest_in_headers(self):
        client = self.open("version: 1\nlimits: {key: {requests_per_minute: 1}}\n", key=self.state.key("acct_1"),
                           locations="location = /check { stillwatch_check; }")
        answer = client.get("/check")
        self.assertEqual((answer.status, answer.headers["x-stillwatch-account"]), (200, "acct_1"))
        answer = client.get("/check")
        self.assertEqual((answer.status, answer.headers["x-stillwatch-status"], answer.headers["retry-after"]), (403, "429", "60"))
        client.key = None
        self.assertEqual(client.get("/check").status, 401)

    def test_an_if_within_the_check_location_leaves_it_one(self):
        client = self.open("version: 1\nlimits: {key: {requests_per_minute: 1}}\n", key=self.state.key("acct_1"),
                           locations="location = /check { stillwatch_check; if ($arg_a) { set $b 1; } }")
        self.assertEqual([client.get("/check?a=1").status for _ in range(2)], [200, 403])

    # Failures

    def test_an_error_page_behind_the_gate_leaves_no_connection_open(self):
        client = self.open(key=self.state.key("acct_1"), directives="error_page 400 413 /sorry.html; client_max_body_size 1k;",
                           locations="location = /sorry.html { root /nowhere; }", log_level="crit")
        for _ in range(5):
            head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.key}\r\nTransfer-Encoding: chunked\r\n\r\n"
            answer = exchange(self.nginx.port, head.encode() + b"zz\r\n", timeout=3)
            self.assertIn(b"HTTP/1.1 4", answer)

    def test_another_table_in_its_place_is_opened(self):
        client = self.open(key=self.state.key("acct_1"))
        self.assertEqual(client.post(CHAT, ASK).status, 200)
        (self.state.folder / "table").rename(self.state.folder / "table.old")
        client.key = self.state.key("acct_2")
        wait_until(lambda: client.post(CHAT, ASK).status == 200, what="the new table")

    def test_a_country_that_the_tier_is_denied_is_451(self):
        self.state.account("acct_free", tier="free")
        places = database({"198.51.100.0/24": {"country": {"iso_code": "XX"}}, "192.0.2.0/24": {"country_code": "DE"},
                           "2001:db8::/32": {"country": {"iso_code": "XX"}}})
        client = self.open("version: 1\ntiers: {free: {deny_countries: [XX]}}\n", key=self.state.key("acct_free"),
                           http="stillwatch_country_db places.mmdb;", directives="stillwatch_trusted_proxy 127.0.0.1;",
                           files={"places.mmdb": places})
        for address, status in (("198.51.100.7", 451), ("192.0.2.7", 200), ("203.0.113.7", 200), ("2001:db8::7", 451),
                                ("::ffff:198.51.100.7", 451)):
            self.assertEqual(client.post(CHAT, ASK, x_forwarded_for=address).status, status, address)

    def test_addresses_that_come_again_and_more_than_are_remembered_are_judged_each_by_its_own_place(self):
        self.state.account("acct_free", tier="free")
        places = database({"198.18.0.0/16": {"country": {"iso_code": "XX"}}})
        client = self.open("version: 1\ntiers: {free: {deny_countries: [XX]}}\n", key=self.state.key("acct_free"),
                           http="stillwatch_country_db places.mmdb;", directives="stillwatch_trusted_proxy 127.0.0.1;",
                           files={"places.mmdb": places})
        ends = [f"{i // 250}.{i % 250}" for i in range(750)]
        for end in ends + ends[:50]:
            for half, status in ((18, 451), (19, 200)):
                address = f"198.{half}.{end}"
                self.assertEqual(client.post(CHAT, ASK, x_forwarded_for=address).status, status, address)

    def test_a_database_that_is_none_keeps_nginx_from_starting(self):
        with self.assertRaisesRegex(AssertionError, "stillwatch_country_db"):
            self.open(http="stillwatch_country_db places.mmdb;", files={"places.mmdb": b"nothing like it" * 100})

    def test_rules_on_places_that_nothing_tells_are_refused(self):
        for rule, wanted in (("deny_networks: [vpn]", "stillwatch_networks"), ("deny_countries: [XX]", "stillwatch_country_db")):
            with self.assertRaisesRegex(AssertionError, f"{wanted} is needed"):
                self.open(f"version: 1\ntiers: {{free: {{{rule}}}}}\n")

    def test_of_a_prefix_named_twice_the_later_line_counts(self):
        self.state.account("acct_free", tier="free")
        client = self.open("version: 1\ntiers: {free: {deny_networks: [vpn]}}\n", key=self.state.key("acct_free"),
                           http="stillwatch_networks networks.conf;", directives="stillwatch_trusted_proxy 127.0.0.1;",
                           files={"networks.conf": "office 198.51.100.0/24;\nvpn 198.51.100.0/24;\nhome 2001:db8::/32;\nvpn 2001:db8::/32;\n"})
        for address in ("198.51.100.7", "2001:db8::7"):
            self.assertEqual(client.post(CHAT, ASK, x_forwarded_for=address).status, 403, address)

    def test_without_a_table_the_gate_is_closed_unless_it_was_told_otherwise(self):
        with State() as empty:
            for path in (empty.folder / "table").iterdir():
                path.unlink()
            (empty.folder / "table").rmdir()
            self.state = empty
            client = self.open(key="sk-whatever-it-may-be")
            self.nginx.allow("stillwatch")
            self.refused(client.post(CHAT, ASK), 503)
            client = self.open(key="sk-whatever-it-may-be", directives="stillwatch_fail_closed none;")
            self.nginx.allow("stillwatch")
            self.assertEqual(client.post(CHAT, ASK).status, 200)

    def test_a_table_that_comes_later_is_found(self):
        with State() as late:
            hidden = late.folder / "hidden"
            (late.folder / "table").rename(hidden)
            self.state = late
            client = self.open(key="sk-whatever-it-may-be")
            self.nginx.allow("stillwatch")
            self.assertEqual(client.post(CHAT, ASK).status, 503)
            hidden.rename(late.folder / "table")
            client.key = late.key("acct_1")
            wait_until(lambda: client.post(CHAT, ASK).status == 200, what="the table")

    def test_rules_that_are_wrong_keep_nginx_from_starting_and_say_why(self):
        with self.assertRaisesRegex(AssertionError, r'rules.yaml", line 2, column .*: tiers.free must be a group'):
            self.open("version: 1\ntiers: {free: yes}\n")


if __name__ == "__main__":
    tap.main()
