-- How far a bulk load has come, written in the transaction of each batch. A row stays until its load is finished.

CREATE TABLE loads (
  digest TEXT PRIMARY KEY, -- SHA-256 of the file
  line BIGINT NOT NULL,
  byte BIGINT NOT NULL,
  loaded BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  bad BIGINT NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- Whether the sample data was loaded, so that it is loaded once and never comes back after it was deleted.
CREATE TABLE samples (
  name TEXT PRIMARY KEY,
  loaded_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
