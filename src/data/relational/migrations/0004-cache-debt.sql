-- Changes delivered while the cache could not be reached: it owes a flush when incurred is past settled.
-- Both only grow, so a settlement cannot cancel a debt that was incurred after the flush began.

CREATE TABLE cache_debt (
  single BOOLEAN PRIMARY KEY DEFAULT true CHECK (single),
  incurred BIGINT NOT NULL,
  settled BIGINT NOT NULL
);
INSERT INTO cache_debt (incurred, settled) VALUES (0, 0);
