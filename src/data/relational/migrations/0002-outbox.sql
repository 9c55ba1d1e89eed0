-- Changes not yet delivered, written in the transaction that made them. An entity's changes are delivered in the order
-- of their versions, so that pair is the key; position gives the order between entities.

CREATE TABLE outbox (
  position BIGSERIAL,
  entity_id UUID NOT NULL,
  version BIGINT NOT NULL,
  entity JSON, -- as entity_json says; null for a deletion
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (entity_id, version)
) WITH (
  -- Rows live for milliseconds: vacuum by their number, not by a share, and without pauses.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX outbox_position ON outbox (position);

-- Statement triggers see all rows of a statement at once: a bulk load writes its changes in one go. Listeners get one
-- notification a transaction, however many statements it had.
CREATE FUNCTION record_inserted_entities() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM inserted) THEN
    RETURN NULL;
  END IF;
  -- The id was deleted between numbering the row and storing it: its version would go back.
  IF EXISTS (SELECT FROM inserted JOIN entity_tombstones AS tombstone USING (id) WHERE tombstone.version >= inserted.version) THEN
    RAISE EXCEPTION 'the entity was deleted at the same time' USING ERRCODE = 'serialization_failure';
  END IF;
  -- An older snapshot does not show that deletion's tombstone; writing to it does, as a serialization failure.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    INSERT INTO entity_tombstones AS tombstone (id, version) SELECT id, 0 FROM inserted
    ON CONFLICT (id) DO UPDATE SET version = tombstone.version;
  END IF;
  INSERT INTO outbox (entity_id, version, entity)
    SELECT id, version, entity_json(inserted::entities) FROM inserted;
  PERFORM pg_notify('outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER record_inserted_entities AFTER INSERT ON entities REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION record_inserted_entities();

CREATE FUNCTION record_updated_entities() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox (entity_id, version, entity)
    SELECT id, version, entity_json(updated::entities) FROM updated;
  IF FOUND THEN
    PERFORM pg_notify('outbox', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER record_updated_entities AFTER UPDATE ON entities REFERENCING NEW TABLE AS updated
  FOR EACH STATEMENT EXECUTE FUNCTION record_updated_entities();

CREATE FUNCTION record_deleted_entities() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO entity_tombstones (id, version)
    SELECT id, version + 1 FROM deleted
    ON CONFLICT (id) DO UPDATE SET version = excluded.version;
  INSERT INTO outbox (entity_id, version)
    SELECT id, version + 1 FROM deleted;
  IF FOUND THEN
    PERFORM pg_notify('outbox', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER record_deleted_entities AFTER DELETE ON entities REFERENCING OLD TABLE AS deleted
  FOR EACH STATEMENT EXECUTE FUNCTION record_deleted_entities();
