-- What was answered to a request with an Idempotency-Key, kept for a day.

CREATE TABLE idempotency_keys (
  principal TEXT NOT NULL,
  key VARCHAR(255) NOT NULL,
  fingerprint TEXT NOT NULL, -- of the request: method, path and body
  answer JSON NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
